"""A shop that is asked and told: an order no webhook brought, and a parcel it hears of once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from quartermaster import connectors
from quartermaster.channels.actions import ask_shops, switch
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.inbox.actions import connect, pause, resume
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company

RECORDED = Path(connectors.__file__).parent / "woocommerce" / "recordings" / "order_created.json"
ORDER = 3101
DUE = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null
"""


class Shop:
    """A WooCommerce shop with one order, connected as `corner`."""

    def __init__(self, company: Company, simulator: Simulator, memory: woocommerce.WooCommerce) -> None:
        self.company, self.simulator, self.memory = company, simulator, memory
        settings = {**woocommerce.SETTINGS, "url": simulator.url}
        connect("woocommerce", "corner", settings, at=NOW, by="user:1")

    def ask(self) -> None:
        """All pages of a round, and what comes of them."""
        sql.run("update channels_shop set next_at = now() - interval '1 hour', read_up_to = %s", (LONG_AGO,))
        while ask_shops():
            pass
        self.company.flow()

    def settle(self) -> None:
        for _ in range(6):
            self.company.flow()
            sql.run(DUE)
            if not carry_out():
                return

    def ship(self) -> int:
        """The order leaves in one parcel."""
        ((number,),) = sql.run("select 'SO-' || id from orders_order")
        parcel = a_packed_parcel(number)
        self.settle()
        manifest = scan_out(f"P-{parcel}", at=NOW, by="user:1").manifest
        assert close_manifest(manifest, at=NOW, by="user:1").parcels == 1
        self.settle()
        return parcel

    @property
    def order(self) -> dict[str, object]:
        return self.memory.orders[str(ORDER)]


LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    company.site("BER")
    company.sku("KETTLE-1L", BER=5)
    company.sku("MUG-STONE", BER=5)
    memory = woocommerce.WooCommerce()
    with Simulator(memory) as simulator:
        memory.take(json.loads(RECORDED.read_text()))
        yield Shop(company, simulator, memory)


def shipments() -> list[tuple[str, str]]:
    return [tuple(row) for row in sql.run("select state, because from channels_shipment order by parcel_id")]


def test_an_order_no_webhook_brought_is_fetched_shipped_and_told_once(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    assert shop.company.status(ORDER) == "allocated"

    shop.ship()

    assert shipments() == [("told", "")]
    assert shop.order["status"] == "completed"
    assert len(shop.memory.mails) == 1
    assert "1 × KETTLE-1L, 2 × MUG-STONE" in shop.memory.mails[0]
    on_hand = shop.company.stock()
    assert (on_hand["KETTLE-1L@BER"], on_hand["MUG-STONE@BER"]) == ((4, 0), (3, 0))

    shop.ask()  # the shop's own word that it is completed changes nothing here
    assert shop.company.status(ORDER) == "shipped"
    assert shop.company.stock() == on_hand
    assert len(shop.memory.mails) == 1
    shop.company.examine()


def test_a_shop_that_is_only_read_is_told_nothing(shop: Shop) -> None:
    shop.ask()
    shop.ship()
    assert shipments() == []
    assert shop.order["status"] == "processing"
    assert [request.method for request in shop.simulator.requests] == ["GET"]

    switch("corner", mode="live", at=NOW, by="user:1")
    shop.settle()
    assert shipments() == []  # nor of what left before


def test_an_answer_that_was_lost_is_looked_up_and_the_buyer_is_mailed_once(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    shop.simulator.misbehave("update", "500 late")
    shop.simulator.misbehave("note", "late", "429")

    shop.ship()

    assert shipments() == [("told", "")]
    assert len(shop.memory.mails) == 1


def test_a_paused_connection_tells_its_shop_when_it_goes_on(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    pause("corner", at=NOW, by="user:1")
    shop.ship()
    assert shipments() == [("queued", "")]

    resume("corner", at=NOW, by="user:1")
    shop.settle()
    assert shipments() == [("told", "")]


def test_an_order_the_shop_does_not_know_any_more_is_refused_and_says_why(shop: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    shop.ask()
    shop.memory.orders.clear()

    shop.ship()

    assert shipments() == [("refused", "Invalid ID.")]
    assert sql.run("select count(*) from core_event where name = 'ShipmentRefused'") == [(1,)]


def test_a_shop_that_does_not_answer_is_asked_less_often(shop: Shop) -> None:
    shop.simulator.misbehave("list", "500")
    assert ask_shops() == 1
    ((failures, because, waits),) = sql.run(
        "select failures, because, next_at > now() + interval '4 minutes' from channels_shop"
    )
    assert (failures, waits) == (1, True)
    assert "500" in because
    shop.ask()
    assert sql.run("select failures, because from channels_shop") == [(0, "")]
    assert shop.company.status(ORDER) == "allocated"
