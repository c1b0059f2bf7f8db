"""Items of a shipment as lines: parts of one item, sold and cancelled apart, are one line."""

from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.flipkart.translate.bodies import Item, Prices
from quartermaster.connectors.leaves import ID_MAX, QUANTITY_MAX, code, cut, identity, kept, units
from quartermaster.core.money import MINOR_MAX
from quartermaster.orders.ports import LineSold

CANCELLED = "CANCELLED"
WAITING = ("APPROVED", "PACKING_IN_PROGRESS", "FORM_FAILED", "PACKED", "READY_TO_DISPATCH")
GONE = ("PICKUP_COMPLETE", "SHIPPED", "DELIVERED", "COMPLETED", "RETURN_REQUESTED", "RETURNED")
RANK = {name: n for n, name in enumerate(("", *WAITING, *GONE, CANCELLED))}
_THEIRS = ("FBF", "FLIPKART_FULFILMENT", "SMART_FULFILMENT")  # lies in Flipkart's own houses


class Sold(NamedTuple):
    lines: tuple[LineSold, ...]
    shipping_minor: int
    customer_minor: int  # what the customer pays for it all


def lines_sold(items: list[Item], amounts: Amounts) -> Sold:
    found: dict[str, LineSold] = {}
    shipping = customer = 0
    for n, item in enumerate(kept(items, amounts.doubts), 1):
        line = _line(item, n, amounts)
        prices, name = item.prices or Prices(), f"item {line.external_id}"
        charge = amounts.minor(prices.shipping, f"shipping of {name}")
        total = amounts.minor(prices.total, f"total of {name}")
        if prices.total not in (None, "") and total != line.gross_minor + charge:
            told = f"{amounts.told(line.gross_minor)} and {amounts.told(charge)} for shipping"
            amounts.doubts.append(f"{name} comes to {amounts.told(total)}, not to {told}.")
        shipping += charge
        customer += amounts.minor(prices.customer, f"price of {name} for the customer")
        before = found.get(line.external_id)
        found[line.external_id] = line if before is None else _together(before, line, amounts.doubts)
    if max(shipping, customer) > MINOR_MAX:
        amounts.doubts.append("Its amounts come to more than money can be; shipping is taken as 0.")
        shipping = customer = 0
    return Sold(tuple(found.values()), shipping, customer)


def _line(item: Item, n: int, amounts: Amounts) -> LineSold:
    external_id = identity(item.id)
    if not external_id:
        amounts.doubts.append(f"item {n} has no id.")
        external_id = f"item-{n}"[:ID_MAX]
    name = f"item {external_id}"
    ordered = units(item.quantity, name, amounts.doubts)
    status = (item.status or "").strip().upper()
    if status not in RANK:
        amounts.doubts.append(f"{name}: the status {cut(status, 40)!r} is none of Flipkart's own.")
    elif not status:
        amounts.doubts.append(f"{name} has no status.")
    gross = amounts.minor((item.prices or Prices()).selling, f"price of {name}")
    return LineSold(
        external_id=external_id,
        code=code(item.sku, name, amounts.doubts),
        title=cut(item.title),
        ordered=ordered,
        unit_price_minor=(2 * gross + ordered) // (2 * ordered) if ordered else gross,
        gross_minor=gross,
        cancelled=ordered if status == CANCELLED else 0,
        fulfilled=ordered if status in GONE else 0,
        returned=ordered if status == "RETURNED" else 0,
        is_shippable=(item.profile or "").upper() not in _THEIRS,
        channel_product=identity(item.listing) or identity(item.fsn),
    )


def _together(one: LineSold, other: LineSold, doubts: list[str]) -> LineSold:
    """Two parts of one item."""
    ordered, gross = one.ordered + other.ordered, one.gross_minor + other.gross_minor
    if ordered > QUANTITY_MAX or gross > MINOR_MAX:
        doubts.append(f"item {one.external_id}: its parts make no sense together; only the first is read.")
        return one
    return replace(
        one,
        ordered=ordered,
        gross_minor=gross,
        unit_price_minor=(2 * gross + ordered) // (2 * ordered) if ordered else gross,
        cancelled=one.cancelled + other.cancelled,
        fulfilled=one.fulfilled + other.fulfilled,
        returned=one.returned + other.returned,
        is_shippable=one.is_shippable or other.is_shippable,
    )
