"""/api/late and /api/silence: what is late, what people say of it, and how long carriers may be silent."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    Because,
    Filter,
    Items,
    Json,
    Limit,
    Moment,
    Money,
    Revision,
    Sent,
    Shape,
    Text,
    Told,
    told_as,
)
from quartermaster.core.care import NOTE_MAX, ROWS_MAX
from quartermaster.core.errors import Invalid
from quartermaster.core.queries.versions import in_force
from quartermaster.tracking.actions.answer_late import Said, answer_late, assign_late
from quartermaster.tracking.actions.write_silence import write_silence
from quartermaster.tracking.queries import Late
from quartermaster.tracking.queries import late as find_late
from quartermaster.tracking.queries.silence import SILENCE
from quartermaster.tracking.rules.silence import Silence
from quartermaster.warehouse.queries.care import CareShown

router = Router(tags=["Late"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
Kind = Literal["late", "will_be_late", "no_scan", "stuck", "lost", "foreseen", "exceptions"]
Show = Annotated[
    Literal["all", "open", "unassigned", "snoozed", "acknowledged"],
    Told("open: neither acknowledged nor snoozed; unassigned: open, and nobody sees to it."),
]
Assignee = Annotated[Filter, Told("user:3; empty: of everybody.")]
LateCursor = Annotated[
    str,
    Field(pattern=r"^(-?[0-9]{1,17}-(0|[1-9][0-9]{0,17})-[01])?$"),
    Told("`next` of the page before."),
]
RowName = Annotated[str, Field(max_length=40), Told("`row` of a list: P-17 or A-33.")]
RowNames = Annotated[list[RowName], Field(min_length=1, max_length=ROWS_MAX)]
AnyKind = Annotated[
    Literal[
        "late",
        "will_be_late",
        "no_scan",
        "stuck",
        "lost",
        "foreseen",
        "exceptions",
        "breaching",
        "breached",
    ],
    Told("The list that has the rows: one of /late, or breaching or breached of /timers."),
]


class CareRead(told_as(CareShown)):  # type: ignore[misc]  # made at run time
    """assignee: user:3, empty: nobody. answer: empty, acknowledged or snoozed, given in the list late_as.
    counts: whether it still does: not when it got worse, began anew, or the snooze is over."""


class LateRead(Shape):
    """row: what names it when something is said of it. since: from when on it counts as late, by the kind
    asked for. parcel: null for a part of an order that is still in the house. worth: the total of its order.
    care: null while nobody said anything of it."""

    row: str
    parcel: str | None
    order: str
    location: str
    carrier: str
    tracking_number: str
    status: str
    promised_on: date | None
    promised_by: datetime | None
    ship_by: datetime | None
    handed_over_at: datetime | None
    last_scan_at: datetime | None
    since: datetime
    minutes_late: int
    because: str
    worth: Money
    care: CareRead | None


class LateAnswer(Sent):
    """answer: acknowledged (with a note), snoozed (until then), or open, which takes either back."""

    rows: RowNames
    kind: AnyKind
    answer: Literal["acknowledged", "snoozed", "open"]
    note: Annotated[Text, Field(max_length=NOTE_MAX)] = ""
    until: Moment | None = None


class LateGiven(Sent):
    """assignee: user:3, as events name people; empty: nobody."""

    rows: RowNames
    kind: AnyKind
    assignee: Text


class RowSaid(Shape):
    """What became of a row. because: why not."""

    row: str
    outcome: Literal["done", "refused"]
    because: str


class RowsSaid(Shape):
    results: list[RowSaid]


class SilenceInForce(Shape):
    """lanes: see docs/howto/track-parcels.md; the first that matches holds."""

    version: int
    because: str
    actor: str
    made_at: datetime | None
    lanes: list[Json]


class SilenceWanted(Sent):
    """All lanes; the last matches everything. version: the one they were made from."""

    because: Because
    lanes: list[Json]
    version: Revision | None = None


@router.get("/late", auth=READ, response=Items[LateRead], summary="List what is late, longest first")
def late(
    request: HttpRequest,
    kind: Kind = "late",
    hours: Annotated[int | None, Field(ge=1, le=1000)] = None,
    days: Annotated[int | None, Field(ge=1, le=365)] = None,
    show: Show = "all",
    assignee: Assignee = "",
    after: LateCursor = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """late: the promised day is over. will_be_late: it should have been handed over. no_scan, stuck: the
    carrier told nothing since the hand-over or the last scan for longer than its lane allows, or than
    `hours`, `days`. lost: for as long as a claim is proposed after. exceptions: trouble, or coming back."""
    asked = {"show": show, "assignee": assignee, "silent_hours": hours, "stuck_days": days}
    found = find_late(kind, at=now(), after=after, limit=limit, **asked)  # type: ignore[arg-type]
    return {"items": [_late(each) for each in found.items], "next": found.next}


@router.post("/late/answers", auth=WRITE, response=RowsSaid, summary="Acknowledge or snooze late rows")
def answer(request: HttpRequest, wanted: LateAnswer) -> dict[str, Any]:
    """Each row with its result: one that is not listed as that any more fails no other. An answer counts
    until the row gets worse (stuck, then lost) or begins anew; what is snoozed comes back at its moment."""
    given = {"kind": wanted.kind, "answer": wanted.answer, "note": wanted.note, "until": wanted.until}
    return _results(answer_late(wanted.rows, **given, at=now(), by=actor(request)))  # type: ignore[arg-type]


@router.post("/late/assignments", auth=WRITE, response=RowsSaid, summary="Give late rows to somebody")
def assign(request: HttpRequest, wanted: LateGiven) -> dict[str, Any]:
    """Each row with its result, like answers."""
    given = {"kind": wanted.kind, "assignee": wanted.assignee}
    return _results(assign_late(wanted.rows, **given, at=now(), by=actor(request)))


@router.get("/silence", auth=READ, response=SilenceInForce, summary="Read how long carriers may be silent")
def silence(request: HttpRequest) -> dict[str, Any]:
    return _silence()


@router.put("/silence", auth=WRITE, response=SilenceInForce, summary="Put new silences in force")
def change_silence(request: HttpRequest, wanted: SilenceWanted) -> dict[str, Any]:
    """For everything under way, at once. Older versions stay."""
    try:
        made = msgspec.convert({"version": 1, "lanes": wanted.lanes}, Silence)
    except msgspec.ValidationError as error:
        raise Invalid(what="The lanes", errors={"lanes": str(error)}) from None
    write_silence(made, because=wanted.because, version=wanted.version, at=now(), by=actor(request))
    return _silence()


def _late(each: Late) -> dict[str, Any]:
    shown = {name: getattr(each, name) for name in LateRead.model_fields if hasattr(each, name)}
    return {**shown, "worth": {"minor": each.worth_minor, "currency": each.currency}}


def _results(said: list[Said]) -> dict[str, Any]:
    outcomes = {True: "done", False: "refused"}
    return {
        "results": [
            {"row": one.row, "outcome": outcomes[one.is_done], "because": one.because} for one in said
        ]
    }


def _silence() -> dict[str, Any]:
    found = in_force(SILENCE)
    return {
        "version": found.version,
        "because": found.because,
        "actor": found.actor,
        "made_at": found.made_at,
        "lanes": msgspec.to_builtins(found.content.lanes),
    }
