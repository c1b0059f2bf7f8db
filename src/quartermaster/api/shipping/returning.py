"""/api/parcels/{number}/return-label: a label for the way back."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router, Status

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Money, Sent, Shape
from quartermaster.api.shipping.shapes import money
from quartermaster.core.errors import NotFound
from quartermaster.shipping import actions
from quartermaster.shipping.queries.returning import return_label, return_paper

router = Router(tags=["Shipping"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class ReturnLabel(Shape):
    """state: queued, unknown (no clear answer yet), bought, refused, voiding, voided, stranded."""

    parcel: str
    reference: str
    state: str
    account: str
    is_paid_on_scan: bool
    tracking_number: str
    cost: Money | None
    because: str
    asked_at: datetime


class ReturnWanted(Sent):
    """is_paid_on_scan: it costs nothing until the carrier scans it; only some accounts sell that."""

    is_paid_on_scan: bool = False
    because: Because


@router.get("/parcels/{number}/return-label", auth=READ, response=ReturnLabel, summary="Read a return label")
def read(request: HttpRequest, number: Code) -> dict[str, Any]:
    """The newest of the parcel."""
    found = return_label(number)
    if found is None:
        raise NotFound(what="return label of", which=number)
    return {**msgspec.structs.asdict(found), "cost": money(found.cost_minor, found.currency)}


@router.post(
    "/parcels/{number}/return-label",
    auth=WRITE,
    response={202: ReturnLabel},
    summary="Ask for a return label",
)
def buy(request: HttpRequest, number: Code, wanted: ReturnWanted) -> Status[dict[str, Any]]:
    """It is bought once, by a worker. A parcel that has one keeps it."""
    at, by = now(), actor(request)
    on_scan = wanted.is_paid_on_scan
    actions.buy_return(number, is_paid_on_scan=on_scan, because=wanted.because, at=at, by=by)
    return Status(202, read(request, number))


@router.delete(
    "/parcels/{number}/return-label",
    auth=WRITE,
    response={202: ReturnLabel},
    summary="Give a return label back",
)
def void(request: HttpRequest, number: Code, because: Because) -> Status[dict[str, Any]]:
    """The account that bought it is told by a worker."""
    actions.void_return(number, because=because, at=now(), by=actor(request))
    return Status(202, read(request, number))


@router.get("/parcels/{number}/return-label.pdf", auth=READ, summary="Print a return label")
def paper(request: HttpRequest, number: Code) -> HttpResponse:
    """As the carrier made it: a PDF, or ZPL where the account asks for that."""
    pdf, zpl = return_paper(number)
    return (
        HttpResponse(pdf, content_type="application/pdf")
        if pdf
        else HttpResponse(zpl, content_type="text/plain; charset=utf-8")
    )
