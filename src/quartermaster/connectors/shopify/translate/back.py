"""Cancellations and refunds in Shopify's words, and how our own are known again. Pure."""

from collections.abc import Mapping
from typing import Final

from quartermaster.channels.ports import Cancellation, Refund
from quartermaster.connectors.amounts import Amounts, decimal_of
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.translate import names
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Conflict, Invalid

_NOTE_MAX: Final = 255
_PAID: Final = ("SALE", "CAPTURE")
_FAILED: Final = ("FAILURE", "ERROR")

type Json = Mapping[str, object]


def cancel(cancellation: Cancellation) -> dict[str, object]:
    """Units that were not to be found are not counted back into Shopify's stock; the others are, until the
    next number we tell."""
    return {
        "reason": cancellation.reason.upper(),
        "restock": cancellation.reason != "inventory",
        "notify": cancellation.tells_buyer,
        "note": _noted(cancellation.note, cancellation.reference),
    }


def known(refund: Refund, order: Json) -> dict[str, object] | None:
    """The refund whose note ends with our reference."""
    ends = f"[{refund.reference}]"
    return next((one for one in objects(order.get("refunds")) if text(one.get("note")).endswith(ends)), None)


def has_failed(refund: Json) -> bool:
    """Did no money move, and will none?"""
    states = [text(one.get("status")) for one in nodes(refund, "transactions")]
    return bool(states) and all(state in _FAILED for state in states)


def to_create(refund: Refund, order: Json) -> dict[str, object]:
    """The input of refundCreate. Raises Conflict when more is asked for than is left, Invalid when the buyer
    paid in another currency: what an amount of ours is in it, is not guessed."""
    wanted: dict[str, object] = {
        "orderId": order["id"],
        "note": _noted(refund.note, refund.reference),
        "notify": refund.tells_buyer,
        "allowOverRefunding": False,
        "transactions": _transactions(refund, order),
    }
    if rows := _lines(refund, order):
        wanted["refundLineItems"] = rows
    if refund.shipping_minor:
        wanted["shipping"] = {"amount": str(decimal_of(refund.shipping_minor, refund.currency))}
    return wanted


def _lines(refund: Refund, order: Json) -> list[dict[str, object]]:
    """Units that were cancelled or taken off are not on the order any more: for them there is only money."""
    left = {text(one.get("id")): one.get("refundableQuantity") for one in nodes(order, "lineItems")}
    rows: list[dict[str, object]] = []
    for line in refund.lines:
        gid = names.gid("LineItem", line.line)
        most = left.get(gid)
        units = min(line.quantity, most) if isinstance(most, int) else 0
        if units > 0:
            rows.append({"lineItemId": gid, "quantity": units, "restockType": "NO_RESTOCK"})
    return rows


def _transactions(refund: Refund, order: Json) -> list[dict[str, object]]:
    """The way it came, from the first payment on, each up to what is left of it."""
    left = refund.amount_minor
    found: list[dict[str, object]] = []
    for paid in objects(order.get("transactions")):
        most = inside(paid, "maximumRefundableV2")
        if paid.get("kind") not in _PAID or paid.get("status") != "SUCCESS" or not most:
            continue
        currency = text(most.get("currencyCode"))
        if currency != refund.currency:
            raise Invalid(f"The order was paid in {currency}, not {refund.currency}: give it back in Shopify")
        share = min(left, Amounts(currency, []).minor(text(most.get("amount")), "what is left"))
        if share > 0:
            left -= share
            found.append(
                {
                    "orderId": order["id"],
                    "parentId": paid.get("id"),
                    "gateway": paid.get("gateway"),
                    "kind": "REFUND",
                    "amount": str(decimal_of(share, currency)),
                }
            )
    if left > 0:
        short = Amounts(refund.currency, []).told(left)
        raise Conflict(f"Shopify has {short} less of this order to give back than is asked for")
    return found


def _noted(note: str, reference: str) -> str:
    """It ends with our reference: by that it is found."""
    ends = f"[{reference}]"
    return f"{note[: _NOTE_MAX - len(ends) - 1]} {ends}".strip()
