"""The packaging, written by people and programs: every version is kept, for it explains older parcels."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.events import emit
from quartermaster.events import PackagingChanged
from quartermaster.warehouse.queries.packaging import PACKAGING
from quartermaster.warehouse.rules.packaging import Packaging, check


def write_packaging(
    packaging: Packaging, *, because: str, version: int | None = None, at: datetime, by: str
) -> Packaging:
    """Put a new version in force; its number is given here, whatever `packaging` says. Raises Invalid with
    every problem in words, and VersionMoved when another than `version` has come into force."""
    with transaction.atomic():
        number = next_version(PACKAGING, version)
        written = replace(packaging, version=number.version)
        wrong = {f"packaging {n}": problem for n, problem in enumerate(check(written), 1)}
        write_version(PACKAGING, number, written, wrong=wrong, because=because, at=at, by=by)
        emit(
            [PackagingChanged(subject="packaging", at=at, actor=by, version=written.version, because=because)]
        )
    return written
