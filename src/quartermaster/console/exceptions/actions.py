"""Say something of exceptions: known, later, mine; and take it back. Each row, each exception by itself."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from django.db import transaction

from quartermaster.console.care import names_of
from quartermaster.console.causes.queries import CAUSES
from quartermaster.console.exceptions.chosen import AT_ONCE, OPEN, Chosen, Shown, Waits, waiting
from quartermaster.console.people.queries import standing
from quartermaster.core import sql
from quartermaster.core.care import ROWS_MAX, errors_in
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import Event, emit
from quartermaster.core.queries.assignee import person_of
from quartermaster.events import ExceptionActUndone, ExceptionAnswered, ExceptionAssigned

SEES: Final = "orders:read"  # what somebody must be allowed who is given an exception
FORGOTTEN_AFTER: Final = timedelta(days=400)

# In one order, so that two people's acts meet in one sequence. A row that somebody else changed after one
# looked is left as it is: it is not returned.
_KEEP: Final = """
insert into console_exception_care as k (cause, of, act, {columns}, changed_at, changed_by, turn)
select n.cause, n.of, n.act, {values}, %(at)s, %(by)s, %(turn)s::uuid
from jsonb_to_recordset(%(rows)s::jsonb) as n(cause text, of text, act text, minor bigint)
order by n.cause, n.act, n.of
on conflict (cause, act, of) do update set {sets}, changed_at = excluded.changed_at,
  changed_by = excluded.changed_by, turn = excluded.turn, was = jsonb_build_object('assignee', k.assignee,
    'answer', k.answer, 'minor', k.minor, 'note', k.note, 'snoozed_until', k.snoozed_until,
    'answered_at', k.answered_at, 'answered_by', k.answered_by)
where k.changed_by = excluded.changed_by or %(as_of)s::timestamptz is null or k.changed_at <= %(as_of)s
returning cause, of, act
"""


def _statement(**columns: str) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return _KEEP.format(columns=", ".join(columns), values=", ".join(columns.values()), sets=sets)


ANSWER: Final = _statement(
    answer="%(answer)s",
    minor="n.minor",
    note="%(note)s",
    snoozed_until="%(until)s::timestamptz",
    answered_at="%(at)s::timestamptz",
    answered_by="%(by)s",
)
ASSIGN: Final = _statement(assignee="%(assignee)s")
OTHERS: Final = """
select k.cause, k.of, k.act, k.changed_at, k.changed_by from console_exception_care k
join jsonb_to_recordset(%s::jsonb) as n(cause text, of text, act text) using (cause, of, act)
"""
UNDO: Final = """
with mine as (
  select id from console_exception_care where turn = %(turn)s::uuid and changed_by = %(by)s
  order by cause, act, of for update)
update console_exception_care k set assignee = coalesce(k.was->>'assignee', ''),
  answer = coalesce(k.was->>'answer', ''), minor = (k.was->>'minor')::bigint,
  note = coalesce(k.was->>'note', ''), snoozed_until = (k.was->>'snoozed_until')::timestamptz,
  answered_at = (k.was->>'answered_at')::timestamptz, answered_by = coalesce(k.was->>'answered_by', ''),
  changed_at = %(at)s, turn = null, was = null
from mine where mine.id = k.id returning k.cause, k.of, k.act
"""
FORGET: Final = """
delete from console_exception_care where changed_at < %(before)s
  or assignee = '' and answer = '' and turn is null and changed_at < %(lately)s
"""


class NothingToUndo(Refused):
    code = "nothing-to-undo"
    message = "This act cannot be taken back any more."
    remedy = "Something else was done with its rows since, or it was taken back already. See their history."


class Said(NamedTuple):
    """What became of one of the chosen. rows: of how many it was said; because: why not, "" when it was."""

    chosen: Chosen
    is_done: bool
    rows: int
    because: str = ""


class Outcome(NamedTuple):
    """What became of each. turn: what the act is taken back by, "" where nothing was done."""

    said: list[Said]
    turn: str


def answer_exceptions(
    chosen: Sequence[Chosen],
    *,
    answer: str,
    note: str = "",
    until: datetime | None = None,
    shown: Shown = OPEN,
    at: datetime,
    by: str,
) -> Outcome:
    """Acknowledge, snooze until a moment, or open again. What is not listed any more, or was changed by
    somebody else after `shown.as_of`, is told so and fails no other. Raises Invalid."""
    if errors := errors_in(answer, note, until, at):
        raise Invalid(what="The answer", errors=errors)
    kept = {"answer": "" if answer == "open" else answer, "note": note.strip(), "until": until}
    told = partial(ExceptionAnswered, answer=answer, note=note.strip(), until=until)
    return _each(chosen, ANSWER, kept, told, shown, at, by)


def assign_exceptions(
    chosen: Sequence[Chosen],
    *,
    assignee: str,
    shown: Shown = OPEN,
    at: datetime,
    by: str,
) -> Outcome:
    """Give them to somebody ("user:3"), or to nobody (""). Raises Invalid for who may not see them."""
    person = person_of(assignee)
    if assignee and not standing(int(assignee.removeprefix("user:"))).may(SEES):
        raise Invalid(what="The assignment", errors={"assignee": f"{person} does not see exceptions"})

    told = partial(ExceptionAssigned, assignee=assignee, person=person)
    return _each(chosen, ASSIGN, {"assignee": assignee}, told, shown, at, by)


def undo_exceptions(turn: str, *, at: datetime, by: str) -> int:
    """Put the rows of one's act back to what they were; those that somebody did something else with since
    stay. Returns how many. Raises NothingToUndo."""
    try:
        key = uuid.UUID(turn)
    except ValueError:
        raise NothingToUndo from None
    with transaction.atomic():
        rows = _keys(sql.run(UNDO, {"turn": str(key), "by": by, "at": at}))
        if not rows:
            raise NothingToUndo
        _tell(ExceptionActUndone, rows, str(key), at, by)
    return len(rows)


def forget_care(*, at: datetime) -> int:
    """What was said long ago, and what says nothing any more, is forgotten: the trail stays."""
    return sql.change(FORGET, {"before": at - FORGOTTEN_AFTER, "lately": at - timedelta(days=7)})


type _Key = tuple[str, str, str]  # cause, of, act


def _each(
    chosen: Sequence[Chosen],
    statement: str,
    kept: Mapping[str, object],
    told: Callable[..., Event],
    shown: Shown,
    at: datetime,
    by: str,
) -> Outcome:
    if not 0 < len(chosen) <= ROWS_MAX:
        raise Invalid(what="The act", errors={"chosen": f"1 to {ROWS_MAX} of them"})
    turn = str(uuid.uuid4())
    with transaction.atomic():
        found = waiting(chosen, shown, at=at)
        why = [_why_not(one, rows, shown, at) for one, rows in zip(chosen, found, strict=True)]
        wanted = {
            (row.cause, row.of, row.act): row.minor
            for rows, no in zip(found, why, strict=True)
            if not no
            for row in rows
        }
        asked = [
            {"cause": cause, "of": of, "act": act, "minor": minor}
            for (cause, of, act), minor in wanted.items()
        ]
        given = {**kept, "rows": sql.rows(asked), "at": at, "by": by, "turn": turn, "as_of": shown.as_of}
        done = set(_keys(sql.run(statement, given))) if asked else set()
        _tell(told, sorted(done), turn, at, by)
        others = _changed_by_others(wanted.keys() - done)
    return Outcome(
        [_said(*each, done, others) for each in zip(chosen, found, why, strict=True)], turn if done else ""
    )


def _why_not(one: Chosen, rows: Sequence[Waits], shown: Shown, at: datetime) -> str:
    """Why nothing can be said of this; "" when it can."""
    if one.cause not in CAUSES:
        return "There is no such cause."
    if elsewhere := CAUSES[one.cause].answered_in:
        return f"It is answered for on another list: {elsewhere}."
    if not rows:
        return "It does not wait for this reason (any more)."
    if one.act:
        return ""
    if len(rows) > AT_ONCE:
        return f"It has more than {AT_ONCE:,} rows: choose among them."
    new = shown.as_of and any(row.at and shown.as_of < row.at < at for row in rows)
    if new or (one.seen is not None and len(rows) > one.seen):
        return "Rows came that were not there when you looked. Look again."
    return ""


def _said(one: Chosen, rows: Sequence[Waits], no: str, done: set[_Key], others: Mapping[_Key, str]) -> Said:
    if no:
        return Said(one, False, 0, no)
    keys = [(row.cause, row.of, row.act) for row in rows]
    left = [others[key] for key in keys if key in others]
    count = sum(key in done for key in keys)
    if not left:
        return Said(one, True, count)
    some = "" if one.act else f"{count} done, {len(left)} not: "
    return Said(one, False, count, f"{some}{left[0]}, after you looked. Look again.")


def _changed_by_others(left: set[_Key]) -> dict[_Key, str]:
    """Who changed them, and when."""
    if not left:
        return {}
    asked = [{"cause": cause, "of": of, "act": act} for cause, of, act in sorted(left)]
    found = sql.run(OTHERS, (sql.rows(asked),))
    names = names_of({by for *_, by in found})
    return {
        (cause, of, act): f"{names.get(by, by)} did something with it at {changed_at.astimezone(UTC):%H:%M}"
        for cause, of, act, changed_at, by in found
    }


def _tell(told: Callable[..., Event], rows: Sequence[_Key], turn: str, at: datetime, by: str) -> None:
    """An event for each exception, of what was done with its rows."""
    emit(
        told(subject=f"exception:{cause}:{of}", at=at, actor=by, cause=cause, of=of, rows=acts, turn=turn)
        for cause, of, acts in _by_exception(rows)
    )


def _keys(rows: Sequence[tuple[str, ...]]) -> list[_Key]:
    return [(cause, of, act) for cause, of, act in rows]


def _by_exception(rows: Sequence[_Key]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for cause, of, act in rows:
        grouped.setdefault((cause, of), []).append(act)
    for (cause, of), acts in sorted(grouped.items()):
        yield cause, of, tuple(sorted(acts))
