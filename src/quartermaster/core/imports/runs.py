"""The record of imports: which file, when, by whom, what came of it, what it made."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.imports.kinds import Made
from quartermaster.core.imports.run import Report

UNDO_FOR: Final = timedelta(hours=24)

BEGIN: Final = 'insert into core_import (kind, file, at, "by") values (%s, %s, %s, %s) returning id'
MADE: Final = "insert into core_import_made (made_by_id, what, ids) values (%s, %s, %s::jsonb)"
FINISH: Final = """
update core_import set finished_at = now(), rows = %s, changed = %s, known = %s, refused = %s where id = %s
"""
LAST: Final = """
select i.id, i.kind, i.file, i.at, i."by", i.finished_at, i.rows, i.changed, i.known, i.refused,
  i.withdrawn_at, coalesce((
    select jsonb_object_agg(what, count) from (
      select what, sum(jsonb_array_length(ids)) as count from core_import_made where made_by_id = i.id
      group by what) m), '{}')::text
from core_import i order by i.id desc limit %s
"""
LOCK: Final = """
select id, kind, file, at, withdrawn_at, changed from core_import where id = %s for update
"""
IDS: Final = """
select what, array_agg(one::bigint order by one::bigint)
from core_import_made, jsonb_array_elements_text(ids) one
where made_by_id = %s group by what
"""
FORGET: Final = "delete from core_import_made where made_by_id = %s"
WITHDRAW: Final = "update core_import set withdrawn_at = %s, withdrawn_by = %s where id = %s"


class TooLateToUndo(Refused):
    code = "too-late-to-undo"
    message = "Import {number} of {file} is older than 24 hours."
    remedy = "Correct what is wrong by importing a corrected file."


class UndoneBefore(Refused):
    code = "undone-before"
    message = "Import {number} of {file} has been undone already."
    remedy = "There is nothing left to undo."


class Imported(NamedTuple):
    """One import. made: what it made, counted."""

    id: int
    kind: str
    file: str
    at: datetime
    by: str
    finished_at: datetime | None
    rows: int
    changed: int
    known: int
    refused: int
    withdrawn_at: datetime | None
    made: Mapping[str, int]


class ToUndo(NamedTuple):
    id: int
    kind: str
    file: str
    at: datetime
    changed: int
    made: Mapping[str, Sequence[int]]  # what -> ids
    left: Mapping[str, str] = {}  # what of it was not taken back, and why


def begin(kind: str, file: str, *, at: datetime, by: str) -> int:
    """Note that an import begins; answers its number."""
    return int(sql.run(BEGIN, (kind, file, at, by))[0][0])


def keep(import_id: int, made: Sequence[Made]) -> None:
    """Remember what a batch made, in its transaction."""
    sorts: dict[str, list[int]] = {}
    for what, one in made:
        sorts.setdefault(what, []).append(one)
    for what, ids in sorts.items():
        sql.run(MADE, (import_id, what, json.dumps(ids)))


def finish(import_id: int, report: Report) -> None:
    sql.run(FINISH, (report.rows, report.changed, report.known, report.refused, import_id))


def latest(limit: int = 50) -> list[Imported]:
    return [Imported(*row)._replace(made=json.loads(row[-1])) for row in sql.run(LAST, (limit,))]


def to_undo(import_id: int, *, at: datetime) -> ToUndo:
    """Lock an import to undo it. Raises NotFound, TooLateToUndo, UndoneBefore."""
    for number, kind, file, begun_at, withdrawn_at, changed in sql.run(LOCK, (import_id,)):
        if withdrawn_at is not None:
            raise UndoneBefore(number=number, file=file)
        if at - begun_at > UNDO_FOR:
            raise TooLateToUndo(number=number, file=file)
        return ToUndo(number, kind, file, begun_at, changed, dict(sql.run(IDS, (number,))))
    raise NotFound(what="import", which=str(import_id))


def keep_left(done: ToUndo, gone: Collection[int]) -> None:
    """Some of what an import made was taken back: what is left can be taken back another time."""
    sql.run(FORGET, (done.id,))
    keep(done.id, [(what, one) for what, ids in done.made.items() for one in ids if one not in gone])


def undone(import_id: int, *, at: datetime, by: str) -> None:
    sql.run(WITHDRAW, (at, by, import_id))
