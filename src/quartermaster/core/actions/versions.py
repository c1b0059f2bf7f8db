"""Write the next version of a document, unless somebody else has meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.queries.versions import Document, in_force


class VersionMoved(Refused):
    code = "version-conflict"
    message = "{name} is at version {version} now, not at {yours}."
    remedy = "Read version {version}, make the change there, and send it again."


class Next(NamedTuple):
    """The version that may be written; nobody else writes one before the transaction ends."""

    version: int


_WRITE = """
insert into {table} (version, {column}, because, actor, {moment}) values (%s, %s::jsonb, %s, %s, %s)
"""


def next_version[T](document: Document[T], basis: int | None) -> Next:
    """Lock the document for writing. `basis` is the version the change was made from; None asks nothing.
    Inside the caller's transaction. Raises VersionMoved when another than `basis` is in force."""
    sql.run(f"lock table {document.table} in exclusive mode")
    before = in_force(document).version
    if basis is not None and basis != before:
        raise VersionMoved(name=document.name, version=before, yours=basis)
    return Next(before + 1)


def write_version[T](
    document: Document[T],
    number: Next,
    content: T,
    *,
    wrong: Mapping[str, str],
    because: str,
    at: datetime,
    by: str,
) -> int:
    """Put `content` in force under the number that was locked. `wrong` is what its rules find, field by
    field. Raises Invalid with all of it, and when nobody says why."""
    errors = dict(wrong) if because.strip() else {**wrong, "because": "say why"}
    if errors:
        raise Invalid(what=document.name, errors=errors)
    names = {"table": document.table, "column": document.column, "moment": document.moment}
    text = msgspec.json.encode(content).decode()
    sql.run(_WRITE.format(**names), (number.version, text, because.strip(), by, at))
    return number.version
