"""Counts: what a counter sees and says, what a lead decides, how right the records are."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Count,
    Filter,
    Items,
    Limit,
    Minor,
    Moment,
    Money,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
)
from quartermaster.core.queries.reports import told
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries import counts as queries
from quartermaster.warehouse.queries.board import count_tasks
from quartermaster.warehouse.rules import cycle as rules

router = Router(tags=["Counts"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
LEAD_READ, LEAD = Bearer("stock:read"), Bearer("stock:write")


class CountTask(Shape):
    """A bin to count. What the ledger says is not told."""

    id: str
    place: str
    sku: str
    title: str
    because: str
    at: datetime


class CountWanted(Sent):
    place: Code
    sku: Code
    because: Because


class Counted(Sent):
    """serials: all that lie there, when the units have serial numbers. counted_at: when it was seen, if that
    is a while ago."""

    counted: Count
    serials: Annotated[list[Code], Field(max_length=10_000)] = []
    counted_at: Moment | None = None


class CountState(Shape):
    """open | recount (another person counts) | approval (a lead decides) | done."""

    id: str
    state: str


class Said(Shape):
    """One person's number, against what the ledger had at that moment."""

    by: str
    at: datetime
    counted: int
    expected: int
    over: int
    under: int


class CountWaiting(Shape):
    """over and under: units more and fewer than the ledger has, never netted. value: of both."""

    id: str
    location: str
    place: str
    sku: str
    title: str
    kind: str
    abc: str
    because: str
    state: str
    over: int
    under: int
    value: Money | None
    at: datetime
    said: list[Said]


class Accuracy(Shape):
    """Of a class. record_share: counts that agreed; unit_share: 1 - (over + under) / units, at least 0."""

    abc: str
    counts: int
    right: int
    units: int
    over: int
    under: int
    record_share: float | None
    unit_share: float | None


class Accuracies(Shape):
    """`computed_at`: the last 90 days are counted once an hour where that takes long."""

    classes: list[Accuracy]
    computed_at: datetime


class Again(Sent):
    because: Because


class Scheduled(Shape):
    made: int


class SiteToCount(Sent):
    """location: one site, or all of them."""

    location: Text = ""


class Cycle(Shape):
    """by: value or velocity. A difference is believed at once when it is within both tolerances; one worth
    more than approval_minor, or of more units than approval_units where no cost is known, is for a lead."""

    by: str
    a_days: int
    b_days: int
    c_days: int
    per_day: int
    zero: bool
    tolerance_units: int
    tolerance_share: float
    approval_minor: int
    approval_units: int


class CycleWanted(Sent):
    by: Text = "value"
    a_days: Count = 30
    b_days: Count = 90
    c_days: Count = 180
    per_day: Count = 20
    zero: bool = True
    tolerance_units: Count = 0
    tolerance_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    approval_minor: Minor = 10_000
    approval_units: Count = 10


@router.get("/counts", auth=READ, response=Items[CountTask], summary="List bins to count")
def counts(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Those this token counted before are left out: another person counts them."""
    return listed(count_tasks(location=location, but=actor(request), after=after, limit=limit))


@router.post("/counts", auth=WRITE, response={204: None}, summary="Have a bin counted")
def ask(request: HttpRequest, wanted: CountWanted) -> Status[None]:
    """One open task for a bin and SKU is enough: a second wish changes nothing."""
    actions.ask_for_count(wanted.place, wanted.sku, because=wanted.because, at=now(), by=actor(request))
    return Status(204, None)


@router.post("/counts/{task_id}/start", auth=WRITE, response=CountState, summary="Begin to count a bin")
def start(request: HttpRequest, task_id: RowId) -> CountState:
    """From now on what moves there is watched, so that picks meanwhile are no difference."""
    actions.start_count(int(task_id), at=now(), by=actor(request))
    return CountState(id=task_id, state="open")


@router.post("/counts/{task_id}/done", auth=WRITE, response=CountState, summary="A bin was counted")
def count(request: HttpRequest, task_id: RowId, wanted: Counted) -> CountState:
    """The answer never says what was expected. When the count is settled the ledger follows; promises that
    cannot be kept are broken, their orders served again."""
    state = actions.count(
        int(task_id),
        wanted.counted,
        serials=wanted.serials,
        counted_at=wanted.counted_at,
        at=now(),
        by=actor(request),
    )
    return CountState(id=task_id, state=state)


@router.get("/counts/waiting", auth=LEAD_READ, response=Items[CountWaiting], summary="List counts to decide")
def waiting(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Counts that differ: with what each person said and the ledger had."""
    return listed(queries.counts_waiting(location=location, after=after, limit=limit))


@router.post("/counts/{task_id}/approve", auth=LEAD, response=CountState, summary="Believe a count")
def approve(request: HttpRequest, task_id: RowId) -> CountState:
    """The last count is posted, on top of what has moved since."""
    actions.approve_count(int(task_id), at=now(), by=actor(request))
    return CountState(id=task_id, state="done")


@router.post("/counts/{task_id}/again", auth=LEAD, response=CountState, summary="Have a bin counted all over")
def again(request: HttpRequest, task_id: RowId, wanted: Again) -> CountState:
    actions.count_again(int(task_id), because=wanted.because, at=now(), by=actor(request))
    return CountState(id=task_id, state="open")


@router.get("/counts/accuracy", auth=LEAD_READ, response=Accuracies, summary="Read how right the records are")
def accuracy(
    request: HttpRequest,
    since: Moment | None = None,
    until: Moment | None = None,
    location: Filter = "",
) -> Accuracies:
    """By class, of counts settled in the time given: the last 90 days if none is."""
    at = now()
    if since is None and until is None:
        found, at = told(queries.SETTLED_LATELY, at=at)
    else:
        end = until or at
        found = queries.settled(since=since or end - queries.LATELY, until=end)
    classes = rules.accuracy(found, [location] if location else [])
    return Accuracies.model_validate({"classes": classes, "computed_at": at})


@router.post("/counts/schedule", auth=LEAD, response=Scheduled, summary="Make today's count tasks")
def schedule(request: HttpRequest, wanted: SiteToCount) -> Scheduled:
    """The worker does it every night; this does it now. Those of today are not made twice."""
    return Scheduled(made=actions.schedule_counts(location=wanted.location, at=now(), by=actor(request)))


@router.get("/counts/policy", auth=LEAD_READ, response=Cycle, summary="Read how counting is done")
def policy(request: HttpRequest) -> Cycle:
    return Cycle.model_validate(queries.cycle())


@router.put("/counts/policy", auth=LEAD, response=Cycle, summary="Change how counting is done")
def set_policy(request: HttpRequest, wanted: CycleWanted) -> Cycle:
    """The whole policy: what is left out is as we ship it."""
    actions.save_cycle(rules.Cycle(**wanted.model_dump()), at=now(), by=actor(request))
    return Cycle.model_validate(queries.cycle())
