"""What is wanted beyond prices, written by itself: a version of the rate tables that changes nothing else."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from quartermaster.shipping.actions.write_tables import write_tables
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import Tables
from quartermaster.shipping.rules.preferences import Preference


def write_preferences(
    preferences: Sequence[Preference], *, because: str, version: int | None, at: datetime, by: str
) -> Tables:
    """Raises Invalid with every problem in words, and VersionMoved when `version` is not in force."""
    tables = tables_in_force().tables
    wanted = replace(tables, preferences=tuple(preferences))
    basis = tables.version if version is None else version
    return write_tables(wanted, because=because, version=basis, at=at, by=by)
