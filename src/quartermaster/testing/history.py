"""Orders with a past, written as the river leaves them, without sending them down it: for figures and lists.

Each function writes rows of one kind and returns their id; everything not given is ordinary.
"""

import itertools
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from quartermaster.core import sql
from quartermaster.testing.builders import SOLD_AT, a_connection

_numbers = itertools.count(1)
_ORDER = {
    "external_name": "",
    "source_version": "",
    "items_minor": 0,
    "discount_minor": 0,
    "shipping_minor": 0,
    "tax_minor": 0,
    "fees_minor": 0,
    "tip_minor": 0,
    "rounding_minor": 0,
    "total_minor": 1000,
    "refunded_minor": 0,
    "is_tax_included": True,
    "payment_state": "paid",
    "presentment_currency": "",
    "buyer": {},
    "shipping_method": "",
    "detail": {},
    "is_test": False,
    "currency": "EUR",
    "status": "shipped",
}
_LINE = {
    "position": 1,
    "external_id": "1",
    "code": "LAMP",
    "title": "",
    "unit_price_minor": 1000,
    "gross_minor": 1000,
    "discount_minor": 0,
    "tax_minor": 0,
    "is_shippable": True,
}


def _write(table: str, fields: Mapping[str, object]) -> int:
    """One row; dicts and lists become JSON."""
    values = [json.dumps(value) if isinstance(value, dict | list) else value for value in fields.values()]
    names, marks = ", ".join(fields), ", ".join(["%s"] * len(fields))
    sql.run(f"insert into {table} ({names}) values ({marks})", values)  # noqa: S608 - names of ours
    ((row_id,),) = sql.run("select lastval()")
    return int(row_id)


def a_sold_order(placed_at: datetime = SOLD_AT, *, units: int = 1, gone: int = 0, **different: object) -> int:
    """A paid order of one line of `units`, of which `gone` have left. Returns its id."""
    fields: dict[str, object] = {
        "connection_id": a_connection(),
        "external_id": f"past-{next(_numbers)}",
        "placed_at": placed_at,
        "captured_at": placed_at,
        "paid_minor": 1000,
        "ship_to": {"country": "DE"},
        **_ORDER,
    }
    order_id = _write("orders_order", {**fields, **different})
    line = {"order_id": order_id, "ordered": units, "sold": units, "wanted": units}
    _write("orders_line", {**_LINE, **line, "open": units - gone, "shipped": gone})
    return order_id


def a_parcel(order_id: int, handed_over_at: datetime | None = None, **different: object) -> int:
    """A parcel of the order; with a moment it was handed over, and known of, then. Returns its id."""
    fields: dict[str, object] = {"order_id": order_id, "made_at": handed_over_at or SOLD_AT}
    if handed_over_at:
        fields |= {
            "state": "handed_over",
            "handed_over_at": handed_over_at,
            "handed_over_recorded_at": handed_over_at,
        }
    return _write("warehouse_parcel", {**fields, **different})


def a_delivery(parcel_id: int, at: datetime, *, recorded_at: datetime | None = None) -> None:
    """What the carrier told: one scan, and the track that follows from it."""
    known_at = recorded_at or at
    scan = {"parcel_id": parcel_id, "key": "d", "status": "delivered", "source": "test"}
    _write("tracking_scan", {**scan, "at": at, "recorded_at": known_at})
    sql.run(
        "insert into tracking_track (parcel_id, status, first_scan_at, last_scan_at, delivered_at, "
        "delivered_recorded_at) values (%s, 'delivered', %s, %s, %s, %s)",
        (parcel_id, at, at, at, known_at),
    )


def a_refund(order_id: int, at: datetime, *, because: str = "", returned: int = 0) -> int:
    """Money given back; `returned` units of the order's line came back with it."""
    lines = [{"line_external_id": "1", "quantity": returned, "restock": "return"}] if returned else []
    if returned:
        sql.run(
            "update orders_line set returned = returned + %s, sent_back = sent_back + %s where order_id = %s",
            (returned, returned, order_id),
        )
    fields = {"order_id": order_id, "external_id": f"r-{next(_numbers)}", "at": at, "amount_minor": 500}
    return _write("orders_refund", {**fields, "shipping_minor": 0, "lines": lines, "because": because})


def a_rating(at: datetime, score: int, *, kind: str = "csat", order_id: int | None = None) -> int:
    fields = {"source": "test", "external_id": f"g-{next(_numbers)}", "order_id": order_id}
    return _write("support_rating", {**fields, "kind": kind, "score": score, "at": at, "recorded_at": at})


def an_event(name: str, order_id: int, at: datetime, **body: object) -> None:
    """A fact in the log, recorded when it happened, that nobody hears."""
    fields = {"name": name, "subject": f"order:SO-{order_id}", "at": at, "recorded_at": at, "actor": "test"}
    _write("core_event", {**fields, "body": {"order_id": order_id, **body}})


def shipped_order(placed_at: datetime = SOLD_AT, *, hours: float = 24, **different: Any) -> tuple[int, int]:
    """An order that left in one parcel so many hours later. Returns the ids of both."""
    order_id = a_sold_order(placed_at, gone=1, **different)
    return order_id, a_parcel(order_id, placed_at + timedelta(hours=hours))
