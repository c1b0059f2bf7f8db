"""Changes of many SKUs, and the tables they are made in."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.texts import storable

VERSIONS = "select code, version from catalog_sku where code = any(%s)"
EDITS = """
select row_to_json(r)::text from (
  select e.id, e.kind, e.because, e.state, e.made_at, e.made_by, e.ended_at, e.undoes_id as undoes,
    u.id as undone_by, e.rows, e.looked_at, e.changed, e.refused
  from catalog_edit e left join catalog_edit u on u.undoes_id = e.id
  where {which} order by e.id desc limit %(limit)s) r
"""
ROWS = """
select row_to_json(r)::text from (
  select id, code, line, changes, refused, notes from catalog_edit_row
  where edit_id = %(edit)s and id > %(after)s and (not %(only)s or refused <> '')
  order by id limit %(limit)s) r
"""


class EditShown(msgspec.Struct, frozen=True):
    """A change of many SKUs. kind: table, file, fix, listing (what a listing says was taken over), undo.
    looked_at: how many of its rows are done, while it is under way."""

    id: int
    kind: str
    because: str
    state: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    undoes: int | None
    undone_by: int | None
    rows: int
    looked_at: int
    changed: int
    refused: int


class EditRowShown(msgspec.Struct, frozen=True):
    """changes: column -> (before, after) as text; of a refused row what it wanted."""

    id: int
    code: str
    line: int | None
    changes: dict[str, tuple[str, str]]
    refused: str
    notes: str


_edit = msgspec.json.Decoder(EditShown)
_row = msgspec.json.Decoder(EditRowShown)


def versions(codes: Iterable[str]) -> dict[str, int]:
    """How often each SKU was changed; those that are not there are absent."""
    return dict(sql.run(VERSIONS, ([storable(code) for code in codes],)))


def edits(*, after: str = "", limit: int = LIMIT) -> Page[EditShown]:
    """The newest first."""
    asked = {"after": position(after), "limit": limit + 1}
    found = sql.run(
        EDITS.format(which="e.state <> 'asked' and (%(after)s::bigint is null or e.id < %(after)s)"), asked
    )
    return cut([_edit.decode(row) for (row,) in found], limit, lambda one: one.id)


def edit(number: int) -> EditShown:
    """Raises NotFound."""
    for (row,) in sql.run(EDITS.format(which="e.id = %(id)s"), {"id": number, "limit": 1}):
        return _edit.decode(row)
    raise NotFound(what="change of products", which=str(number))


def edit_rows(
    number: int, *, only_refused: bool = False, after: str = "", limit: int = 10**6
) -> list[EditRowShown]:
    """Its rows that changed something, were refused or have a note, in their order."""
    asked = {"edit": number, "after": position(after) or 0, "only": only_refused, "limit": limit}
    return [_row.decode(row) for (row,) in sql.run(ROWS, asked)]


OF_SKU = """
select json_build_array(row_to_json(r), row_to_json(e))::text from (
  select x.id, x.edit_id, x.code, x.line, x.changes, x.refused, x.notes from catalog_edit_row x
  where x.sku_id = (select id from catalog_sku where code = %(code)s) order by x.id desc limit %(limit)s) r
join (
  select e.*, e.undoes_id as undoes, u.id as undone_by
  from catalog_edit e left join catalog_edit u on u.undoes_id = e.id) e on e.id = r.edit_id order by r.id desc
"""
_pair = msgspec.json.Decoder(tuple[EditRowShown, EditShown])


def changes_of(code: str, *, limit: int = 10) -> list[tuple[EditRowShown, EditShown]]:
    """What was changed of a SKU by such changes, the newest first."""
    return [_pair.decode(row) for (row,) in sql.run(OF_SKU, {"code": code, "limit": limit})]
