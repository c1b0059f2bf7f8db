"""How long the floor may take, written by people and programs: every version is kept."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.events import emit
from quartermaster.events import TargetsChanged
from quartermaster.warehouse.queries.timers import TARGETS
from quartermaster.warehouse.rules.timers import Targets, errors_in


def write_targets(
    targets: Targets, *, because: str, version: int | None = None, at: datetime, by: str
) -> Targets:
    """Put a new version in force for timers that start from now on. Raises Invalid with every problem, and
    VersionMoved when another than `version` has come into force."""
    with transaction.atomic():
        number = next_version(TARGETS, version)
        written = replace(targets, version=number.version)
        write_version(TARGETS, number, written, wrong=errors_in(written), because=because, at=at, by=by)
        told = TargetsChanged(subject="targets", at=at, actor=by, version=written.version, because=because)
        emit([told])
    return written
