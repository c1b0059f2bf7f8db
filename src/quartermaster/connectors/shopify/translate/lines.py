"""Lines of a Shopify order: what was ordered, taken off again, handed over, and sent back."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import UNSET

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import code, counted, cut, identity, kept, line_id, units, whole
from quartermaster.connectors.shapes import named
from quartermaster.connectors.shopify.translate.bodies import Allocation, Fulfillment, Line, Order, Refund
from quartermaster.connectors.shopify.translate.refunds import restock_type
from quartermaster.orders.ports import LineSold


class Lines(NamedTuple):
    """The lines as sold, without tips: a tip is money and not goods."""

    sold: tuple[LineSold, ...]
    tip_minor: int


class Taken(NamedTuple):
    """Units of one line that refunds name, by what became of them."""

    cancelled: int = 0
    returned: int = 0
    kept: int = 0  # money back only
    restocked: int = 0  # back on the shelf, from before it was said whether they had left it


_NONE = Taken()
RESTOCK_PLACES = {"cancel": 0, "return": 1, "no_restock": 2, "legacy_restock": 3}  # positions in Taken
UNDER_WAY = ("pending", "open")
CAME_TO_NOTHING = ("cancelled", "error", "failure")


def lines_sold(order: Order, amounts: Amounts) -> Lines:
    doubts = amounts.doubts
    handed_over = _handed_over(order.fulfillments or (), doubts)
    taken = _taken(order.refunds or (), doubts)
    sold: list[LineSold] = []
    seen: set[str] = set()
    tip = 0
    for n, line in enumerate(kept(order.line_items or [], doubts), 1):
        if line.tip_payment_gateway is not UNSET:
            tip += amounts.minor(line.price, "a tip")
            continue
        external_id = line_id(line.id, n, seen, doubts)
        left = handed_over.get(external_id, 0)
        sold.append(_line(order, line, external_id, left, taken.get(external_id, _NONE), amounts))
    return Lines(tuple(sold), tip)


def _line(order: Order, line: Line, external_id: str, left: int, taken: Taken, amounts: Amounts) -> LineSold:
    doubts = amounts.doubts
    name = f"line {external_id}"
    ordered = units(line.quantity, name, doubts)
    fulfilled, cancelled, returned = _units(order, line, name, ordered, left, taken, doubts)
    unit = amounts.minor(line.price, name)
    return LineSold(
        external_id=external_id,
        code=code(line.sku, name, doubts),
        title=cut(line.name or line.title),
        ordered=ordered,
        unit_price_minor=unit,
        gross_minor=amounts.gross(line.price, unit, ordered, name),
        discount_minor=discounts(line.discount_allocations, line.total_discount, amounts, name),
        tax_minor=sum([amounts.minor(tax.price, name) for tax in line.tax_lines or ()]),
        cancelled=cancelled,
        fulfilled=fulfilled,
        returned=returned,
        is_shippable=line.requires_shipping is not False and not line.gift_card,
        channel_product=identity(line.variant_id) or identity(line.product_id),
    )


def discounts(allocations: list[Allocation] | None, fallback: object, amounts: Amounts, name: str) -> int:
    """Allocations hold every discount on a line since 2018; `fallback` is for bodies that have none."""
    if allocations:
        return sum([amounts.minor(allocation.amount, name) for allocation in allocations])
    return amounts.minor(fallback, name)


def _units(
    order: Order, line: Line, name: str, ordered: int, left: int, taken: Taken, doubts: list[str]
) -> tuple[int, int, int]:
    """How many units have been handed over, taken off, and come back: never more than were ordered."""
    is_untouched = (
        taken is _NONE and line.fulfillable_quantity == ordered and not (left or order.cancelled_at)
    )
    if is_untouched and line.current_quantity in (None, ordered):
        return 0, 0, 0  # most lines
    current = whole(line.current_quantity)
    fulfillable = whole(line.fulfillable_quantity)
    if current is not None and not 0 <= current <= ordered:
        doubts.append(f"{name}: {current:,} of {ordered:,} units are said to be still on the order.")
        current = None
    removed = sum(taken) if current is None else ordered - current
    if left > ordered:
        doubts.append(f"{name}: {left:,} of {ordered:,} units are said to be handed over.")
    fulfilled = min(ordered, max(left, _said_fulfilled(order, line, ordered, removed, fulfillable)))
    unsent = ordered - fulfilled
    if taken.returned > fulfilled:
        doubts.append(f"{name}: {taken.returned:,} units came back, but {fulfilled:,} were handed over.")
    returned = min(fulfilled, taken.returned)
    cancelled = min(unsent, max(removed - returned, taken.cancelled, 0))
    if taken.restocked:
        returned = min(fulfilled, returned + max(0, taken.restocked + taken.cancelled - cancelled))
    if order.cancelled_at:
        cancelled = unsent
    elif fulfillable is not None and fulfillable > unsent - cancelled:
        left_over = unsent - cancelled
        doubts.append(
            f"{name}: Shopify would still send {fulfillable:,}, by its own account {left_over:,} are left."
        )
    return fulfilled, cancelled, returned


def _said_fulfilled(order: Order, line: Line, ordered: int, removed: int, fulfillable: int | None) -> int:
    """Units a status calls fulfilled, for bodies that do not carry the fulfillments themselves."""
    if fulfillable and line.fulfillment_status != "partial":
        return 0
    if "fulfilled" in (line.fulfillment_status, order.fulfillment_status):
        return ordered - removed
    if line.fulfillment_status == "partial" and fulfillable is not None:
        return ordered - removed - fulfillable
    return 0


def _handed_over(fulfillments: Iterable[Fulfillment], doubts: list[str]) -> dict[str, int]:
    """Units per line in fulfillments that succeeded; nothing has left in failed ones or those under way."""
    found: dict[str, int] = {}
    for fulfillment in fulfillments:
        if fulfillment.status == "success":
            for line in fulfillment.line_items or ():
                key = identity(line.id)
                found[key] = found.get(key, 0) + counted(line.quantity)
        elif fulfillment.status not in UNDER_WAY and fulfillment.status not in CAME_TO_NOTHING:
            doubts.append(f"A fulfillment is {named(fulfillment.status)}: whether it left is not known.")
    return found


def under_way(order: Order) -> str:
    """Why the order should wait: a fulfilment service has units of it, and may still send them."""
    waiting = sum(
        counted(line.quantity)
        for fulfillment in order.fulfillments or ()
        if fulfillment.status in UNDER_WAY
        for line in fulfillment.line_items or ()
    )
    return f"Shopify has a fulfillment of {waiting:,} units under way." if waiting else ""


def _taken(refunds: Iterable[Refund], doubts: list[str]) -> dict[str, Taken]:
    found: dict[str, list[int]] = {}
    for refund in refunds:
        for line in refund.refund_line_items or ():
            told = restock_type(refund, line.restock_type)
            if told not in RESTOCK_PLACES:
                doubts.append(f"What a refund did with its units is not known: {named(told)}.")
            counts = found.setdefault(identity(line.line_item_id), [0, 0, 0, 0])
            counts[RESTOCK_PLACES.get(told, 2)] += counted(line.quantity)
    return {key: Taken(*counts) for key, counts in found.items()}
