"""A small company to tell stories about: a shop, sites, SKUs, stock."""

import os
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from quartermaster.core import doctor, sql
from quartermaster.core.river import signal
from quartermaster.inbox.actions import Arrival, keep
from quartermaster.orders.queries import document
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import all_flows
from quartermaster.testing.shop import Shop, Webhook

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def some[T](sequences: Iterable[T]) -> Iterator[T]:
    """All of them with QM_CHAOS=full; else twelve, drawn anew each time (QM_SEED plays them again)."""
    every = list(sequences)
    if os.environ.get("QM_CHAOS") == "full":
        yield from every
        return
    seed = int(os.environ.get("QM_SEED") or random.SystemRandom().randrange(10**9))
    print(f"QM_SEED={seed}")
    yield from random.Random(seed).sample(every, min(12, len(every)))


class Company:
    """What a story needs: post webhooks, let the river flow, look at orders and stock."""

    def __init__(self) -> None:
        self.shop = Shop()
        ((self.connection_id,),) = sql.run(
            "insert into inbox_connection (slug, kind) values ('acme', 'shopify') returning id"
        )
        self._intake: psycopg.Connection | None = None

    def site(self, code: str, country: str = "DE") -> None:
        sql.run("insert into stock_location (code, country) values (%s, %s)", (code, country))
        sql.run(
            """insert into stock_place (code, location_id, kind)
               select code, id, 'site' from stock_location where code = %s on conflict do nothing""",
            (code,),
        )

    def sku(self, code: str, **at: int) -> None:
        """A SKU with units at sites: sku("LAMP", BER=3)."""
        sql.run("insert into catalog_sku (code) values (%s) on conflict do nothing", (code,))
        if at:
            self.receive(code, **at)

    def receive(self, code: str, **at: int) -> None:
        ((sku_id,),) = sql.run("select id from catalog_sku where code = %s", (code,))
        moves = [
            Move(
                key=f"receive:{code}:{site}:{self.on_hand(code, site)}:{n}",
                sku_id=sku_id,
                quantity=n,
                source="world:supplier",
                target=site,
                because="received",
            )
            for site, n in at.items()
        ]
        post(moves, by="test", at=NOW)

    def kit(self, code: str, **parts: int) -> None:
        """A virtual kit of parts: kit("SET", LAMP=1, BULB=2)."""
        sql.run("insert into catalog_sku (code, is_kit) values (%s, true)", (code,))
        for part, quantity in parts.items():
            for table in ("catalog_kit_part", "catalog_kit_leaf"):
                sql.run(
                    f"insert into {table} (kit_id, part_id, quantity) select k.id, p.id, %s "
                    "from catalog_sku k, catalog_sku p where k.code = %s and p.code = %s",
                    (quantity, code, part),
                )

    def hear(self, *webhooks: Webhook) -> None:
        """Keep these webhooks durably, as the intake does after checking them."""
        if self._intake is None or self._intake.closed:
            self._intake = signal.dedicated("test intake")
        for webhook in webhooks:
            arrival = Arrival(
                connection_id=self.connection_id,
                delivery_id=webhook.headers["x-shopify-webhook-id"],
                topic=webhook.topic,
                headers=webhook.headers,
                body=webhook.body,
                received_at=NOW,
            )
            keep([arrival], self._intake)

    def flow(self) -> None:
        """Let everything flow that can."""
        all_flows()
        stuck = sql.run(
            "select listener, because from core_delivery union all select 'inbox', because "
            "from inbox_message where state = 'received' and waits_for is null"
        )
        assert not stuck, stuck

    def tell(self, *webhooks: Webhook) -> None:
        self.hear(*webhooks)
        self.flow()

    def order(self, external_id: int) -> Mapping[str, Any]:
        (row,) = sql.run("select id from orders_order where external_id = %s", (str(external_id),))
        found: Mapping[str, Any] = document(f"SO-{row[0]}")
        return found

    def status(self, external_id: int) -> str:
        (row,) = sql.run("select status from orders_order where external_id = %s", (str(external_id),))
        return str(row[0])

    def units(self, external_id: int) -> list[dict[str, int]]:
        """Per line: what is in which of the five places, zeros left out."""
        names = ("ordered", "open", "allocated", "picked", "shipped", "cancelled", "returned")
        rows = sql.run(
            f"select {', '.join('l.' + n for n in names)} from orders_line l "
            "join orders_order o on o.id = l.order_id where o.external_id = %s order by l.position",
            (str(external_id),),
        )
        return [{name: count for name, count in zip(names, row, strict=True) if count} for row in rows]

    def stock(self) -> dict[str, tuple[int, int]]:
        """SKU@site -> (on hand, reserved), where there is anything."""
        return {
            f"{sku}@{site}": (on_hand, reserved)
            for sku, site, on_hand, reserved in sql.run(
                "select s.code, l.code, v.on_hand, v.reserved from stock_level v "
                "join catalog_sku s on s.id = v.sku_id "
                "join stock_location l on l.id = v.location_id order by 1, 2"
            )
            if on_hand or reserved
        }

    def on_hand(self, code: str, site: str) -> int:
        return self.stock().get(f"{code}@{site}", (0, 0))[0]

    def examine(self) -> None:
        findings = [f for f in doctor.examine() if f.rows]
        assert not findings, findings

    def close(self) -> None:
        if self._intake is not None:
            self._intake.close()


@pytest.fixture
def company(transactional_db: None) -> Any:
    company = Company()
    yield company
    company.examine()
    company.close()
