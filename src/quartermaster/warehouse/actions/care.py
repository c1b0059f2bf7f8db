"""Keep what people say of something late: the answer given last, and whose it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.care import errors_in
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.queries.assignee import person_of
from quartermaster.events import LateAnswered, LateAssigned
from quartermaster.warehouse.rules.care import rank, row_of

_GIVEN: Final = """jsonb_to_recordset(%(rows)s::jsonb) as n(parcel_id bigint, allocation_id bigint, kind text,
  rank int)"""
# By id, so that two people's answers meet in one sequence.
ANSWER: Final = f"""
insert into warehouse_care (parcel_id, allocation_id, answer, kind, rank, note, snoozed_until, answered_at,
  answered_by)
select n.parcel_id, n.allocation_id, %(answer)s, n.kind, n.rank, %(note)s, %(until)s, %(at)s, %(by)s
from {_GIVEN} order by n.parcel_id, n.allocation_id
on conflict ({{column}}) do update set answer = excluded.answer, kind = excluded.kind, rank = excluded.rank,
  note = excluded.note, snoozed_until = excluded.snoozed_until, answered_at = excluded.answered_at,
  answered_by = excluded.answered_by
"""  # noqa: S608 - constants only
ASSIGN: Final = f"""
insert into warehouse_care (parcel_id, allocation_id, assignee)
select n.parcel_id, n.allocation_id, %(assignee)s from {_GIVEN} order by n.parcel_id, n.allocation_id
on conflict ({{column}}) do update set assignee = excluded.assignee
"""  # noqa: S608 - constants only
COLUMNS: Final = ("parcel_id", "allocation_id")


class Late(msgspec.Struct, frozen=True):
    """A row with its order, and the rung it is listed on."""

    row: str
    order_id: int
    kind: str


def keep_answers(
    rows: Sequence[Late], *, answer: str, note: str, until: datetime | None, at: datetime, by: str
) -> None:
    """Acknowledge, snooze until a moment, or take either back ("open"), for all of them. Raises Invalid."""
    if errors := errors_in(answer, note, until, at):
        raise Invalid(what="The answer", errors=errors)
    kept = "" if answer == "open" else answer
    asked: dict[str, object] = {"answer": kept, "note": note.strip(), "until": until, "at": at, "by": by}
    with transaction.atomic():
        _each_column(ANSWER, rows, asked, is_open=not kept)
        emit(
            LateAnswered(
                subject=f"order:SO-{one.order_id}",
                at=at,
                actor=by,
                order_id=one.order_id,
                row=one.row,
                late_as=one.kind,
                answer=answer,
                note=note.strip(),
                until=until,
            )
            for one in rows
        )


def keep_assignee(rows: Sequence[Late], assignee: str, *, at: datetime, by: str) -> None:
    """Give them to somebody ("user:3"), or to nobody (""). Raises Invalid for who may not come in."""
    person = person_of(assignee)
    with transaction.atomic():
        _each_column(ASSIGN, rows, {"assignee": assignee}, is_open=False)
        emit(
            LateAssigned(
                subject=f"order:SO-{one.order_id}",
                at=at,
                actor=by,
                order_id=one.order_id,
                row=one.row,
                assignee=assignee,
                person=person,
            )
            for one in rows
        )


def _each_column(statement: str, rows: Sequence[Late], asked: dict[str, object], *, is_open: bool) -> None:
    """Parcels, then parts: each is known by a column of its own."""
    given: dict[str, list[dict[str, object]]] = {column: [] for column in COLUMNS}
    for one in rows:
        read = row_of(one.row)
        assert read is not None, "named by a list"
        column = COLUMNS[read.ladder == "A"]
        place = 0 if is_open else rank(read.ladder, one.kind)
        given[column].append({column: read.id, "kind": one.kind, "rank": place})
    for column, told in given.items():
        if told:
            sql.run(statement.format(column=column), {**asked, "rows": sql.rows(told)})
