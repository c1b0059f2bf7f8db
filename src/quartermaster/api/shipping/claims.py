"""/api/carrier-invoices and /api/claims: what carriers bill, and what we want back."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
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
    Filter,
    Items,
    Limit,
    Money,
    Sent,
    Shape,
)
from quartermaster.api.shipping.shapes import money
from quartermaster.shipping import actions
from quartermaster.shipping.actions.claims import claim_id_of
from quartermaster.shipping.queries import claims as read
from quartermaster.shipping.rules.claims import Turn

router = Router(tags=["Claims"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
type Minor = Annotated[int, Field(ge=0, le=10**15)]


class CarrierInvoice(Shape):
    """shipments: tracking numbers on it. claims: those that were not dropped."""

    id: int
    carrier: str
    number: str
    told_at: datetime
    audited_at: datetime | None
    shipments: int
    billed: Money
    claims: int
    claimed: Money
    credited: Money


class Claim(Shape):
    """kind, of the audit: unknown (no label of ours), again (billed before), void (label given back),
    not_shipped, currency, doubled (a charge twice), weight, fuel, price; of a person: lost, damaged, late,
    other. evidence: of a weight, what our scale said, where and when. photos: of the parcel, read at
    /api/parcel-photos/ID. parcel and invoice are empty where
    there is none. expected: what our label was to cost."""

    number: str
    carrier: str
    invoice: str
    parcel: str
    tracking_number: str
    kind: str
    state: str
    billed: Money | None
    expected: Money | None
    amount: Money
    credited: Money | None
    because: str
    evidence: str
    photos: list[str]
    at: datetime
    raised_by: str
    settled_at: datetime | None
    settled_because: str


class ClaimWanted(Sent):
    parcel: Code
    kind: Literal["lost", "damaged", "late", "other"]
    amount_minor: Minor
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    because: Because


class ClaimTurn(Sent):
    """What happens to it: send, credit (with how much; without it is all), reject, drop (both say why) or
    reopen."""

    turn: Literal["send", "credit", "reject", "drop", "reopen"]
    because: str = Field("", max_length=500)
    credited_minor: Minor | None = None


@router.get("/carrier-invoices", auth=READ, response=Items[CarrierInvoice], summary="List carriers' invoices")
def invoices(request: HttpRequest, after: After = "", limit: Limit = LIMIT_DEFAULT) -> dict[str, Any]:
    """Newest first. They come in by `./qm import carrier_invoices FILE`."""
    found = read.invoices(after=after, limit=limit)
    return {"items": [_invoice(each) for each in found.items], "next": found.next}


@router.get("/claims", auth=READ, response=Items[Claim], summary="List claims")
def claims(
    request: HttpRequest,
    state: Literal["", "open", "sent", "credited", "rejected", "dropped"] = "",
    carrier: Filter = "",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first."""
    found = read.claims((state,) if state else (), carrier=carrier, after=after, limit=limit)
    return {"items": [_claim(each) for each in found.items], "next": found.next}


@router.post("/claims", auth=WRITE, response={201: Claim}, summary="Claim for a parcel")
def raise_claim(request: HttpRequest, wanted: ClaimWanted) -> Status[dict[str, Any]]:
    """For a parcel that a carrier has or had. 409 when the same is claimed already."""
    number = actions.raise_claim(
        wanted.parcel,
        wanted.kind,
        amount_minor=wanted.amount_minor,
        currency=wanted.currency.upper(),
        because=wanted.because,
        at=now(),
        by=actor(request),
    )
    return Status(201, _claim(read.claim(claim_id_of(number))))


@router.post("/claims/{number}/turn", auth=WRITE, response=Claim, summary="Move a claim on")
def turn(request: HttpRequest, number: str, wanted: ClaimTurn) -> dict[str, Any]:
    """409 when that cannot happen now; the answer says what can."""
    actions.move_claim(
        number,
        Turn(wanted.turn),
        because=wanted.because,
        credited_minor=wanted.credited_minor,
        at=now(),
        by=actor(request),
    )
    return _claim(read.claim(claim_id_of(number)))


def _invoice(found: read.InvoiceShown) -> dict[str, Any]:
    told, names = msgspec.structs.asdict(found), ("billed", "claimed", "credited")
    return told | {name: money(told[f"{name}_minor"], found.currency) for name in names}


def _claim(found: read.ClaimShown) -> dict[str, Any]:
    told = msgspec.structs.asdict(found) | {"photos": [str(photo) for photo in found.photos]}
    names = ("billed", "expected", "amount", "credited")
    return told | {name: money(told[f"{name}_minor"], found.currency) for name in names}
