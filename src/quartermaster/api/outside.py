"""/api/outside/{site}: programs of those who work a site for us fetch its orders and say what they did."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import SiteBearer, actor, comes_from_site
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Code,
    Count,
    Items,
    Limit,
    Moment,
    Quantity,
    Reason,
    Sent,
    Shape,
    Text,
)
from quartermaster.core.errors import Invalid
from quartermaster.outside.actions import tell
from quartermaster.outside.ports import Item, Receipt, Shipment, Snapshot, Standing, State
from quartermaster.outside.queries import fetched
from quartermaster.outside.queries.fetched import Site, Wanted

router = Router(tags=["Outside sites"])
READ, WRITE = SiteBearer("outside:read"), SiteBearer("outside:write")
NAME_MAX = 120
Name = Annotated[Code, Field(max_length=NAME_MAX)]
Units = Annotated[list["SiteItem"], Field(min_length=1, max_length=1000)]


class SiteReceiver(Shape):
    name: str
    company: str
    line1: str
    line2: str
    city: str
    region: str
    postcode: str
    country: str
    phone: str


class SiteUnits(Shape):
    sku: str
    quantity: int


class SiteOrder(Shape):
    """reference: sending it twice is one order. state: sent | acknowledged | refused | cancelled | shipped.
    is_asked_back: do not ship it any more, and say `cancelled` or `goes-on`. parcels: those you told."""

    reference: str
    order: str
    state: str
    is_asked_back: bool
    asked_back_because: str
    ship_by: datetime | None
    promised_on: date | None
    receiver: SiteReceiver
    items: list[SiteUnits]
    parcels: list[str]
    number: str
    sent_at: datetime
    acknowledged_at: datetime | None
    settled_at: datetime | None


class SiteTold(Shape):
    """outcome: taken; known: it was so already; unclear: it cannot be, nothing was changed, `because` says
    why, and a person looks at it."""

    outcome: Literal["taken", "known", "unclear"]
    because: str
    order: SiteOrder


class SiteItem(Sent):
    """is_damaged: of a receipt, when they came so; they are never sold."""

    sku: Code
    quantity: Quantity
    lot: Text = ""
    serial: Text = ""
    is_damaged: bool = False


class SiteNumber(Sent):
    """number: your own number for it."""

    number: Text = ""


class SiteParcel(Sent):
    """parcel: your own name for it, one for each parcel of an order. is_last: nothing more of the order will
    leave; what is missing then is short."""

    parcel: Name
    shipped_at: Moment
    items: Units
    carrier: Text = ""
    tracking_number: Text = ""
    is_last: bool


class SiteCount(Sent):
    sku: Code
    units: Count


class SiteReport(Sent):
    """What you have of each SKU at `taken_at`, units kept for orders that have not left included. reference:
    your own name for the report."""

    reference: Name
    taken_at: Moment
    counts: Annotated[list[SiteCount], Field(min_length=1, max_length=10_000)]


class SiteReceipt(Sent):
    """Units that came in. reference: your own name for it. because: what was short, over or damaged. notice:
    our reference of what was announced, where it is of that."""

    reference: Name
    received_at: Moment
    items: Units
    because: Text = ""
    notice: Text = ""


class SiteKept(Shape):
    """is_new false: it was told before, and nothing was changed."""

    reference: str
    is_new: bool


@router.get(
    "/outside/{site}/orders", auth=READ, response=Items[SiteOrder], summary="Fetch what a site is to ship"
)
def orders(
    request: HttpRequest, site: str, after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Everything that is open there, the oldest first; also what is not to be shipped any more."""
    found = fetched.wanted(_at(request, site), after=after, limit=limit)
    return {"items": [_shown(one) for one in found.items], "next": found.next}


@router.get(
    "/outside/{site}/orders/{reference}", auth=READ, response=SiteOrder, summary="Read an order of a site"
)
def order(request: HttpRequest, site: str, reference: str) -> dict[str, Any]:
    return _shown(fetched.one_wanted(_at(request, site), reference))


@router.post(
    "/outside/{site}/orders/{reference}/acknowledge",
    auth=WRITE,
    response=SiteTold,
    summary="Say that a site has an order",
)
def acknowledge(request: HttpRequest, site: str, reference: str, wanted: SiteNumber) -> dict[str, Any]:
    return _tell(request, site, Standing(reference, State.ACKNOWLEDGED, wanted.number))


@router.post(
    "/outside/{site}/orders/{reference}/refuse",
    auth=WRITE,
    response=SiteTold,
    summary="Say that a site will not ship an order",
)
def refuse(request: HttpRequest, site: str, reference: str, wanted: Reason) -> dict[str, Any]:
    """The order is held here, with your reason."""
    return _tell(request, site, Standing(reference, State.REFUSED, because=wanted.because))


@router.post(
    "/outside/{site}/orders/{reference}/shipments",
    auth=WRITE,
    response=SiteTold,
    summary="Say that a parcel left a site",
)
def ship(request: HttpRequest, site: str, reference: str, wanted: SiteParcel) -> dict[str, Any]:
    """What left has left, also when the order was cancelled meanwhile. The same parcel again does nothing."""
    parcel = Shipment(
        wanted.parcel,
        wanted.shipped_at,
        _items(wanted.items),
        wanted.carrier,
        wanted.tracking_number,
    )
    state = State.SHIPPED if wanted.is_last else State.ACKNOWLEDGED
    return _tell(request, site, Standing(reference, state, shipments=(parcel,)))


@router.post(
    "/outside/{site}/orders/{reference}/cancelled",
    auth=WRITE,
    response=SiteTold,
    summary="Say that a site ships nothing more of an order",
)
def cancelled(request: HttpRequest, site: str, reference: str, wanted: Reason) -> dict[str, Any]:
    """Asked back or not. Its units can be sold again at once."""
    return _tell(request, site, Standing(reference, State.CANCELLED, because=wanted.because))


@router.post(
    "/outside/{site}/orders/{reference}/goes-on",
    auth=WRITE,
    response=SiteTold,
    summary="Say that it is too late to ask an order back",
)
def goes_on(request: HttpRequest, site: str, reference: str, wanted: Reason) -> dict[str, Any]:
    told = tell.go_on(_at(request, site), reference, wanted.because, at=now(), by=actor(request))
    return {**told._asdict(), "order": _shown(told.order)}


@router.post("/outside/{site}/stock", auth=WRITE, response=SiteKept, summary="Report the stock of a site")
def stock(request: HttpRequest, site: str, wanted: SiteReport) -> dict[str, Any]:
    """Compared with the ledger as it was then. Nothing is overwritten. A SKU named twice counts together."""
    counts: dict[str, int] = {}
    for one in wanted.counts:
        counts[one.sku] = counts.get(one.sku, 0) + one.units
    if wanted.taken_at > now():
        raise Invalid(what="The report", errors={"taken_at": "has not come yet"})
    report = Snapshot(wanted.reference, wanted.taken_at, counts)
    is_new = tell.tell_stock(_at(request, site), report, at=now(), by=actor(request))
    return {"reference": wanted.reference, "is_new": is_new}


@router.post("/outside/{site}/receipts", auth=WRITE, response=SiteKept, summary="Say what came in at a site")
def receipts(request: HttpRequest, site: str, wanted: SiteReceipt) -> dict[str, Any]:
    """It is in the ledger when somebody here has booked it."""
    told = Receipt(wanted.reference, wanted.received_at, _items(wanted.items), wanted.because, wanted.notice)
    new = tell.tell_receipts(_at(request, site), [told], at=now())
    return {"reference": wanted.reference, "is_new": bool(new)}


def _at(request: HttpRequest, code: str) -> Site:
    site = fetched.site_of(code)
    if comes_from_site(request):
        tell.alive(site, at=now())
    return site


def _tell(request: HttpRequest, code: str, standing: Standing) -> dict[str, Any]:
    told = tell.tell(_at(request, code), standing, at=now(), by=actor(request))
    return {**told._asdict(), "order": _shown(told.order)}


def _items(wanted: list[SiteItem]) -> tuple[Item, ...]:
    return tuple(Item(one.sku, one.quantity, one.lot, one.serial, one.is_damaged) for one in wanted)


def _shown(one: Wanted) -> dict[str, Any]:
    content = one.content
    return {
        "reference": one.reference,
        "order": content.number,
        "state": one.state,
        "is_asked_back": one.is_asked_back,
        "asked_back_because": one.asked_back_because if one.is_asked_back else "",
        "ship_by": content.ship_by,
        "promised_on": content.promised_on,
        "receiver": content.receiver,
        "items": content.items,
        "parcels": one.parcels,
        "number": one.theirs,
        "sent_at": one.sent_at,
        "acknowledged_at": one.acknowledged_at,
        "settled_at": one.settled_at,
    }
