"""A Magento order: fetched, packed by its child's SKU, and told by its parent's id, once whatever is lost."""

from datetime import timedelta

import pytest

from quartermaster.channels.actions import switch
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


def test_an_order_is_fetched_sent_and_told_once_though_the_answer_is_lost(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    company.site("BER")
    company.sku("HOODIE-M", BER=5)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")  # nobody asks it here
    memory = magento.by_hand()
    memory.clock -= timedelta(hours=1)
    memory.by_hand("order", {"lines": [{"sku": "HOODIE-M", "quantity": 2, "price": 50}]})
    (number,) = memory.orders
    with Simulator(memory) as simulator:
        corner = Corner(company, simulator)
        memory.take({**memory.orders[number], "items": [HOODIE, {**CHILD, "qty_ordered": 2}]})
        corner.ask()
        assert company.stock() == {"HOODIE-M@BER": (5, 2)}
        switch("corner", mode="live", at=NOW, by="user:1")
        simulator.misbehave("ship", "late")

        corner.ship()

        (shipment,) = memory.documents["shipments"]
        assert shipment["items"] == [{"order_item_id": 61, "qty": 2}]
        assert memory.mails == [f"shipment {shipment['entity_id']}"]
        assert sql.run("select state, theirs from channels_shipment") == [
            ("told", str(shipment["entity_id"]))
        ]
        corner.ask()
    assert company.stock() == {"HOODIE-M@BER": (3, 0)}
    assert sql.run("select count(*) from orders_order") == [(1,)]
