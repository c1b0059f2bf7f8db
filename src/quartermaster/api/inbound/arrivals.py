"""Arrivals: announced, scanned, looked at, closed."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
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
    Day,
    Filter,
    Items,
    Limit,
    PhotoKept,
    PhotoSent,
    Quantity,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.inbound import actions
from quartermaster.inbound.queries import arrivals as found
from quartermaster.inbound.queries.arrivals import (
    ArrivalShown,
    LineShown,
    ReceiptShown,
    arrival_shown,
    arrivals,
    photo,
)

router = Router(tags=["Inbound"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
State = Literal["", "expected", "receiving", "received", "cancelled"]


class ArrivalLine(told_as(LineShown)):  # type: ignore[misc]  # its fields are those of the query
    pass


class ArrivalReceipt(told_as(ReceiptShown)):  # type: ignore[misc]  # made at run time
    """to_check: units nobody has looked at yet. photos: their ids."""


class ArrivalHead(told_as(found.ArrivalHead)):  # type: ignore[misc]  # made at run time
    """state: expected | receiving | received | cancelled. dock_to_stock_minutes: from the arrival until all
    was put away."""


class Arrival(ArrivalHead):
    """With its lines and its newest receipts."""

    lines: list[ArrivalLine]
    receipts: list[ArrivalReceipt]


class ArrivalLineWanted(Sent):
    sku: Code
    quantity: Quantity


class ArrivalAmendment(Sent):
    """lines: all of them; left out: as they are. expected_on: null when nobody knows the day."""

    lines: Annotated[list[ArrivalLineWanted], Field(min_length=1, max_length=1000)] | None = None
    expected_on: Day | None
    because: Because


class ArrivalWanted(Sent):
    """kind blind: it came without a word. qc_percent: of the good units, how many are to be looked at."""

    location: Code
    kind: Literal["asn", "po", "blind"] = "blind"
    supplier: Text = ""
    reference: Text = ""
    expected_on: Day | None = None
    qc_percent: Annotated[int, Field(ge=0, le=100)] = 0
    lines: Annotated[list[ArrivalLineWanted], Field(max_length=5_000)] = []


class ReceiptScan(Sent):
    """key: the scan's own id; sent again it is the same receipt. code: barcode or SKU, of a case it counts
    its units. because: why damaged, or more than expected."""

    key: Annotated[str, Field(min_length=1, max_length=120)]
    code: Code
    quantity: Quantity = 1
    damaged: Count = 0
    lot: Text = ""
    serial: Text = ""
    expires_on: Day | None = None
    because: Text = ""
    place: Text = ""


class ReceiptTaken(Shape):
    """is_new false: it was received before. left: units of the line still expected."""

    receipt_id: int
    sku: str
    units: int
    damaged: int
    qc: int
    left: int
    place: str
    is_new: bool


class ArrivalClosing(Sent):
    """because: why less came than expected."""

    because: Text = ""


class Inspection(Sent):
    """Totals of the receipt, those told before included."""

    passed: Count
    failed: Count = 0
    because: Text = ""


@router.get("/arrivals", auth=READ, response=Items[ArrivalHead], summary="List arrivals")
def find(
    request: HttpRequest,
    location: Filter = "",
    state: State = "",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first."""
    states = (state,) if state else ()
    return listed(arrivals(location=location, states=states, after=after, limit=limit))


@router.post("/arrivals", auth=WRITE, response={201: Arrival}, summary="Announce an arrival")
def announce(request: HttpRequest, wanted: ArrivalWanted) -> Status[ArrivalShown]:
    """What is expected counts as incoming. A SKU named twice is expected twice."""
    lines: dict[str, int] = {}
    for line in wanted.lines:
        lines[line.sku] = lines.get(line.sku, 0) + line.quantity
    given = wanted.model_dump(exclude={"location", "lines"})
    new = actions.NewArrival(site=wanted.location, lines=lines, **given)
    return Status(201, _told(actions.expect_arrival(new, at=now(), by=actor(request))))


@router.get("/arrivals/{arrival_id}", auth=READ, response=Arrival, summary="Read an arrival")
def read(request: HttpRequest, arrival_id: RowId) -> ArrivalShown:
    return _told(int(arrival_id))


@router.post("/arrivals/{arrival_id}/receipts", auth=WRITE, response=ReceiptTaken, summary="Receive a scan")
def receive(request: HttpRequest, arrival_id: RowId, wanted: ReceiptScan) -> Any:
    """The units lie on the dock: promised to nobody before they are put away."""
    scan = actions.Scan(**wanted.model_dump())
    return actions.receive(int(arrival_id), scan, at=now(), by=actor(request))


@router.post("/arrivals/{arrival_id}/close", auth=WRITE, response=Arrival, summary="Close an arrival")
def close(request: HttpRequest, arrival_id: RowId, wanted: ArrivalClosing) -> ArrivalShown:
    """All that came was scanned: the rest is short."""
    actions.close_arrival(int(arrival_id), because=wanted.because, at=now(), by=actor(request))
    return _told(int(arrival_id))


@router.post("/arrivals/{arrival_id}/amend", auth=WRITE, response=Arrival, summary="Amend an arrival")
def amend(request: HttpRequest, arrival_id: RowId, wanted: ArrivalAmendment) -> ArrivalShown:
    """Before anything of it was received. A warehouse of others that was told of it is told again."""
    lines = None if wanted.lines is None else {line.sku: line.quantity for line in wanted.lines}
    given = {"lines": lines, "expected_on": wanted.expected_on, "because": wanted.because}
    actions.amend_arrival(int(arrival_id), **given, at=now(), by=actor(request))  # type: ignore[arg-type]
    return _told(int(arrival_id))


@router.post("/arrivals/{arrival_id}/cancel", auth=WRITE, response=Arrival, summary="Cancel an arrival")
def cancel(request: HttpRequest, arrival_id: RowId, wanted: Reason) -> ArrivalShown:
    actions.cancel_arrival(int(arrival_id), because=wanted.because, at=now(), by=actor(request))
    return _told(int(arrival_id))


@router.post("/receipts/{receipt_id}/inspect", auth=WRITE, response={204: None}, summary="Inspect a sample")
def inspect(request: HttpRequest, receipt_id: RowId, wanted: Inspection) -> Status[None]:
    actions.inspect(int(receipt_id), **wanted.model_dump(), at=now(), by=actor(request))
    return Status(204, None)


@router.post("/receipts/{receipt_id}/photos", auth=WRITE, response={201: PhotoKept}, summary="Add a photo")
def add_photo(request: HttpRequest, receipt_id: RowId, wanted: PhotoSent) -> Status[PhotoKept]:
    made = actions.add_photo(int(receipt_id), wanted.photo, at=now(), by=actor(request))
    return Status(201, PhotoKept(id=str(made)))


@router.get("/receipt-photos/{photo_id}", auth=READ, response={200: None}, summary="Read a photo")
def read_photo(request: HttpRequest, photo_id: RowId) -> HttpResponse:
    kind, body = photo(int(photo_id))
    return HttpResponse(body, content_type=kind)


def _told(arrival_id: int) -> ArrivalShown:
    return arrival_shown(arrival_id)
