"""The packaging, written by people and programs: every version is kept, for it explains older parcels."""

from datetime import datetime

import msgspec
from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import PackagingChanged
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.rules.packaging import Packaging, check

WRITE = """
insert into warehouse_packaging (version, packaging, because, actor, created_at)
values (%s, %s::jsonb, %s, %s, %s)
"""


class PackagingMoved(Refused):
    code = "version-conflict"
    message = "The packaging is at version {version} now, not at {yours}."
    remedy = "Read version {version}, make the change there, and send it again."


def write_packaging(
    packaging: Packaging, *, because: str, version: int | None = None, at: datetime, by: str
) -> Packaging:
    """Put a new version in force; its number is given here, whatever `packaging` says. Raises Invalid with
    every problem in words, and PackagingMoved when another than `version` has come into force."""
    with transaction.atomic():
        sql.run("lock table warehouse_packaging in exclusive mode")
        before = packaging_in_force().packaging.version
        if version is not None and version != before:
            raise PackagingMoved(version=before, yours=version)
        written = replace(packaging, version=before + 1)
        errors = {f"packaging {n}": problem for n, problem in enumerate(check(written), 1)}
        if not because.strip():
            errors["because"] = "say why"
        if errors:
            raise Invalid(what="The packaging", errors=errors)
        sql.run(WRITE, (written.version, msgspec.json.encode(written).decode(), because, by, at))
        emit(
            [PackagingChanged(subject="packaging", at=at, actor=by, version=written.version, because=because)]
        )
    return written
