"""Which message is it? A notification is a hint, whatever it holds: its signature does not cover its body."""

from datetime import datetime
from typing import Final

from quartermaster.connectors.flipkart.translate.shipment import sold
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import cut, no_order
from quartermaster.orders.ports import Ignored, OrderSold, Reading, Unreadable

HINT: Final = "notification"  # the topic of what Flipkart sends by itself
_BECAUSE: Final = "A hint ({}): anybody could have written it. What is so is asked for at once."


def read(*, topic: str, body: bytes, received_at: datetime) -> Reading:
    """Raises Unreadable."""
    value, doubts = load(body)
    found = value if isinstance(value, list) else _listed(value)
    if not found:
        raise Unreadable("There is no shipment in it.")
    read: list[OrderSold] = []
    for one in found:
        if not isinstance(one, dict):
            raise Unreadable("It is a list of something else than shipments.")
        if topic == HINT or "eventType" in one:
            return Ignored(_BECAUSE.format(_kind(one.get("eventType"))), is_hint=True)
        if "shipmentId" not in one or "orderItems" not in one:
            return Ignored(no_order(one, topic))
        read.append(sold(one, received_at=received_at, doubts=list(doubts)))
    if len({one.external_id for one in read}) != len(read):
        raise Unreadable("One shipment stands in it twice.")
    return tuple(read)


def _listed(value: object) -> list[object]:
    """The answer to a question for shipments has them in a list."""
    if isinstance(value, dict) and isinstance(value.get("shipments"), list):
        found: list[object] = value["shipments"]
        return found
    return [value]


def _kind(told: object) -> str:
    return cut(told, 60) if isinstance(told, str) and told.strip() else "of no kind"
