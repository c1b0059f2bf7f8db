"""Say something of rows of the lists of what is late: known, later, mine. Each row by itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction

from quartermaster.core.care import ROWS_MAX
from quartermaster.core.errors import Invalid
from quartermaster.tracking.queries.late import KINDS, late
from quartermaster.warehouse.actions.care import Late, keep_answers, keep_assignee
from quartermaster.warehouse.queries.timers import timers
from quartermaster.warehouse.rules.care import Row, row_of

TIMERS: Final = ("breaching", "breached")  # besides the lists of tracking


class Said(NamedTuple):
    """What became of one row. because: why not, "" when it was done."""

    row: str
    is_done: bool
    because: str = ""


def answer_late(
    rows: Sequence[str],
    *,
    kind: str,
    answer: str,
    note: str = "",
    until: datetime | None = None,
    sites: Sequence[str] = (),
    at: datetime,
    by: str,
) -> list[Said]:
    """Acknowledge, snooze or open again what the list `kind` has (KINDS or TIMERS). sites: only there, none:
    all. A row that is not in that list any more is told so and fails no other. Raises Invalid."""

    def keep(found: Sequence[Late]) -> None:
        keep_answers(found, answer=answer, note=note, until=until, at=at, by=by)

    return _each(rows, kind, sites, at, keep)


def assign_late(
    rows: Sequence[str], *, kind: str, assignee: str, sites: Sequence[str] = (), at: datetime, by: str
) -> list[Said]:
    """Give rows of the list `kind` to somebody ("user:3"), or to nobody (""). Raises Invalid."""

    def keep(found: Sequence[Late]) -> None:
        keep_assignee(found, assignee, at=at, by=by)

    return _each(rows, kind, sites, at, keep)


def _each(
    rows: Sequence[str], kind: str, sites: Sequence[str], at: datetime, keep: Callable[[Sequence[Late]], None]
) -> list[Said]:
    if kind not in KINDS and kind not in TIMERS:
        raise Invalid(what="The answer", errors={"kind": f"one of {', '.join((*KINDS, *TIMERS))}"})
    if not 0 < len(rows) <= ROWS_MAX:
        raise Invalid(what="The answer", errors={"rows": f"1 to {ROWS_MAX} of them"})
    named = {name: row for name in dict.fromkeys(rows) if (row := row_of(name))}
    with transaction.atomic():
        found = _listed(kind, list(named.values()), sites, at)
        keep(list(found.values()))
    return [
        Said(name, True) if name in found else Said(name, False, _why_not(name, named, kind)) for name in rows
    ]


def _listed(kind: str, rows: Sequence[Row], sites: Sequence[str], at: datetime) -> dict[str, Late]:
    """Those that the list has at this moment, by name."""
    if kind in TIMERS:
        ids = [row.id for row in rows if row.ladder == "A"]
        timed = timers(kind, at=at, sites=tuple(sites), only=ids, limit=ROWS_MAX).items
        return {
            one.row: Late(one.row, _order(one.order), one.stage if kind == "breached" else kind)
            for one in timed
        }
    seen = late(kind, at=at, sites=sites, only=rows, limit=ROWS_MAX).items
    return {one.row: Late(one.row, _order(one.order), kind) for one in seen}


def _order(number: str) -> int:
    return int(number.removeprefix("SO-"))


def _why_not(name: str, named: dict[str, Row], kind: str) -> str:
    if name not in named:
        return "A row is named like P-17 or A-33."
    return f"It is not among what is listed as {kind.replace('_', ' ')} (any more)."
