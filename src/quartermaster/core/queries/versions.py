"""Documents of which every version is kept, because it explains what was decided by it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound


class Document[T](msgspec.Struct, frozen=True):
    """A table of versions: `version`, the content as JSON in `column`, because, actor, and when in `moment`.

    `first` is in force, as `first_version`, while nobody has written one; `because` says why it is so.
    """

    name: str  # as people call it: "The packaging"
    table: str
    column: str
    shape: Any  # what msgspec decodes the content as: T
    first: T
    because: str
    first_version: int = 1
    moment: str = "created_at"


class Version[T](msgspec.Struct, frozen=True):
    """`made_at` is None for what we start with."""

    version: int
    content: T
    because: str
    actor: str
    made_at: datetime | None


_NEWEST = """
select version, {column}::text, because, actor, {moment} from {table}
where %(version)s::int is null or version = %(version)s order by version desc limit 1
"""


def in_force[T](document: Document[T]) -> Version[T]:
    """The highest version; what we start with while nobody has changed it."""
    return _read(document, None) or _first(document)


def version_of[T](document: Document[T], version: int) -> Version[T]:
    """One version. Raises NotFound."""
    found = _read(document, version)
    if found is not None:
        return found
    if version == document.first_version:
        return _first(document)
    raise NotFound(what=f"version of {document.name[:1].lower()}{document.name[1:]}", which=version)


def history[T](document: Document[T], limit: int = 20) -> list[Version[T]]:
    """The newest versions first, those that people or programs wrote."""
    query = _NEWEST.format(**_names(document)).replace("limit 1", "limit %(limit)s")
    rows = sql.run(query, {"version": None, "limit": limit})
    return [Version(row[0], msgspec.json.decode(row[1], type=document.shape), *row[2:]) for row in rows]


def _first[T](document: Document[T]) -> Version[T]:
    return Version(document.first_version, document.first, document.because, "system", None)


def _read[T](document: Document[T], version: int | None) -> Version[T] | None:
    query = _NEWEST.format(**_names(document))
    for number, text, because, actor, made_at in sql.run(query, {"version": version}):
        return Version(number, msgspec.json.decode(text, type=document.shape), because, actor, made_at)
    return None


def _names(document: Document[Any]) -> Mapping[str, str]:
    """Of the table and its columns: written in our sources, never told by anybody."""
    return {"table": document.table, "column": document.column, "moment": document.moment}
