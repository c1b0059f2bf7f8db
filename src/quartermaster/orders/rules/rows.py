"""Orders of the past, their lines and payments as tables have them. An amount is in units of its currency."""

from collections.abc import Mapping
from typing import Any

from quartermaster.core.cells import Cells
from quartermaster.orders.ports import Address, Buyer
from quartermaster.orders.rules.history import PastLine, PastOrder, PastTender

_ADDRESS = ("company", "line1", "line2", "city", "region", "postcode", "country")
_TOTALS = ("items", "discount", "shipping", "tax", "total", "paid")
ORDER_MOMENTS = ("placed_at", "paid_at", "cancelled_at", "promised_by")
ORDER_COLUMNS = (
    *("order", "name", "status", "told_status", "currency"),
    *ORDER_MOMENTS,
    *("promised_on", "cancelled_because", "customer", "customer_name", "email", "phone", "ship_name"),
    *_ADDRESS,
    *("shipping_method", "tax_included"),
    *_TOTALS,
    "refunded",
)
ORDER_REQUIRED = ("order", "placed_at", "status", "currency")
ORDER_NUMBERS = (*_TOTALS, "refunded")
_LINE_AMOUNTS = ("unit_price", "discount", "tax", "shipping")
LINE_NUMBERS = (*_LINE_AMOUNTS, "quantity", "cancelled", "returned")
LINE_COLUMNS = ("order", "line", "sku", "title", "currency", "shippable", *LINE_NUMBERS)
LINE_REQUIRED = ("order", "line", "sku")
TENDER_COLUMNS = ("order", "payment", "amount", "currency", "kind", "told_kind", "paid_at", "installments")
TENDER_REQUIRED = ("order", "payment", "amount", "currency")


def order(given: Mapping[str, str]) -> tuple[PastOrder | None, Mapping[str, str]]:
    """An order, or by column what is wrong with the row."""
    cells = Cells(given)
    placed_at, currency = cells.moment("placed_at"), given["currency"]
    rest: dict[str, Any] = {f"{name}_minor": cells.minor(name, currency) for name in _TOTALS}
    rest |= {name: cells.moment(name) for name in ("paid_at", "cancelled_at", "promised_by")}
    promised_on, is_included = cells.day("promised_on"), cells.flag("tax_included")
    refunded_minor = cells.minor("refunded", currency) or 0
    if placed_at is None or cells.errors:
        return None, cells.errors
    house: dict[str, Any] = {name: given[name] for name in _ADDRESS}
    # a telephone number alone is no address
    address = Address(name=given["ship_name"], **house)
    sold = PastOrder(
        external_id=given["order"],
        external_name=given["name"],
        placed_at=placed_at,
        state=given["status"],
        told=given["told_status"] or given["status"],
        currency=currency,
        promised_on=promised_on,
        cancelled_because=given["cancelled_because"],
        buyer=Buyer(given["customer"], given["customer_name"], given["email"], given["phone"]),
        ship_to=address if address != Address() else None,
        shipping_method=given["shipping_method"],
        is_tax_included=True if is_included is None else is_included,
        refunded_minor=refunded_minor,
        **rest,
    )
    return sold, {}


def line(given: Mapping[str, str]) -> tuple[PastLine | None, Mapping[str, str]]:
    """A line, or by column what is wrong with the row. Without a quantity it is one unit."""
    cells = Cells(given)
    _needs_currency(cells, given, _LINE_AMOUNTS)
    amounts = {f"{name}_minor": cells.minor(name, given["currency"]) or 0 for name in _LINE_AMOUNTS}
    counts = {name: cells.whole(name) or 0 for name in ("cancelled", "returned")}
    quantity, is_shippable = cells.whole("quantity"), cells.flag("shippable")
    if cells.errors:
        return None, cells.errors
    sold = PastLine(
        order=given["order"],
        external_id=given["line"],
        code=given["sku"],
        title=given["title"],
        ordered=1 if quantity is None else quantity,
        is_shippable=True if is_shippable is None else is_shippable,
        **counts,
        **amounts,
    )
    return sold, {}


def tender(given: Mapping[str, str]) -> tuple[PastTender | None, Mapping[str, str]]:
    """A payment, or by column what is wrong with the row."""
    cells = Cells(given)
    amount_minor, installments = cells.minor("amount", given["currency"]), cells.whole("installments")
    at = cells.moment("paid_at")
    if cells.errors or amount_minor is None:
        return None, cells.errors
    paid = PastTender(
        order=given["order"],
        external_id=given["payment"],
        amount_minor=amount_minor,
        kind=given["kind"] or "other",
        gateway=given["told_kind"] or given["kind"],
        at=at,
        installments=installments,
    )
    return paid, {}


def _needs_currency(cells: Cells, given: Mapping[str, str], amounts: tuple[str, ...]) -> None:
    if not given["currency"] and any(given[name] for name in amounts):
        cells.errors["currency"] = "needed with an amount"
