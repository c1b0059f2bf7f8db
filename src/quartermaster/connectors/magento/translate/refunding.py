"""Money that a Magento shop gives back, as a credit memo. Pure.

Magento counts by itself what units are worth, so what we mean to give back is met with an adjustment. It
takes a request without units for one of everything, and one without shipping for all of the shipping.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from quartermaster.channels.ports import Refund
from quartermaster.connectors.amounts import Amounts, decimal_of
from quartermaster.connectors.leaves import counted, identity, whole
from quartermaster.connectors.picked import objects, text

_PAID, _CANCELLED = 2, 3  # states of an invoice, of a credit memo

type Json = Mapping[str, object]


class Given(NamedTuple):
    """Minor units: what Magento counts for the units, what goes as shipping, and what is put right."""

    units: int
    shipping: int
    adjusted: int


def currency_of(order: Json) -> str:
    return text(order.get("base_currency_code")).strip().upper()


def left_minor(order: Json) -> int:
    """What can still be given back."""
    amounts = Amounts(currency_of(order), [])
    return amounts.minor(order.get("base_total_paid"), "") - amounts.minor(
        order.get("base_total_refunded"), ""
    )


def given(refund: Refund, order: Json) -> Given:
    amounts = Amounts(currency_of(order), [])
    rows = {identity(row.get("item_id")): row for row in objects(order.get("items"))}
    units = sum(_worth(rows.get(line.line, {}), line.quantity, amounts) for line in refund.lines)
    shipping = refund.shipping_minor if _is_plain(refund, order, amounts) else 0
    return Given(units, shipping, refund.amount_minor - units - shipping)


def _worth(row: Json, quantity: int, amounts: Amounts) -> int:
    """What is left of a row, by units: so Magento counts it, and rounds each part by itself."""
    there = counted(row.get("qty_invoiced")) - counted(row.get("qty_refunded"))
    if there <= 0 or quantity <= 0:
        return 0
    found = Decimal(0)
    for sign, invoiced, refunded in (
        (1, "base_row_invoiced", "base_amount_refunded"),
        (1, "base_tax_invoiced", "base_tax_refunded"),
        (1, "base_discount_tax_compensation_invoiced", "base_discount_tax_compensation_refunded"),
        (-1, "base_discount_invoiced", "base_discount_refunded"),
    ):
        minor = amounts.minor(row.get(invoiced), "") - amounts.minor(row.get(refunded), "")
        found += sign * (Decimal(minor * min(quantity, there)) / there).quantize(Decimal(1), "ROUND_HALF_UP")
    return int(found)


def _is_plain(refund: Refund, order: Json, amounts: Amounts) -> bool:
    """Shipping without tax. With tax, whether it is meant with or without it is a setting of the shop."""
    shipped = amounts.minor(order.get("base_shipping_amount"), "")
    there = shipped - amounts.minor(order.get("base_shipping_refunded"), "")
    has_tax = amounts.minor(order.get("base_shipping_tax_amount"), "") > 0
    return not has_tax and refund.shipping_minor <= there


def asked(refund: Refund, order: Json) -> dict[str, object]:
    """The request for a credit memo of an order; of an invoice it is the same, and says `isOnline`."""
    what = given(refund, order)
    currency = currency_of(order)
    return {
        "items": _items(refund, order),
        "notify": refund.tells_buyer,
        "appendComment": False,
        "comment": {"comment": f"{refund.note} [{refund.reference}]".strip(), "is_visible_on_front": 0},
        "arguments": {
            "shipping_amount": decimal_of(what.shipping, currency),
            "adjustment_positive": decimal_of(max(0, what.adjusted), currency),
            "adjustment_negative": decimal_of(max(0, -what.adjusted), currency),
        },
    }


def _items(refund: Refund, order: Json) -> list[dict[str, object]]:
    wanted: list[dict[str, object]] = [
        {"order_item_id": int(line.line), "qty": line.quantity}
        for line in refund.lines
        if line.quantity and line.line.isdecimal()
    ]
    rows = objects(order.get("items"))[:1]
    none: list[dict[str, object]] = [{"order_item_id": whole(row.get("item_id")), "qty": 0} for row in rows]
    return wanted or none


def through_gateway(invoices: Iterable[Json]) -> list[Json]:
    """Invoices that were paid through a gateway: money can go back the way it came."""
    return [one for one in invoices if whole(one.get("state")) == _PAID and one.get("transaction_id")]


def invoice_for(refund: Refund, order: Json, invoices: Sequence[Json]) -> str:
    """The id of one that has enough left, in money and in units; "" when none has."""
    amounts = Amounts(currency_of(order), [])
    for one in invoices:
        there = amounts.minor(one.get("base_grand_total"), "") - amounts.minor(
            one.get("base_total_refunded"), ""
        )
        units = {
            identity(row.get("order_item_id")): counted(row.get("qty")) for row in objects(one.get("items"))
        }
        if there >= refund.amount_minor and all(
            units.get(line.line, 0) >= line.quantity for line in refund.lines
        ):
            return identity(one.get("entity_id"))
    return ""


def counting(memos: Iterable[Json]) -> list[Json]:
    """Credit memos that were not taken back."""
    return [one for one in memos if whole(one.get("state")) != _CANCELLED]
