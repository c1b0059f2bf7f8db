"""The rate tables, written by people and programs: every version is kept, for it explains old decisions."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.events import emit
from quartermaster.events import RatesChanged
from quartermaster.shipping.queries.tables import TABLES
from quartermaster.shipping.rules import Tables, check


def write_tables(
    tables: Tables, *, because: str, version: int | None = None, at: datetime, by: str
) -> Tables:
    """Put a new version of the rate tables in force; its number is given here, whatever `tables` says. Raises
    Invalid with every problem in words.

    `version` is the one it was made from: VersionMoved when another has come into force since.
    """
    with transaction.atomic():
        number = next_version(TABLES, version)
        written = replace(tables, version=number.version)
        wrong = {f"tables {n}": problem for n, problem in enumerate(check(written), 1)}
        write_version(TABLES, number, written, wrong=wrong, because=because, at=at, by=by)
        emit([RatesChanged(subject="rates", at=at, actor=by, version=written.version, because=because)])
    return written
