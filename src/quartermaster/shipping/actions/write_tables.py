"""The rate tables, written by people and programs: every version is kept, for it explains old decisions."""

from datetime import datetime

import msgspec
from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import RatesChanged
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import Tables, check

WRITE = """
insert into shipping_rate_table (version, tables, because, actor, created_at)
values (%s, %s::jsonb, %s, %s, %s)
"""


class TablesMoved(Refused):
    code = "version-conflict"
    message = "The rate tables are at version {version} now, not at {yours}."
    remedy = "Read version {version}, make the change there, and send it again."


def write_tables(
    tables: Tables, *, because: str, version: int | None = None, at: datetime, by: str
) -> Tables:
    """Put a new version of the rate tables in force; its number is given here, whatever `tables` says. Raises
    Invalid with every problem in words.

    `version` is the one it was made from: TablesMoved when another has come into force since.
    """
    with transaction.atomic():
        sql.run("lock table shipping_rate_table in exclusive mode")
        before = tables_in_force().tables.version
        if version is not None and version != before:
            raise TablesMoved(version=before, yours=version)
        written = replace(tables, version=before + 1)
        errors = {f"tables {n}": problem for n, problem in enumerate(check(written), 1)}
        if not because.strip():
            errors["because"] = "say why"
        if errors:
            raise Invalid(what="The rate tables", errors=errors)
        sql.run(WRITE, (written.version, msgspec.json.encode(written).decode(), because, by, at))
        emit([RatesChanged(subject="rates", at=at, actor=by, version=written.version, because=because)])
    return written
