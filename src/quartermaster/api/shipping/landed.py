"""/api/tariff and landed costs: what duties, taxes and fees are expected to be."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Day, Minor, Money, Sent, Shape, Text
from quartermaster.core.errors import NotFound
from quartermaster.orders.queries.lists import order_id
from quartermaster.shipping import actions
from quartermaster.shipping.queries.landed import LandedShown, landed, landed_of_order, tariff, tariff_version
from quartermaster.shipping.queries.readdressed import Going, readdressed
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules.landed import Cost, Rate

router = Router(tags=["Customs"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
type CountryCode = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class TariffLine(Shape):
    """kind: duty, vat, duty_free, vat_free (limits), fee. percent_bp: hundredths of a percent. basis cif:
    with the freight. Empty: any."""

    kind: str
    country: str
    from_on: date
    until_on: date | None
    hs_prefix: str
    origin: str
    carrier: str
    service: str
    percent_bp: int
    amount_minor: int
    currency: str
    basis: str
    source: str
    is_example: bool


class TariffShown(Shape):
    version: int
    lines: list[TariffLine]


class TariffLineWanted(Sent):
    kind: Literal["duty", "vat", "duty_free", "vat_free", "fee"]
    country: CountryCode
    from_on: Day
    until_on: Day | None = None
    hs_prefix: Text = ""
    origin: Text = ""
    carrier: Text = ""
    service: Text = ""
    percent_bp: Annotated[int, Field(ge=0, le=100_000)] = 0
    amount_minor: Minor = 0
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    basis: Literal["goods", "cif"] = "goods"
    source: Code
    is_example: bool = False


class TariffWanted(Sent):
    because: Because
    lines: Annotated[list[TariffLineWanted], Field(min_length=1, max_length=5_000)]


class LandedPart(Shape):
    """amount: null is unknown, never nothing."""

    amount: Money | None
    because: list[str]


class LandedCost(Shape):
    """payer: we (DDP) or the receiver (DAP). is_stored: as it was when the label was decided, from tariff
    `version`. is_example: rates that are marked as examples had a part in it."""

    parcel: str
    version: int
    is_stored: bool
    is_example: bool
    incoterm: str
    payer: str
    duty: LandedPart
    vat: LandedPart
    fee: LandedPart
    total: Money | None


class LandedCosts(Shape):
    items: list[LandedCost]


@router.get("/tariff", auth=READ, response=TariffShown, summary="Read what a destination takes")
def read_tariff(request: HttpRequest, country: CountryCode) -> dict[str, Any]:
    lines = [msgspec.structs.asdict(line) for line in tariff([country])]
    return {"version": tariff_version(), "lines": lines}


@router.post("/tariff", auth=WRITE, response=TariffShown, summary="Tell what destinations take")
def tell_tariff(request: HttpRequest, wanted: TariffWanted) -> dict[str, Any]:
    """The same line from the same day is told anew. Answers with the lines of the first one's country."""
    lines = [msgspec.convert(line.model_dump(mode="json"), Rate) for line in wanted.lines]
    actions.write_tariff(lines, because=wanted.because, at=now(), by=actor(request))
    return read_tariff(request, wanted.lines[0].country)


class GoingTo(Shape):
    """landed: duties, taxes and fees together; null where some are unknown, or no border is crossed."""

    country: str
    label: Money
    crosses_a_border: bool
    landed: Money | None


class ReaddressedParcel(Shape):
    parcel: str
    was: GoingTo
    now: GoingTo


class ReaddressedParcels(Shape):
    items: list[ReaddressedParcel]


@router.get("/parcels/{number}/landed-cost", auth=READ, response=LandedCost, summary="Estimate duties")
def of_parcel(request: HttpRequest, number: str) -> dict[str, Any]:
    """404 for a parcel that crosses no border."""
    found = landed(parcel_id_of(number))
    if found is None:
        raise NotFound(what="customs border on the way of", which=number[:40])
    return _shown(number, found)


@router.get(
    "/orders/{number}/readdressed",
    auth=READ,
    response=ReaddressedParcels,
    summary="Compare addresses",
)
def read_readdressed(request: HttpRequest, number: Code) -> dict[str, Any]:
    """Parcels that had a label for another address, each with that label and the one it has now."""
    found = readdressed(order_id(number))
    return {
        "items": [{"parcel": one.parcel, "was": _going(one.was), "now": _going(one.now)} for one in found]
    }


def _going(found: Going) -> dict[str, Any]:
    told = found.landed
    known = told is not None and told.total_minor is not None
    return {
        "country": found.country,
        "label": {"minor": found.label_minor, "currency": found.currency},
        "crosses_a_border": told is not None,
        "landed": {"minor": told.total_minor, "currency": told.currency} if told and known else None,
    }


@router.get(
    "/orders/{number}/landed-cost", auth=READ, response=LandedCosts, summary="Estimate an order's duties"
)
def of_order(request: HttpRequest, number: str) -> dict[str, Any]:
    """Of each of its parcels that crosses a border."""
    return {"items": [_shown(f"P-{key}", each) for key, each in landed_of_order(order_id(number)).items()]}


def _shown(number: str, found: LandedShown) -> dict[str, Any]:
    told = found.estimate
    return {
        "parcel": number,
        "version": found.version,
        "is_stored": found.is_stored,
        "is_example": told.is_example,
        "incoterm": found.asked.incoterm,
        "payer": told.payer,
        "duty": _part(told.duty, told.currency),
        "vat": _part(told.vat, told.currency),
        "fee": _part(told.fee, told.currency),
        "total": _money(told.total_minor, told.currency),
    }


def _part(cost: Cost, currency: str) -> dict[str, Any]:
    return {"amount": _money(cost.minor, currency), "because": list(cost.because)}


def _money(minor: int | None, currency: str) -> dict[str, Any] | None:
    return None if minor is None else {"minor": minor, "currency": currency}
