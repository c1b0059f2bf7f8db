"""Many SKUs changed at once, row by row, each kept with what it was: so all of it can be taken back.

Same rules as for one SKU. A row that is refused, or that somebody else changed meanwhile, stops no other.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction
from msgspec import json
from msgspec.structs import replace

from quartermaster.catalog import queries
from quartermaster.catalog.actions.outcomes import lock
from quartermaster.catalog.actions.save import save_skus
from quartermaster.catalog.queries.edits import edit_rows, versions
from quartermaster.catalog.rules.columns import read
from quartermaster.catalog.rules.edits import Edit, Planned, plan
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.imports.run import why
from quartermaster.core.moment import now
from quartermaster.core.texts import storable

ROWS_MAX = 5000  # applied at once; a longer file is taken in parts by the workers
PART = 1000


class UndoneAlready(Refused):
    code = "undone-already"
    message = "Change {number} has been taken back already."
    remedy = "Look at change {undo}, which did it; it can be taken back in turn."


class NotEnded(Refused):
    code = "edit-not-ended"
    message = "Change {number} is still under way."
    remedy = "Wait until all of its rows are taken."


BEGIN = """
insert into catalog_edit (kind, because, state, made_at, made_by, undoes_id, rows)
values (%(kind)s, %(because)s, %(state)s, %(at)s, %(by)s, %(undoes)s, %(rows)s) returning id
"""
ROWS = """
insert into catalog_edit_row (edit_id, sku_id, code, line, changes, refused, notes)
select %(edit)s, s.id, w.code, w.line, w.changes, w.refused, w.notes
from jsonb_to_recordset(%(rows)s::jsonb) as w(n int, code text, line int, changes jsonb, refused text,
  notes text)
left join catalog_sku s on s.code = w.code order by w.n
"""
COUNT = """
update catalog_edit set looked_at = looked_at + %(looked)s, changed = changed + %(changed)s,
  refused = refused + %(refused)s where id = %(edit)s
"""
END = "update catalog_edit set state = 'done', ended_at = %(at)s where id = %(edit)s"
NEXT = """
delete from catalog_edit_file where id = (
  select f.id from catalog_edit_file f join catalog_edit e on e.id = f.edit_id and e.state = 'waiting'
  order by f.id limit 1 for update of f, e skip locked)
returning edit_id, rows::text, not exists (
  select from catalog_edit_file o
  where o.edit_id = catalog_edit_file.edit_id and o.id > catalog_edit_file.id),
  (select made_by from catalog_edit e where e.id = edit_id)
"""
LOCK = "select state, kind from catalog_edit where id = %s for update"
UNDONE = "select id from catalog_edit where undoes_id = %s"
_rows = json.Decoder(list[Edit])


def preview(edits: Sequence[Edit]) -> list[Planned]:
    """What each row would come to, in their order; nothing is written. A barcode of another SKU is named."""
    found: list[Planned] = []
    for part in batched(edits, PART):
        found += _owned([planned for planned, _ in _planned(part)])
    return found


@transaction.atomic
def edit_skus(edits: Sequence[Edit], *, kind: str, because: str = "", at: datetime, by: str) -> int:
    """Apply the rows: those that can be, each with an event. Returns the change's number. Raises Invalid."""
    if not 0 < len(edits) <= ROWS_MAX:
        raise Invalid(what="The change", errors={"rows": f"1 to {ROWS_MAX} rows"})
    edit = begin(kind, because, len(edits), at=at, by=by)
    apply(edit, edits, at=at, by=by)
    sql.run(END, {"edit": edit, "at": at})
    return edit


def work_edits() -> int:
    """The chore: the next part of a file. Returns how many rows were looked at."""
    with transaction.atomic():
        found = sql.run(NEXT)
        if not found:
            return 0
        ((edit, rows, is_last, by),) = found
        part, at = _rows.decode(rows), now()
        apply(edit, part, at=at, by=by)
        if is_last:
            sql.run(END, {"edit": edit, "at": at})
    return len(part)


@transaction.atomic
def undo_edit(number: int, *, at: datetime, by: str) -> int:
    """Take a change back: what is still as it left it. Other rows are refused by name. Returns the number of
    the change that does it. Raises NotFound, UndoneAlready, NotEnded."""
    found = sql.run(LOCK, (number,))
    if not found:
        raise NotFound(what="change of products", which=str(number))
    if found[0][0] != "done":
        raise NotEnded(number=number)
    for (undo,) in sql.run(UNDONE, (number,)):
        raise UndoneAlready(number=number, undo=undo)
    back = [
        Edit(
            code=row.code,
            cells={name: before for name, (before, _) in row.changes.items()},
            expects={name: after for name, (_, after) in row.changes.items()},
        )
        for row in edit_rows(number)
        if not row.refused
    ]
    edit = begin("undo", f"Takes back change {number}.", len(back), at=at, by=by, undoes=number)
    for part in batched(back, PART):
        apply(edit, part, at=at, by=by)
    sql.run(END, {"edit": edit, "at": at})
    return edit


def apply(edit: int, edits: Sequence[Edit], *, at: datetime, by: str) -> None:
    """Rows of a change, in the caller's transaction."""
    lock()
    planned = _planned(edits)
    drafts = [draft for _, draft in planned if draft]
    saved = iter(save_skus(drafts, at=at, by=by, source=f"change {edit}") if drafts else [])
    rows: list[Planned] = []
    for row, draft in planned:
        refusal = next(saved).refused if draft else None
        rows.append(replace(row, refused=why(refusal)[:1000]) if refusal else row)
    keep_rows(edit, rows)


def keep_rows(edit: int, rows: Sequence[Planned]) -> None:
    """What became of rows, and how many they are, in the caller's transaction."""
    told = [row for row in rows if row.changes or row.refused or row.notes]
    if told:
        sql.run(ROWS, {"edit": edit, "rows": sql.rows(_row(n, row) for n, row in enumerate(told))})
    refused = sum(bool(row.refused) for row in rows)
    changed = sum(bool(row.changes) and not row.refused for row in rows)
    sql.run(COUNT, {"edit": edit, "looked": len(rows), "changed": changed, "refused": refused})


def begin(
    kind: str,
    because: str,
    rows: int,
    *,
    at: datetime,
    by: str,
    state: str = "done",
    undoes: int | None = None,
) -> int:
    """A change with no rows yet, in the caller's transaction. Returns its number."""
    facts = {"kind": kind, "because": storable(because)[:500], "state": state, "rows": rows}
    ((number,),) = sql.run(BEGIN, {**facts, "at": at, "by": by, "undoes": undoes})
    return int(number)


def _planned(edits: Sequence[Edit]) -> list[tuple[Planned, Draft | None]]:
    codes = {storable(edit.code) for edit in edits}
    known, counted = queries.states(codes), versions(codes)
    seen: set[str] = set()
    planned: list[tuple[Planned, Draft | None]] = []
    for edit in edits:
        state = known.get(edit.code)
        if edit.code in seen:
            planned.append(
                (Planned(code=edit.code, line=edit.line, refused="the SKU stands there twice"), None)
            )
            continue
        seen.add(edit.code)
        planned.append(plan(edit, state.facts if state else None, version=counted.get(edit.code, 0)))
    return planned


def _owned(rows: list[Planned]) -> list[Planned]:
    """A preview says of barcodes what saving would: one SKU each."""
    asked = {row.code: _codes(row) for row in rows if "barcodes" in row.changes and not row.refused}
    owners = queries.barcode_owners({code for codes in asked.values() for code in codes}) if asked else {}
    told = []
    for row in rows:
        taken = [
            (code, owners[code]) for code in asked.get(row.code, ()) if owners.get(code, row.code) != row.code
        ]
        refused = "; ".join(f"Barcode {code} belongs to {owner}." for code, owner in taken)
        told.append(replace(row, refused=refused) if refused else row)
    return told


def _codes(row: Planned) -> list[str]:
    packs = read("barcodes", row.changes["barcodes"][1])
    assert isinstance(packs, dict)
    return list(packs)


def _row(n: int, row: Planned) -> dict[str, object]:
    return {
        "n": n,
        "code": storable(row.code)[:255],
        "line": row.line,
        "changes": row.changes,
        "refused": row.refused,
        "notes": "; ".join(row.notes),
    }
