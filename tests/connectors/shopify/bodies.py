"""Shopify bodies that say only what a test is about; everything else adds up by itself."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from quartermaster.connectors.shopify import translate
from quartermaster.orders.ports import OrderSold, Reading

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_line(**told: object) -> dict[str, object]:
    return {
        "id": 1,
        "sku": "LAMP",
        "name": "Lamp",
        "quantity": 1,
        "price": "10.00",
        "requires_shipping": True,
    } | told


def an_order(**told: object) -> dict[str, object]:
    """A paid order of one lamp for EUR 10.00, tax included."""
    return {
        "id": 500,
        "name": "#1001",
        "created_at": "2026-11-01T10:00:00+01:00",
        "updated_at": "2026-11-01T10:00:01+01:00",
        "currency": "EUR",
        "taxes_included": True,
        "total_price": "10.00",
        "financial_status": "paid",
        "line_items": [a_line()],
    } | told


def a_refund(**told: object) -> dict[str, object]:
    """EUR 10.00 back for one lamp that never left."""
    return {
        "id": 900,
        "order_id": 500,
        "processed_at": "2026-11-02T10:00:00+01:00",
        "refund_line_items": [a_refunded_line()],
        "transactions": [a_payback()],
    } | told


def a_refunded_line(**told: object) -> dict[str, object]:
    line = {"line_item_id": 1, "quantity": 1, "restock_type": "cancel", "subtotal": 10.0, "total_tax": 1.6}
    return line | told


def a_payback(**told: object) -> dict[str, object]:
    return {"kind": "refund", "status": "success", "amount": "10.00", "currency": "EUR"} | told


def a_fulfillment(status: str, **units: int) -> dict[str, object]:
    """a_fulfillment("success", line_1=2): two units of line 1."""
    lines = [{"id": int(name.removeprefix("line_")), "quantity": n} for name, n in units.items()]
    return {"id": 700, "status": status, "line_items": lines}


def money(amount: str, currency: str = "EUR") -> dict[str, object]:
    return {"shop_money": {"amount": amount, "currency_code": currency}}


def read(body: object, topic: str = "") -> Reading:
    return translate.read(topic=topic, body=json.dumps(body).encode(), received_at=AT)


def sold(body: Mapping[str, object]) -> OrderSold:
    """The one order that is read from the body."""
    reading = read(body)
    assert isinstance(reading, tuple), reading
    (order,) = reading
    assert isinstance(order, OrderSold)
    return order
