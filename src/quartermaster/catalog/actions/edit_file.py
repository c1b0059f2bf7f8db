"""A file of edited products: looked at first, then applied, the long ones by the workers in parts.

Rows that change nothing are not kept: what is applied is what was looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from msgspec import json

from quartermaster.catalog.actions.edit import PART, apply, begin, keep_rows, preview
from quartermaster.catalog.rules.edits import Edit, Planned
from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.river import signal

FORGOTTEN = timedelta(days=2)

KEEP = "insert into catalog_edit_file (edit_id, rows) values (%s, %s::jsonb)"
KEPT = "select rows::text from catalog_edit_file where edit_id = %s order by id"
LOCK = "select state, rows from catalog_edit where id = %s and kind = 'file' for update"
WAIT = "update catalog_edit set state = 'waiting', made_at = %s, made_by = %s where id = %s"
END = "update catalog_edit set state = 'done', ended_at = %(at)s where id = %(edit)s"
GONE = "delete from catalog_edit_file where edit_id = %s"
FORGET = "delete from catalog_edit where state = 'asked' and made_at < %s"
_rows = json.Decoder(list[Edit])


class AppliedAlready(Refused):
    code = "file-applied-already"
    message = "The file was applied already, as change {number}."
    remedy = "Look at that change; it can be taken back."


@transaction.atomic
def ask_file(
    edits: Sequence[Edit], wrong: Mapping[int, str] = {}, *, because: str, at: datetime, by: str
) -> int:
    """Keep what a file would change, and change nothing. wrong: line -> why it cannot be taken; its row is
    refused already. Returns the number the change will have."""
    kept = [edit for edit, row in zip(edits, preview(edits), strict=True) if _says_something(row)]
    edit = begin("file", because, len(kept) + len(wrong), at=at, by=by, state="asked")
    for part in batched(kept, PART):
        sql.run(KEEP, (edit, sql.rows(part)))
    keep_rows(edit, [Planned(code="", refused=why, line=line) for line, why in wrong.items()])
    return edit


def asked_rows(number: int, *, limit: int) -> list[Planned]:
    """What the first rows of a file come to now. Raises NotFound."""
    with transaction.atomic():
        _state(number)
    found: list[Edit] = []
    for (rows,) in sql.run(KEPT, (number,)):
        found += _rows.decode(rows)
        if len(found) >= limit:
            break
    return preview(found[:limit])


@transaction.atomic
def apply_file(number: int, *, at: datetime, by: str) -> None:
    """Apply a file: at once when it is short, else the workers do. Raises NotFound, AppliedAlready."""
    if _state(number) != "asked":
        raise AppliedAlready(number=number)
    parts = sql.run(KEPT, (number,))
    sql.run(WAIT, (at, by, number))
    if len(parts) > 1:
        transaction.on_commit(signal.wake)
        return
    for (rows,) in parts:
        apply(number, _rows.decode(rows), at=at, by=by)
    sql.run(GONE, (number,))
    sql.run(END, {"edit": number, "at": at})


@transaction.atomic
def forget_asked(*, at: datetime) -> int:
    """Files that nobody applied. Returns how many."""
    return sql.change(FORGET, (at - FORGOTTEN,))


def _state(number: int) -> str:
    for state, _ in sql.run(LOCK, (number,)):
        return str(state)
    raise NotFound(what="file of products", which=str(number))


def _says_something(row: Planned) -> bool:
    return bool(row.changes or row.refused or row.notes)
