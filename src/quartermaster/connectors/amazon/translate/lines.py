"""Lines of an Amazon order: what was sold, what has left, and what nobody wants any more."""

from quartermaster.connectors.amazon.translate.bodies import Cancellation, Item, ItemFulfillment, Product
from quartermaster.connectors.amazon.translate.money import Parts, minor, parts
from quartermaster.connectors.amazon.translate.status import Status
from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import code, counted, cut, kept, line_id, units, whole
from quartermaster.orders.ports import LineSold

_COUNTED = (None, "", "COUNT")


def lines_sold(
    items: list[Item], status: Status, amounts: Amounts
) -> tuple[tuple[LineSold, ...], list[Parts]]:
    """A line that Amazon has emptied is left out: it counts 0 units of what was cancelled."""
    seen: set[str] = set()
    lines: list[LineSold] = []
    of_lines: list[Parts] = []
    for n, item in enumerate(kept(items, amounts.doubts), 1):
        if whole(item.quantity_ordered) == 0 and (status.is_gone or _is_executed(item)):
            continue
        external_id = line_id(item.order_item_id, n, seen, amounts.doubts)
        line, part = _line(item, external_id, status, amounts)
        lines.append(line)
        of_lines.append(part)
    return tuple(lines), of_lines


def asks_cancel(items: list[Item]) -> list[str]:
    """Lines the buyer wants cancelled while they are still here: the seller decides, and answers Amazon."""
    found = []
    for item in items:
        asked = (item.cancellation or Cancellation()).cancellation_request
        left = whole((item.fulfillment or ItemFulfillment()).quantity_unfulfilled)
        if asked is None or _is_executed(item) or left == 0:
            continue
        product = item.product or Product()
        what = cut(product.seller_sku or product.title or "a line", 80)
        said = f" ({cut(asked.cancel_reason, 200)})" if asked.cancel_reason else ""
        found.append(f"The buyer asks Amazon to cancel {what}{said}: answer in Seller Central.")
    return list(dict.fromkeys(found))[:5]


def _line(item: Item, external_id: str, status: Status, amounts: Amounts) -> tuple[LineSold, Parts]:
    name, product = f"line {external_id}", item.product or Product()
    ordered = units(item.quantity_ordered, name, amounts.doubts)
    if item.measurement and item.measurement.unit not in _COUNTED:
        amounts.doubts.append(f"{name} is sold by {item.measurement.unit[:40]}, not by the piece.")
    price = product.price.unit_price if product.price else None
    unit = minor(price, f"{name}: the price", amounts)
    part = parts((item.proceeds.breakdowns if item.proceeds else None) or (), name, amounts)
    gross = part.item if part.item is not None else _gross(item, unit, ordered, name, amounts)
    cancelled, fulfilled = _moved(item, ordered, status, name, amounts.doubts)
    line = LineSold(
        external_id=external_id,
        code=code(product.seller_sku, name, amounts.doubts),
        title=cut(product.title),
        ordered=ordered,
        unit_price_minor=unit or _rounded(gross, ordered),
        gross_minor=gross,
        discount_minor=part.item_discount,
        tax_minor=part.item_tax,
        cancelled=cancelled,
        fulfilled=fulfilled,
        is_shippable=not status.is_amazons,
        channel_product=cut(product.asin),
    )
    return line, part


def _gross(item: Item, unit: int, ordered: int, name: str, amounts: Amounts) -> int:
    price = item.product.price.unit_price if item.product and item.product.price else None
    if price is not None:
        return amounts.gross(price.amount, unit, ordered, name) if unit else 0
    return minor(item.proceeds.proceeds_total if item.proceeds else None, name, amounts)


def _moved(item: Item, ordered: int, status: Status, name: str, doubts: list[str]) -> tuple[int, int]:
    """Units cancelled, and handed over. What is neither sent nor still to be sent was cancelled."""
    told = item.fulfillment or ItemFulfillment()
    fulfilled = counted(told.quantity_fulfilled)
    left = whole(told.quantity_unfulfilled)
    if fulfilled > ordered:
        doubts.append(f"{name}: {fulfilled:,} units left, {ordered:,} were ordered.")
        fulfilled = ordered
    rest = ordered - fulfilled
    if status.is_gone:
        return rest, fulfilled
    if left is None:
        return (rest if _is_executed(item) else 0), fulfilled
    if not 0 <= left <= rest:
        doubts.append(f"{name}: {left:,} units are still to be sent, of {rest:,}.")
        return 0, fulfilled
    if left and _is_executed(item) and left == rest:
        doubts.append(f"{name} was cancelled, and {left:,} of it are still to be sent: Amazon says both.")
        return 0, fulfilled
    return rest - left, fulfilled


def _is_executed(item: Item) -> bool:
    return item.cancellation is not None and item.cancellation.cancellation_execution is not None


def _rounded(gross: int, quantity: int) -> int:
    """Price of one, for people. Halves go up."""
    return (2 * gross + quantity) // (2 * quantity) if quantity else gross
