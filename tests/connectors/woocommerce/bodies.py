"""WooCommerce bodies that say only what a test is about; everything else adds up by itself."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from quartermaster.connectors.woocommerce import translate
from quartermaster.orders.ports import OrderSold, Reading

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_line(**told: object) -> dict[str, object]:
    line = {"id": 11, "sku": "MUG", "name": "Mug", "quantity": 1, "subtotal": "10.00", "total": "10.00"}
    return line | {"total_tax": "0.00", "product_id": 7, "variation_id": 0} | told


def an_order(**told: object) -> dict[str, object]:
    """An order of one mug for EUR 10.00, paid and to be sent."""
    return {
        "id": 300,
        "number": "300",
        "status": "processing",
        "currency": "EUR",
        "date_created_gmt": "2026-11-01T10:00:00",
        "date_modified_gmt": "2026-11-01T10:00:05",
        "date_paid_gmt": "2026-11-01T10:00:04",
        "total": "10.00",
        "total_tax": "0.00",
        "shipping_total": "0.00",
        "payment_method": "stripe",
        "billing": {},
        "line_items": [a_line()],
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
