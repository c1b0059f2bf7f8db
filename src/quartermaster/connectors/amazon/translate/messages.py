"""Which message is it? Told by content: orders and refunds; all else is named, and changes nothing."""

from datetime import datetime
from typing import Final

from quartermaster.connectors.amazon.translate.order import order_told
from quartermaster.connectors.amazon.translate.refunds import is_transaction, refund_told
from quartermaster.connectors.entries import each
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import no_order
from quartermaster.orders.ports import Ignored, OrderSold, Reading, RefundNotice, Unreadable

TOPIC: Final = "orders/2026-01-01"
_ENVELOPES = ("order", "orders", "payload", "transactions")
_ENVELOPES_DEEP = 3
_OTHERS = (
    (("errors",), "Amazon answered with an error instead of an order."),
    (("NotificationType",), "A notification says only that something changed; the order itself is fetched."),
    (("notificationType",), "A notification says only that something changed; the order itself is fetched."),
    (("sku", "summaries"), "A listing: it changes no order."),
)


def read(*, topic: str, body: bytes, received_at: datetime) -> Reading:
    """What the message says. Raises Unreadable for what is no message of Amazon's or lacks its id."""
    value, doubts = load(body)
    return each(_opened(value), lambda raw: _one(raw, topic, received_at, doubts.copy()))


def _one(
    raw: dict[str, object], topic: str, received_at: datetime, doubts: list[str]
) -> OrderSold | RefundNotice | Ignored:
    if "orderId" in raw and ("orderItems" in raw or "salesChannel" in raw):
        return order_told(raw, received_at=received_at, doubts=doubts)
    if is_transaction(raw):
        return refund_told(raw)
    if "AmazonOrderId" in raw:
        raise Unreadable("An order of Amazon's Orders API v0; those of 2026-01-01 are read.")
    if because := _other(raw):
        return Ignored(because)
    if topic == TOPIC:
        return order_told(raw, received_at=received_at, doubts=doubts)
    return Ignored(no_order(raw, topic))


def _opened(value: object) -> object:
    """The order or list of orders inside its envelopes."""
    for _ in range(_ENVELOPES_DEEP):
        if not isinstance(value, dict) or "orderId" in value or _other(value):
            return value
        inside = next((value[key] for key in _ENVELOPES if isinstance(value.get(key), dict | list)), None)
        if inside is None:
            return value
        value = inside
    return value


def _other(raw: dict[str, object]) -> str:
    return next((because for keys, because in _OTHERS if all(key in raw for key in keys)), "")
