"""Magento bodies that say only what a test is about; everything else adds up by itself."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from quartermaster.connectors.magento import translate
from quartermaster.orders.ports import OrderSold, Reading

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def an_item(**told: object) -> dict[str, object]:
    item = {"item_id": 11, "sku": "MUG", "name": "Mug", "product_id": 7, "product_type": "simple"}
    return item | {"qty_ordered": 1, "base_price": 10, "base_row_total": 10} | told


def an_order(**told: object) -> dict[str, object]:
    """An order of one mug for EUR 10.00, paid and to be sent."""
    return {
        "entity_id": 300,
        "increment_id": "000000300",
        "state": "processing",
        "status": "processing",
        "base_currency_code": "EUR",
        "order_currency_code": "EUR",
        "created_at": "2026-11-01 10:00:00",
        "updated_at": "2026-11-01 10:00:05",
        "base_grand_total": 10,
        "base_total_paid": 10,
        "payment": {"method": "braintree"},
        "items": [an_item()],
    } | told


def read(body: object, topic: str = "") -> Reading:
    return translate.read(topic=topic, body=json.dumps(body).encode(), received_at=AT)


def sold(body: Mapping[str, object]) -> OrderSold:
    """The one order that is read from the body."""
    reading = read(body)
    assert isinstance(reading, tuple), reading
    (order,) = reading
    assert isinstance(order, OrderSold)
    return order
