"""/api/exceptions: what could not be finished, by its cause, and what people say of it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query, Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.late import Assignee, Show
from quartermaster.api.shapes import Count, Filter, Items, Moment, Money, Sent, Shape, Text, Told, told_as
from quartermaster.console.causes import queries as causes
from quartermaster.console.causes.cause import Group, Row
from quartermaster.console.exceptions.actions import (
    Outcome,
    answer_exceptions,
    assign_exceptions,
    undo_exceptions,
)
from quartermaster.console.exceptions.chosen import Chosen, Shown
from quartermaster.core.care import NOTE_MAX, ROWS_MAX, CareTold
from quartermaster.core.texts import storable

router = Router(tags=["Exceptions"])
READ, WRITE = Bearer("orders:read"), Bearer("orders:write")
Of = Annotated[Filter, Query(), Told("`of` of the exception.")]


class ExceptionCare(told_as(CareTold)):  # type: ignore[misc]  # made at run time
    """assignee: user:3, empty: nobody. answer: empty, acknowledged or snoozed. counts: whether it still does:
    not when more money is at stake than was, when it began anew, or when the snooze is over."""


class ExceptionRead(Shape):
    """An exception: rows of one cause that one act can settle. of: what they have in common. when: now, next
    or later. rows: how many are shown, is_more: there are more. money: of the orders behind them, by
    currency. assignees: who sees to any of them; unassigned: rows nobody sees to; back: rows that were
    answered for, and count again."""

    cause: str
    of: str
    title: str
    why: str
    when: Literal["now", "next", "later"]
    rows: int
    is_more: bool
    orders: int
    money: list[Money]
    first_at: datetime | None
    last_at: datetime | None
    due_at: datetime | None
    assignees: list[str]
    unassigned: int
    back: int


class ExceptionRow(Shape):
    """row: what names it when something is said of it. at: since when it waits. worth: the total of its
    order, null where there is none. care: null while nobody said anything of it."""

    row: str
    title: str
    note: str
    at: datetime | None
    due_at: datetime | None
    worth: Money | None
    care: ExceptionCare | None


class ExceptionRows(Shape):
    """The most urgent first. is_more: there are more than these."""

    items: list[ExceptionRow]
    is_more: bool


class ExceptionChosen(Sent):
    """row: one of its rows; empty: all of them that `show` and `of_assignee` ask for. seen: how many those
    were when somebody looked: more by now, and nothing is said of them."""

    cause: Text
    of: Text
    row: Text = ""
    seen: Count | None = None


class ExceptionAnswer(Sent):
    """answer: acknowledged (with a note), snoozed (until then), or open, which takes either back. as_of: when
    somebody looked: what others said of since is left as it is."""

    chosen: Annotated[list[ExceptionChosen], Field(min_length=1, max_length=ROWS_MAX)]
    answer: Literal["acknowledged", "snoozed", "open"]
    note: Annotated[Text, Field(max_length=NOTE_MAX)] = ""
    until: Moment | None = None
    show: Show = "open"
    of_assignee: Text = ""
    as_of: Moment | None = None


class ExceptionGiven(Sent):
    """assignee: user:3, as events name people; empty: nobody. The rest: as for answers."""

    chosen: Annotated[list[ExceptionChosen], Field(min_length=1, max_length=ROWS_MAX)]
    assignee: Text
    show: Show = "open"
    of_assignee: Text = ""
    as_of: Moment | None = None


class ExceptionSaid(Shape):
    """What became of one of the chosen. rows: of how many it was said. because: why not of all."""

    cause: str
    of: str
    row: str
    outcome: Literal["done", "refused"]
    rows: int
    because: str


class ExceptionsSaid(Shape):
    """turn: what the act is taken back by; empty where nothing was done."""

    results: list[ExceptionSaid]
    turn: str


class TurnUndone(Shape):
    """rows: how many are as they were before."""

    rows: int


@router.get("/exceptions", auth=READ, response=Items[ExceptionRead], summary="List exceptions by cause")
def exceptions(request: HttpRequest, show: Show = "open", assignee: Assignee = "") -> dict[str, Any]:
    """All of them at once; the counts are of the rows that `show` and `assignee` ask for."""
    wanted = [cause for cause in causes.CAUSES.values() if cause.is_exception]
    found = causes.groups(wanted, at=now(), show=show, assignee=assignee)
    return {"items": [_exception(each) for each in found], "next": None}


@router.get(
    "/exceptions/{cause}/rows", auth=READ, response=ExceptionRows, summary="List the rows of an exception"
)
def rows(
    request: HttpRequest, cause: str, of: Of, show: Show = "open", assignee: Assignee = ""
) -> dict[str, Any]:
    """At most 200."""
    asked = causes.cause_of(storable(cause))
    found = causes.rows(asked, of, at=now(), show=show, assignee=assignee)
    return {
        "items": [_row(each) for each in found[: causes.ROWS_MAX]],
        "is_more": len(found) > causes.ROWS_MAX,
    }


@router.post(
    "/exceptions/answers", auth=WRITE, response=ExceptionsSaid, summary="Acknowledge or snooze exceptions"
)
def answer(request: HttpRequest, wanted: ExceptionAnswer) -> dict[str, Any]:
    """Each with its result: one that does not wait any more fails no other. What is answered for are rows:
    one that joins them later is listed. An answer counts until more money is at stake or it begins anew;
    what is snoozed comes back at its moment."""
    given = {"answer": wanted.answer, "note": wanted.note, "until": wanted.until}
    chosen, shown = _chosen(wanted)
    return _said(answer_exceptions(chosen, **given, shown=shown, at=now(), by=actor(request)))  # type: ignore[arg-type]


@router.post(
    "/exceptions/assignments", auth=WRITE, response=ExceptionsSaid, summary="Give exceptions to somebody"
)
def assign(request: HttpRequest, wanted: ExceptionGiven) -> dict[str, Any]:
    """Each with its result, like answers."""
    chosen, shown = _chosen(wanted)
    said = assign_exceptions(chosen, assignee=wanted.assignee, shown=shown, at=now(), by=actor(request))
    return _said(said)


@router.delete(
    "/exceptions/turns/{turn}", auth=WRITE, response=TurnUndone, summary="Take an act on exceptions back"
)
def undo(request: HttpRequest, turn: str) -> dict[str, Any]:
    """One's own, and only rows that nothing else was said of since."""
    return {"rows": undo_exceptions(storable(turn), at=now(), by=actor(request))}


def _chosen(wanted: ExceptionAnswer | ExceptionGiven) -> tuple[list[Chosen], Shown]:
    chosen = [Chosen(one.cause, one.of, one.row, one.seen) for one in wanted.chosen]
    return chosen, Shown(wanted.show, wanted.of_assignee, (), wanted.as_of)


def _said(outcome: Outcome) -> dict[str, Any]:
    outcomes = {True: "done", False: "refused"}
    results = [
        {
            "cause": one.chosen.cause,
            "of": one.chosen.of,
            "row": one.chosen.act,
            "outcome": outcomes[one.is_done],
            "rows": one.rows,
            "because": one.because,
        }
        for one in outcome.said
    ]
    return {"results": results, "turn": outcome.turn}


def _exception(group: Group) -> dict[str, Any]:
    told = causes.CAUSES[group.cause].tell(group)
    money = [{"minor": minor, "currency": currency} for currency, minor in sorted(group.money.items())]
    return {
        **group._asdict(),
        "title": told.title,
        "why": told.why,
        "when": told.when.value,
        "money": money,
        "assignees": list(group.whose),
    }


def _row(row: Row) -> dict[str, Any]:
    worth = None if row.minor is None else {"minor": row.minor, "currency": row.currency}
    return {**row._asdict(), "row": row.act, "worth": worth}
