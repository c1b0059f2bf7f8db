"""History: orders that went through the river once, copied set-based until there are enough.

The copies are rows of every table of the order path, as the river itself wrote them, with ids of their own
and other SKUs; so whatever the doctor asks of real orders holds for them too.
"""

from typing import NamedTuple

import psycopg

from bench.river.ground import Ground

# How a copy differs from its template `t`; {table} stands for what is added to that table's ids, k for the
# number of the copy. Columns that are not named are copied as they are.
_SKU = "(t.sku_id - 1 + k * 131) % {skus} + 1"
_SUBJECT = "'order:SO-' || (substr(t.subject, 10)::bigint + {orders_order})"
# whitespace behind the JSON makes other bytes of it
_MARK = "convert_to(translate(k::bit(24)::text, '01', E' \\t'), 'UTF8')"
_COPIES: dict[str, dict[str, str]] = {
    "inbox_message": {
        "id": "t.id + {inbox_message}",
        "delivery_id": "t.delivery_id || '-' || k",
        "body": f"t.body || {_MARK}",
        "sha256": f"sha256(t.body || {_MARK})",
    },
    "customers_customer": {"id": "t.id + {customers_customer}", "merge_key": "t.merge_key || '.' || k"},
    "customers_address": {
        "id": "t.id + {customers_address}",
        "customer_id": "t.customer_id + {customers_customer}",
    },
    "orders_order": {
        "id": "t.id + {orders_order}",
        "external_id": "t.external_id || '-' || k",
        "customer_id": "t.customer_id + {customers_customer}",
    },
    "orders_line": {
        "id": "t.id + {orders_line}",
        "order_id": "t.order_id + {orders_order}",
        "sku_id": _SKU,
        "code": f"'B-' || lpad(({_SKU})::text, 5, '0')",
    },
    "orders_tender": {"id": "t.id + {orders_tender}", "order_id": "t.order_id + {orders_order}"},
    "allocation_decision": {"id": "t.id + {allocation_decision}", "order_id": "t.order_id + {orders_order}"},
    "allocation_allocation": {
        "id": "t.id + {allocation_allocation}",
        "order_id": "t.order_id + {orders_order}",
        "decision_id": "t.decision_id + {allocation_decision}",
    },
    "stock_reservation": {
        "id": "t.id + {stock_reservation}",
        "sku_id": _SKU,
        "claim": "t.claim + {orders_line}",
        "holder": "t.holder + {allocation_allocation}",
    },
    "core_event": {
        "id": "t.id + {core_event}",
        "subject": _SUBJECT,
        "body": "t.body || jsonb_build_object('order_id', (t.body->>'order_id')::bigint + {orders_order})",
    },
}
_RESERVED = """
update stock_level l set reserved = r.units
from (select sku_id, location_id, sum(quantity) as units from stock_reservation where state = 'pending'
      group by sku_id, location_id) r
where l.sku_id = r.sku_id and l.location_id = r.location_id and l.reserved <> r.units
"""
_COLUMNS = """
select string_agg(quote_ident(attname), ',' order by attnum), array_agg(attname::text order by attnum)
from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped
"""


class Template(NamedTuple):
    """The orders that are copied: per table the ids (above, up to) that they occupy."""

    orders: int
    spans: dict[str, tuple[int, int]]


def highest(ground: Ground) -> dict[str, int]:
    """Table -> its highest id now."""
    with psycopg.connect(ground.url) as connection:
        return {table: _highest(connection, table) for table in _COPIES}


def template(ground: Ground, orders: int, before: dict[str, int]) -> Template:
    """What has come to the tables since `before`: that many orders, and nothing else."""
    now = highest(ground)
    return Template(orders, {table: (before[table], now[table]) for table in _COPIES})


def fill(ground: Ground, copied: Template, copies: int, *, first: int) -> None:
    """Add `copies` copies of the template, numbered from `first`, and tell the planner what is there."""
    with psycopg.connect(ground.url) as connection:
        # Triggers check what people write; a copy of rows that passed them need not pass them again.
        connection.execute("set session_replication_role = replica")
        added = {
            table: f"({_highest(connection, table) - low} + (k - {first}) * {high - low})"
            for table, (low, high) in copied.spans.items()
        }
        added["skus"] = str(ground.skus)
        for table, changed in _COPIES.items():
            low, high = copied.spans[table]
            names, columns = connection.execute(_COLUMNS, (table,)).fetchone() or ("", [])
            values = ", ".join(changed.get(name, f't."{name}"').format_map(added) for name in columns)
            connection.execute(
                f"insert into {table} ({names}) overriding system value select {values} "
                f"from generate_series({first}, {first + copies - 1}) k, {table} t "
                f"where t.id > {low} and t.id <= {high} order by k, t.id"
            )
            connection.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), max(id)) from {table}"
            )
        connection.execute(_RESERVED)
    analyse(ground)
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute("checkpoint")  # what was copied is written back now, not during a measurement


def analyse(ground: Ground) -> None:
    """Statistics as autovacuum leaves them on a quiet shop: full tables, and queues that look empty."""
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def count_orders(ground: Ground) -> int:
    with psycopg.connect(ground.url) as connection:
        row = connection.execute("select count(*) from orders_order").fetchone()
        return int(row[0]) if row else 0


def _highest(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"select coalesce(max(id), 0) from {table}").fetchone()
    return int(row[0]) if row else 0
