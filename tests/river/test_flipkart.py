"""A Flipkart shipment on its way: it waits for its date, is picked without an address, gets Flipkart's own
label, and its courier is called once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from quartermaster.channels.actions import ask_shops, switch
from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.orders.actions import release_expired
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators import flipkart
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company
from .test_channels import DUE, shipments

NAME = "3f0a6c1e-77aa-4d1c-9d55-0b7e1c4a9001"


class Hub:
    """A seller at Flipkart, connected as `hub`, with one shipment."""

    def __init__(self, company: Company, simulator: Simulator, memory: flipkart.Flipkart) -> None:
        self.company, self.simulator, self.memory = company, simulator, memory
        connect("flipkart", "hub", {**flipkart.SETTINGS, "api_url": simulator.url}, at=NOW, by="user:1")
        switch("hub", mode="live", at=NOW, by="user:1")

    def ask(self) -> None:
        since = self.memory.clock - timedelta(days=1)
        sql.run("update channels_shop set next_at = now() - interval '1 hour', read_up_to = %s", (since,))
        while ask_shops():
            pass
        self.company.flow()

    def settle(self) -> None:
        for _ in range(6):
            self.company.flow()
            sql.run(DUE)
            if not carry_out():
                return

    def holds(self) -> list[tuple[str, bool]]:
        found = sql.run("select kind, expires_at is not null from orders_hold where released_at is null")
        return [tuple(row) for row in found]

    def label(self) -> tuple[int, str, str]:
        """Packed; its parcel, and what became of the label."""
        parcel = a_packed_parcel("SO-" + str(sql.run("select id from orders_order")[0][0]))
        self.settle()
        ((state, number),) = sql.run("select state, tracking_number from shipping_label")
        return parcel, state, number


@pytest.fixture
def hub(company: Company) -> Iterator[Hub]:
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    company.site("BLR", country="IN")
    company.sku("LAMP", BLR=5)
    memory = flipkart.Flipkart(packs_itself=False)
    with Simulator(memory) as simulator:
        yield Hub(company, simulator, memory)


def take(hub: Hub, **told: object) -> None:
    item = {
        "orderItemId": "11",
        "orderId": "OD1",
        "cancellationGroupId": "grp11",
        "sku": "LAMP",
        "quantity": 2,
        "paymentType": "COD",
        "status": "APPROVED",
        "orderDate": "2026-11-20T18:15:57.000+05:30",
        "priceComponents": {"sellingPrice": 598.5, "totalPrice": 598.5, "shippingCharge": 0.0},
    }
    with hub.simulator.lock:
        hub.memory.take({"shipmentId": NAME, "orderItems": [item], **told})


def test_a_shipment_waits_for_its_date_and_leaves_with_flipkarts_label(hub: Hub) -> None:
    after, by = now() + timedelta(hours=1), now() + timedelta(hours=3)
    take(hub, dispatchAfterDate=after.isoformat(), dispatchByDate=by.isoformat())
    hub.ask()
    assert hub.holds() == [("channel", True)]
    assert sql.run("select state, ship_by from allocation_allocation") == [("waiting", by)]

    assert release_expired(at=after) == 1
    hub.company.flow()
    assert sql.run("select state from allocation_allocation") == [("released",)]

    parcel, state, number = hub.label()
    assert (state, number) == ("bought", f"FMPC{NAME[-6:]}")
    manifest = scan_out(f"P-{parcel}", at=NOW, by="user:1").manifest
    assert close_manifest(manifest, at=NOW, by="user:1").parcels == 1
    hub.settle()

    assert (hub.memory.labels, hub.memory.called) == ([NAME], [NAME])
    assert shipments() == [("told", "")]
    hub.company.examine()


def test_a_hold_of_flipkarts_lasts_until_flipkart_ends_it(hub: Hub) -> None:
    after = now() + timedelta(hours=1)
    take(hub, dispatchAfterDate=after.isoformat())
    hub.ask()
    take(hub, dispatchAfterDate=after.isoformat(), hold=True)
    hub.ask()
    assert hub.holds() == [("channel", False)]
    assert release_expired(at=after) == 0
    take(hub)
    hub.ask()
    assert hub.holds() == []


def test_a_label_whose_answer_was_lost_is_made_once(hub: Hub) -> None:
    take(hub)
    hub.ask()
    hub.simulator.misbehave("labels", "late")
    hub.simulator.misbehave("paper", "500")
    _, state, _ = hub.label()
    assert (state, hub.memory.labels) == ("bought", [NAME])


def test_a_label_flipkart_refuses_says_why(hub: Hub) -> None:
    take(hub)
    hub.ask()
    hub.memory.shipments[NAME]["hold"] = True
    _, state, _ = hub.label()
    assert state == "refused"
    assert sql.run("select because from shipping_label") == [("on hold, or packed already",)]
