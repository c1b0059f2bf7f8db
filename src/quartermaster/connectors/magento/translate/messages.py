"""Which message is it? Told by content: what somebody brings by hand has no topic."""

from datetime import datetime

from quartermaster.connectors.entries import each
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import no_order
from quartermaster.connectors.magento.translate.order import order_told
from quartermaster.orders.ports import Ignored, OrderSold, Reading

TOPIC = "order.changed"
_ENVELOPES = ("entity", "order", "orders", "items", "data")
_ENVELOPES_DEEP = 4
# What an object is that is no order, by keys that only it has together.
_OTHERS = (
    (("order_id", "quote_id", "status_history"), "An order of Magento 1, which is not served."),
    (("message", "parameters"), "Magento answered with an error instead of an order."),
    (("message", "trace"), "Magento answered with an error instead of an order."),
    (("order_id", "tracks"), "A shipment on its own: the order has what was shipped."),
    (("order_id", "base_grand_total"), "An invoice or credit memo on its own: fetched orders have theirs."),
    (("sku", "type_id"), "A product: it changes no order."),
    (("sku", "source_code"), "A count of stock: it changes no order."),
    (("order_item_id", "qty"), "A line of a document of its own: it changes no order."),
)


def read(*, topic: str, body: bytes, received_at: datetime) -> Reading:
    """What the message says. Raises Unreadable for what is no message of Magento's or lacks its id."""
    value, doubts = load(body)
    return each(_opened(value), lambda raw: _one(raw, topic, received_at, doubts.copy()))


def _one(raw: dict[str, object], topic: str, received_at: datetime, doubts: list[str]) -> OrderSold | Ignored:
    if _is_order(raw):
        return order_told(raw, received_at=received_at, doubts=doubts)
    if because := _other(raw):
        return Ignored(because)
    if topic == TOPIC:
        return order_told(raw, received_at=received_at, doubts=doubts)
    return Ignored(no_order(raw, topic))


def _is_order(raw: dict[str, object]) -> bool:
    """Invoices, shipments and credit memos look alike, and name the order they belong to."""
    has_content = "items" in raw or "base_grand_total" in raw or "grand_total" in raw
    return has_content and "order_id" not in raw and ("increment_id" in raw or "quote_id" in raw)


def _opened(value: object) -> object:
    """The order or list of orders inside its envelopes; the answer to a search has them as `items`."""
    for _ in range(_ENVELOPES_DEEP):
        if not isinstance(value, dict) or _is_order(value) or _other(value):
            return value
        inside = next((value[key] for key in _ENVELOPES if isinstance(value.get(key), dict | list)), None)
        if inside is None or "entity_id" in value:
            return value
        value = inside
    return value


def _other(raw: dict[str, object]) -> str:
    """Why an object that is plainly something else than an order changes nothing; "" when it is not plain."""
    return next((because for keys, because in _OTHERS if all(key in raw for key in keys)), "")
