"""A Flipkart shipment on its way: it waits for its date, is picked without an address, gets Flipkart's own
label, and its courier is called once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from quartermaster import connectors
from quartermaster.channels.actions import ask_shops, switch
from quartermaster.channels.actions.ask import Asked, _keep
from quartermaster.channels.ports import Changes
from quartermaster.connectors.flipkart.translate import HINT
from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.inbox.actions.keep import Arrival, take_down
from quartermaster.orders.actions import release_expired
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators import flipkart
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company
from .corner import DUE

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
    after, by = now() + timedelta(minutes=10), now() + timedelta(minutes=20)  # hours might end the day
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
    assert sql.run("select state, because from channels_shipment") == [("told", "")]
    hub.company.examine()


def hinted(hub: Hub, *kinds: str) -> None:
    """Notifications come in, each with other bytes."""
    ((which,),) = sql.run("select id from inbox_connection where slug = 'hub'")
    with transaction.atomic():
        take_down(
            [
                Arrival(which, "", HINT, {}, b'{"eventType": "%s", "n": %d}' % (kind.encode(), n), NOW)
                for n, kind in enumerate(kinds)
            ]
        )
    hub.company.flow()


def next_in() -> timedelta:
    """From the last question to the next."""
    ((wait,),) = sql.run("select next_at - asked_at from channels_shop")
    return wait


def test_a_hint_has_flipkart_asked_at_once_and_a_thousand_no_more_often(hub: Hub) -> None:
    hub.ask()
    assert next_in() == timedelta(minutes=5)
    asked = len(hub.simulator.requests)

    hinted(hub, *(f"shipment_{n}" for n in range(40)))

    assert next_in() == timedelta(seconds=30)
    assert sql.run("select count(*) from core_event where name = 'HintHeard'") == [(1,)]
    assert len(hub.simulator.requests) == asked  # it was asked just now
    take(hub)
    sql.run(
        "update channels_shop set next_at = now(), read_up_to = %s", (hub.memory.clock - timedelta(days=1),)
    )
    hub.company.flow()
    assert sql.run("select count(*) from orders_order") == [(1,)]
    assert next_in() == timedelta(minutes=5)


def test_what_is_hinted_while_a_round_is_read_is_for_the_round_after(hub: Hub) -> None:
    hub.ask()
    sql.run("update channels_shop set cursor = 'x', next_at = now() + interval '1 hour', hinted_at = null")
    hinted(hub, "shipment_created")
    ((left, is_noted),) = sql.run(
        "select next_at > now() + interval '50 minutes', hinted_at is not null from channels_shop"
    )
    assert (left, is_noted) == (True, True)

    sql.run("update channels_shop set cursor = ''")
    page = Changes((), "", up_to=now())
    ((which,),) = sql.run("select id from inbox_connection where slug = 'hub'")
    _keep(Asked(which, "hub", NOW, "", 0), page, at=now())

    assert next_in() == timedelta(seconds=30)


def test_hints_do_not_hasten_a_shop_that_does_not_answer(hub: Hub) -> None:
    hub.ask()
    hub.simulator.misbehave("*", "500", "500", "500")
    sql.run("update channels_shop set next_at = now() - interval '1 hour'")
    ask_shops()
    before = sql.run("select failures, next_at from channels_shop")

    hinted(hub, "shipment_created")

    assert before[0][0] == 1
    assert sql.run("select failures, next_at from channels_shop") == before


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


RECORDED = Path(connectors.__file__).parent / "flipkart" / "recordings"
TOLD = ("approved", "on_hold", "split", "split_off", "part_cancelled", "cancelled", "packed")
STATE = """
select o.external_id, o.status, o.total_minor, o.cancelled_because, o.source_version,
  (select string_agg(concat_ws(' ', l.external_id, l.ordered, l.cancelled, l.wanted, l.fulfilled), ', '
    order by l.external_id) from orders_line l where l.order_id = o.id and l.wanted > 0),
  (select string_agg(h.kind || h.because || coalesce(h.expires_at::text, ''), ', ' order by h.kind)
    from orders_hold h where h.order_id = o.id and h.released_at is null)
from orders_order o join inbox_connection c on c.id = o.connection_id where c.slug = %s order by 1
"""


def test_shipments_split_and_cancelled_come_out_the_same_in_whatever_order_they_are_told(hub: Hub) -> None:
    bodies = [(RECORDED / f"shipment_{name}.json").read_bytes() for name in TOLD]
    dice, found = Random(5), []
    for n in range(3):
        told = dice.sample(bodies, len(bodies)) if n else bodies
        connect("flipkart", f"hub-{n}", flipkart.SETTINGS, at=NOW, by="user:1")
        ((shop,),) = sql.run("select id from inbox_connection where slug = %s", (f"hub-{n}",))
        for body in told:
            with transaction.atomic():
                take_down([Arrival(shop, "", "shipment", {"source": "fetched"}, body, NOW)])
            hub.company.flow()
        found.append(sql.run(STATE, (f"hub-{n}",)))
    assert [len(each) for each in found] == [2] * 3
    assert all(each == found[0] for each in found)


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
