"""What a WooCommerce shop is told when an order is not sent, or money goes back. Pure."""

from collections.abc import Mapping
from typing import Final

from quartermaster.channels.ports import Cancellation, Refund
from quartermaster.connectors.picked import objects, text
from quartermaster.core.money import Money, share, to_minor

FIELD: Final = "_quartermaster_{}"
_CANCELLED: Final = ("cancelled", "trash")
_LATE: Final = {"completed": "it is completed: it left", "refunded": "all of it was paid back"}

type Json = Mapping[str, object]


def is_cancelled(order: Json) -> bool:
    return order.get("status") in _CANCELLED


def too_late(order: Json) -> str:
    """Why it cannot be cancelled any more; "" when it can."""
    return _LATE.get(text(order.get("status")), "")


def cancelled(cancellation: Cancellation) -> dict[str, object]:
    """What the order becomes. WooCommerce has no field for a reason; ours stands beside it."""
    told = {"reason": cancellation.reason, "note": cancellation.note}
    key = FIELD.format(cancellation.reference)
    return {"status": "cancelled", "meta_data": [{"key": key, "value": told}]}


def is_ours(refund: Refund, made: Json) -> bool:
    return text(made.get("reason")).rstrip().endswith(f"[{refund.reference}]")


def amount(made: Json, currency: str) -> int:
    """Raises ValueError."""
    return abs(to_minor(text(made.get("amount")), currency))


def refund(refund: Refund, order: Json, *, paid_back_minor: int) -> dict[str, object]:
    """The refund as it is made. Raises ValueError, with why, when it cannot be."""
    if text(order.get("currency")) != refund.currency:
        raise ValueError(f"the order is in {text(order.get('currency'))}, not in {refund.currency}")
    left = to_minor(text(order.get("total")), refund.currency) - paid_back_minor
    if refund.amount_minor > left:
        raise ValueError(f"only {Money(max(0, left), refund.currency)} of the order is left to give back")
    items = {text(one.get("id")): one for one in objects(order.get("line_items"))}
    rows = [
        _row(items[line.line], line.quantity, line.amount_minor, refund.currency)
        for line in refund.lines
        if line.line in items
    ]
    shipping = objects(order.get("shipping_lines"))
    if refund.shipping_minor and shipping:
        worth = [max(0, sum(_parts(one, refund.currency)[1])) for one in shipping]
        parts = share(refund.shipping_minor, worth)
        rows += [
            _row(one, 0, part, refund.currency) for one, part in zip(shipping, parts, strict=True) if part
        ]
    return {
        "amount": _told(refund.amount_minor, refund.currency),
        "reason": f"{refund.note} [{refund.reference}]".strip(),
        "line_items": rows,
        "api_refund": True,
        "api_restock": False,
    }


def _row(item: Json, quantity: int, amount_minor: int, currency: str) -> dict[str, object]:
    """WooCommerce counts tax apart, by its rate: an amount with tax is shared as the line itself is."""
    rates, worth = _parts(item, currency)
    net, *taxes = share(amount_minor, worth)
    row: dict[str, object] = {
        "id": item.get("id"),
        "refund_total": _told(net, currency),
        "refund_tax": [
            {"id": rate, "refund_total": _told(tax, currency)} for rate, tax in zip(rates, taxes, strict=True)
        ],
    }
    return {**row, "quantity": quantity} if quantity else row


def _parts(item: Json, currency: str) -> tuple[list[object], list[int]]:
    """The rates that were paid on it, and what it is made of: net first, then the tax of each rate."""
    taxes = [one for one in objects(item.get("taxes")) if text(one.get("total"))]
    amounts = (item.get("total"), *(one.get("total") for one in taxes))
    return [one.get("id") for one in taxes], [max(0, to_minor(text(one) or "0", currency)) for one in amounts]


def _told(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)
