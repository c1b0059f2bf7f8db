"""A Magento order: fetched, packed by its child's SKU, and told by its parent's id, once whatever is lost."""

from datetime import timedelta

import pytest

from quartermaster.channels.actions import pull_listings, push_stock, read_back, switch, work_out
from quartermaster.core import plugs, sql
from quartermaster.inbox.actions import connect
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.simulators import magento
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company
from .corner import Shop

HOODIE = {
    "item_id": 61,
    "sku": "HOODIE-M",
    "name": "Hoodie",
    "product_type": "configurable",
    "qty_ordered": 2,
    "base_price": 50,
    "base_row_total": 100,
}
CHILD = {"item_id": 62, "parent_item_id": 61, "sku": "HOODIE-M", "name": "Hoodie M", "product_id": 8}


class Corner(Shop):
    """A Magento shop that is asked and told as the one around the corner."""

    def __init__(self, company: Company, simulator: Simulator) -> None:
        self.company, self.simulator = company, simulator
        connect("magento", "corner", {**magento.SETTINGS, "url": simulator.url}, at=NOW, by="user:1")

    def tell_stock(self) -> None:
        """The shop's listings are read, and it is told how many it may sell."""
        sql.run("update channels_goods set read_next_at = now() - interval '1 hour'")
        while pull_listings():
            pass
        while work_out() + push_stock() + read_back():
            pass


def test_an_order_is_fetched_sent_and_told_once_and_what_is_salable_stays_true(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    company.site("BER")
    company.sku("HOODIE-M", BER=5)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")  # nobody asks it here
    memory = magento.by_hand()
    memory.clock -= timedelta(hours=1)
    memory.goods.offer("HOODIE-M", 10, 50)
    memory.by_hand("order", {"lines": [{"sku": "HOODIE-M", "quantity": 2, "price": 50}]})
    (number,) = memory.orders
    with Simulator(memory) as simulator:
        corner = Corner(company, simulator)
        memory.take({**memory.orders[number], "items": [HOODIE, {**CHILD, "qty_ordered": 2}]})
        corner.ask()
        assert company.stock() == {"HOODIE-M@BER": (5, 2)}
        switch("corner", mode="live", at=NOW, by="user:1")
        corner.tell_stock()
        assert (memory.goods.salable("HOODIE-M"), memory.goods.reserved["HOODIE-M"]) == (3, 2)
        simulator.misbehave("ship", "late")

        corner.ship()

        (shipment,) = memory.documents["shipments"]
        assert shipment["items"] == [{"order_item_id": 61, "qty": 2}]
        assert memory.mails == [f"shipment {shipment['entity_id']}"]
        assert sql.run("select state, theirs from channels_shipment") == [
            ("told", str(shipment["entity_id"]))
        ]
        corner.ask()
        corner.tell_stock()
    assert (memory.goods.salable("HOODIE-M"), memory.goods.reserved["HOODIE-M"]) == (3, 0)
    assert memory.goods.written == 1, "telling of the parcel has changed nothing of what is salable"
    assert company.stock() == {"HOODIE-M@BER": (3, 0)}
    assert sql.run("select count(*) from orders_order") == [(1,)]
