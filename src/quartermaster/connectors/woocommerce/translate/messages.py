"""Which message is it? Told by content first: a body without a topic, or with a wrong one, is still read."""

import re
from datetime import datetime

from quartermaster.connectors.entries import each
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import identity, no_order
from quartermaster.connectors.woocommerce.translate.order import order_told
from quartermaster.orders.ports import Ignored, OrderRemoved, OrderSold, Reading, Unreadable

PING = re.compile(rb"webhook_id=\d{1,20}\s*")
ORDER_TOPICS = ("order.created", "order.updated", "order.restored")
_ENVELOPES = (
    "data",
    "order",
    "orders",
    "response",
    "jsonBody",
    "body",
)  # answers of proxies, and the Legacy API's
_ENVELOPES_DEEP = 5
_ORDER_MARKS = (
    "order_key",
    "billing",
    "billing_address",
    "payment_method",
    "payment_details",
    "shipping_lines",
)
PHANTOM = (
    "WooCommerce says that a product was deleted, with nothing but an id. It also says so, with the order's "
    "id, when an order is trashed; the order itself is told by order.deleted."
)
REFUND = (
    "A refund on its own; the order.updated that WooCommerce sends with it has every refund of the order."
)
# What a bare body is, by keys that only it has together.
OTHERS = (
    (("amount", "reason"), REFUND),
    (("refunded_by",), REFUND),
    (("regular_price",), "A product: it changes no order."),
    (("stock_status",), "A product: it changes no order."),
    (("discount_type",), "A coupon: what it took off is read from each order."),
    (("is_paying_customer",), "A customer: who bought is read from each order."),
    (("delivery_url",), "A webhook's own settings."),
    (("note", "customer_note"), "A note on an order."),
    (("tracking_number",), "A tracking number on its own."),
    (("slug", "name"), "A list of the shop's own words, and no order."),
    (
        ("action", "arg"),
        "An action names only ids; the order.updated that comes with it has the whole order.",
    ),
    (("code", "message"), "WooCommerce answered with an error instead of an order."),
)


def read(*, topic: str, body: bytes, received_at: datetime) -> Reading:
    """What the message says. Raises Unreadable for what is no message of WooCommerce's or lacks its id."""
    if PING.fullmatch(body):
        return Ignored("The ping WooCommerce sends when a webhook is saved.")
    value, doubts = load(body)
    return each(_opened(value), lambda raw: _one(raw, topic, received_at, doubts.copy()))


def _one(
    raw: dict[str, object], topic: str, received_at: datetime, doubts: list[str]
) -> OrderSold | OrderRemoved | Ignored:
    if _is_order(raw):
        return order_told(raw, received_at=received_at, doubts=doubts)
    if because := _other(raw):
        return Ignored(because)
    if topic == "order.deleted":
        external_id = identity(raw.get("id"))
        if not external_id:
            raise Unreadable("An order.deleted without the id of the order.")
        return OrderRemoved(external_id, received_at, "The order was deleted in WooCommerce.")
    if topic in ORDER_TOPICS:
        return order_told(raw, received_at=received_at, doubts=doubts)
    if topic == "product.deleted":
        return Ignored(PHANTOM)
    return Ignored(no_order(raw, topic))


def _is_order(raw: dict[str, object]) -> bool:
    has_content = "line_items" in raw or "order_key" in raw
    return has_content and ("status" in raw or "total" in raw) and any(mark in raw for mark in _ORDER_MARKS)


def _opened(value: object) -> object:
    """The order or list of orders inside its envelopes."""
    for _ in range(_ENVELOPES_DEEP):
        if not isinstance(value, dict) or "id" in value or "line_items" in value or _other(value):
            return value
        inside = next((value[key] for key in _ENVELOPES if isinstance(value.get(key), dict | list)), None)
        if inside is None:
            return value
        value = inside
    return value


def _other(raw: dict[str, object]) -> str:
    """Why an object that is plainly something else than an order changes nothing; "" when it is not plain."""
    return next((because for keys, because in OTHERS if all(key in raw for key in keys)), "")
