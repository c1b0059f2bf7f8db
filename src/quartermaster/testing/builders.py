"""Examples that say only what a test is about: everything not given is ordinary and works."""

import itertools
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from quartermaster.allocation.rules import Order, Part, Site, Wanted
from quartermaster.core import sql
from quartermaster.core.river import worker
from quartermaster.core.tokens import create_token
from quartermaster.stock.actions import Move, post
from quartermaster.testing.shop import Shop

SOLD_AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
_external_ids = itertools.count(5_000_000_001)


def wanted(
    code: str, quantity: int = 1, *, parts: Mapping[str, int] | None = None, **different: Any
) -> Wanted:
    """An open line worth 10.00 a unit. `parts` (SKU -> units per kit) makes it a kit; else its own SKU."""
    made_of = tuple(Part(sku, per_unit) for sku, per_unit in (parts or {code: 1}).items())
    ordinary = Wanted(0, code, quantity, 1000 * max(quantity, 0), made_of)
    return replace(ordinary, **different)


def an_order_to_route(*lines: Wanted, **different: Any) -> Order:
    """An order from Berlin without any promise. Lines without an id are numbered from 1."""
    numbered = tuple(
        line if line.line_id else replace(line, line_id=place) for place, line in enumerate(lines, 1)
    )
    ordinary = Order(
        number="SO-1042",
        country="DE",
        region="BE",
        postcode="10115",
        currency="EUR",
        value_minor=sum(line.value_minor for line in numbered),
        channel="acme",
        priority=0,
        tags=(),
        wanted=numbered,
    )
    return replace(ordinary, **different)


def a_site(code: str, available: Mapping[str, int] | None = None, **different: Any) -> Site:
    """An open own site in Germany that ships anywhere for EUR 4.90 in one day and holds what is given."""
    ordinary = Site(code, "own", "DE", cost_minor=490, days=1, available=dict(available or {}))
    return replace(ordinary, **different)


def a_connection(slug: str = "acme") -> int:
    """A Shopify shop that takes messages. Returns its id; the same slug again gives the same one."""
    sql.run(
        "insert into inbox_connection (slug, kind) values (%s, 'shopify') on conflict do nothing", (slug,)
    )
    return int(sql.run("select id from inbox_connection where slug = %s", (slug,))[0][0])


def a_location(code: str, country: str = "DE") -> int:
    """A site of our own with its place in the ledger."""
    ((location_id,),) = sql.run(
        "insert into stock_location (code, country) values (%s, %s) returning id", (code, country)
    )
    sql.run("insert into stock_place (code, location_id, kind) values (%s, %s, 'site')", (code, location_id))
    return int(location_id)


def a_sku(code: str, **units: int) -> int:
    """A SKU in the catalog, with units at sites that exist: a_sku("LAMP", BER=3)."""
    ((sku_id,),) = sql.run("insert into catalog_sku (code) values (%s) returning id", (code,))
    moves = [
        Move(f"receive:{code}:{site}", sku_id, count, "world:supplier", site, "received")
        for site, count in units.items()
    ]
    post(moves, by="test", at=SOLD_AT)
    return int(sku_id)


def an_order(*lines: tuple[str, int], connection: str = "acme", **different: Any) -> str:
    """A paid order of (SKU, quantity) lines from that shop, taken in and allocated. Returns its number.

    What is `different` is a field of Shopify's order.
    """
    connection_id = a_connection(connection)
    external_id = next(_external_ids)
    webhook = Shop().sell(*lines, order_id=external_id, **different)
    sql.run(
        "insert into inbox_message (connection_id, delivery_id, topic, sha256, headers, body, received_at) "
        "values (%s, %s, %s, sha256(%s), %s::jsonb, %s, %s)",
        (
            connection_id,
            f"delivery {external_id}",
            webhook.topic,
            webhook.body,
            json.dumps(dict(webhook.headers)),
            webhook.body,
            SOLD_AT,
        ),
    )
    flow()
    ((order_id,),) = sql.run(
        "select id from orders_order where connection_id = %s and external_id = %s",
        (connection_id, str(external_id)),
    )
    return f"SO-{order_id}"


def flow() -> None:
    """Let the river take everything that is due, in the test's own transaction."""
    while any([worker.step(queue) for queue in worker.due()]):  # noqa: C419 - every queue has its turn
        pass


def all_flows() -> None:
    """Let everything flow that can, as a worker does; the chores, which cost more than the queues, are asked
    only where those are at rest."""
    while True:
        flow()
        if not worker.flow():
            return


def a_token(*scopes: str) -> str:
    """The text of a fresh API token."""
    return create_token(f"test-{next(_external_ids)}", scopes, at=SOLD_AT, by="test")
