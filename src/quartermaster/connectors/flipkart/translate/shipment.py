"""An order of ours is a shipment of Flipkart's: what has its own label, its own dates and its own hold.

What the customer ordered (OD…) may be several shipments, and is the name of each. A shipment that is split is
told anew with less in it, and the rest is told as another: each has versions of its own, by its `updatedAt`,
so whichever comes first, all of them come out the same.
"""

from datetime import datetime
from typing import Final

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.flipkart.translate.bodies import Item, Shipment
from quartermaster.connectors.flipkart.translate.lines import CANCELLED, RANK, Sold, lines_sold
from quartermaster.connectors.leaves import cut, identity, moment, texts
from quartermaster.connectors.shapes import as_text, fit
from quartermaster.connectors.versions import UNDATED, seal
from quartermaster.core.money import MINOR_MAX
from quartermaster.orders.ports import OrderSold, PaymentState, Tender, Totals, Unreadable

CURRENCY: Final = "INR"


def sold(raw: dict[str, object], *, received_at: datetime, doubts: list[str]) -> OrderSold:
    """Raises Unreadable without a usable id; every other oddity is a doubt."""
    external_id = identity(raw.get("shipmentId"))
    if not external_id:
        raise Unreadable(f"A shipment without a usable id (it is {str(raw.get('shipmentId'))[:40]!r}).")
    shipment = fit(raw, Shipment, doubts)
    items = shipment.items or []
    if not items:
        doubts.append("It has no items.")
    amounts = Amounts(CURRENCY, doubts)
    found = lines_sold(items, amounts)
    changed_at = moment(shipment.updated_at, "updatedAt", doubts)
    if changed_at is None:
        doubts.append("It does not say when it was last changed: any dated version of it counts as newer.")
    dates = [at for item in items if (at := moment(item.ordered_at, "orderDate", doubts))]
    placed_at = min(dates, default=None) or changed_at or UNDATED
    is_gone = bool(found.lines) and all(line.cancelled == line.ordered for line in found.lines)
    totals, payment, tenders = _money(items, found, is_gone, amounts)
    asks, until = _waits(shipment, doubts)
    told = OrderSold(
        external_id=external_id,
        external_name=cut(_order_id(items) or external_id),
        version="",
        placed_at=placed_at,
        updated_at=changed_at or placed_at,
        currency=CURRENCY,
        totals=totals,
        is_tax_included=True,
        payment_state=payment,
        lines=found.lines,
        tenders=tenders,
        shipping_method=cut(shipment.kind),
        is_cancelled=is_gone,
        cancelled_because=_because(items) if is_gone else "",
        tags=("replacement",) if any(item.is_replacement or item.replaces for item in items) else (),
        detail=_detail(shipment, items),
        doubts=tuple(dict.fromkeys(doubts)),
        asks_hold=asks,
        asks_hold_until=until,
        ship_by=moment(shipment.by, "dispatchByDate", []),
        is_shipped_by_channel=(shipment.kind or "").strip().upper() != "SELF",
    )
    rank = max((RANK.get((item.status or "").strip().upper(), 0) for item in items), default=0)
    return seal(
        told, changed_at=changed_at, progress=f"{rank:02}{min(len(items), 9_999):04}", received_at=received_at
    )


def _waits(shipment: Shipment, doubts: list[str]) -> tuple[tuple[str, ...], datetime | None]:
    """Why it must not leave yet, and until when; None: until Flipkart says so."""
    after = moment(shipment.after, "dispatchAfterDate", doubts)
    if shipment.hold:
        return ("Flipkart has it on hold.",), None
    if after is None:
        return (), None
    return (f"Flipkart lets it be dispatched after {after:%Y-%m-%d %H:%M} UTC, not before.",), after


def _money(
    items: list[Item], found: Sold, is_gone: bool, amounts: Amounts
) -> tuple[Totals, PaymentState, tuple[Tender, ...]]:
    """Flipkart takes the money and settles it later: what was ordered prepaid is paid. A discount of its own
    it pays itself."""
    goods = sum(line.gross_minor for line in found.lines)
    total = goods + found.shipping_minor
    if total > MINOR_MAX:
        amounts.doubts.append("It comes to more than money can be.")
        return Totals(0, 0, 0, 0, 0), PaymentState.UNKNOWN, ()
    kinds = {(item.payment or "").strip().upper() for item in items}
    paid = total if kinds == {"PREPAID"} else 0
    totals = Totals(goods, 0, found.shipping_minor, 0, total, paid=paid, outstanding=0 if paid else None)
    if is_gone:
        return totals, PaymentState.VOIDED, ()
    if kinds == {"PREPAID"}:
        return totals, PaymentState.PAID, (Tender("flipkart", "other", "Flipkart", total, "captured"),)
    if kinds == {"COD"}:
        due = found.customer_minor or total
        return totals, PaymentState.ON_DELIVERY, (Tender("cod", "on_delivery", "Flipkart", due, "pending"),)
    amounts.doubts.append(f"How it is paid is told as {', '.join(sorted(kinds)) or 'nothing'}.")
    return totals, PaymentState.UNKNOWN, ()


def _order_id(items: list[Item]) -> str:
    return next((name for item in items if (name := identity(item.order_id))), "")


def _because(items: list[Item]) -> str:
    """In Flipkart's words."""
    for item in items:
        said = [cut(each, 80) for each in (item.because, item.because_more) if each]
        if said and (item.status or "").strip().upper() == CANCELLED:
            return f"Cancelled at Flipkart: {', '.join(said)}."
    return "Cancelled at Flipkart."


def _detail(shipment: Shipment, items: list[Item]) -> dict[str, object]:
    """Shown with the order, never computed with."""
    names = ("location", "packaging", "dispatch_after")
    given = (as_text(shipment.location), shipment.packaging, as_text(shipment.after))
    found: dict[str, object] = {**texts(names, *given)}
    orders = sorted({name for item in items if (name := identity(item.order_id))})
    if len(orders) > 1:
        found["orders"] = orders[:20]
    return found
