"""A Shopify shop whose webhook is lost, fetched, and comes all the same; and a parcel it hears of once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from quartermaster.channels.actions import ask_shops, compare, compare_shops, switch
from quartermaster.channels.queries.drifts import ComparisonShown, comparisons
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.inbox.actions.keep import Arrival, take_down
from quartermaster.orders.actions import cancel
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators import shopify
from quartermaster.testing.simulators.sending import Delivery
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company

DUE = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null
"""


class Shop:
    def __init__(self, company: Company, has: shopify.Shopify, simulator: Simulator) -> None:
        self.company, self.has, self.simulator = company, has, simulator
        connect("shopify", "lamps", {**shopify.SETTINGS, "api_url": simulator.url}, at=NOW, by="user:1")
        switch("lamps", mode="live", at=NOW, by="user:1")
        for topic in ("ORDERS_CREATE", "ORDERS_UPDATED"):
            has.put(topic, "in/lamps")

    def ask(self) -> None:
        """All pages of a round, and what comes of them."""
        sql.run(
            "update channels_shop set next_at = now() - interval '1 hour', read_up_to = %s",
            (NOW - timedelta(days=30),),
        )
        while ask_shops():
            pass
        self.company.flow()

    def bring(self) -> None:
        """What its webhooks say comes in."""
        ((which,),) = sql.run("select id from inbox_connection where slug = 'lamps'")

        def come(one: Delivery) -> int:
            delivery, topic = one.headers["X-Shopify-Webhook-Id"], one.headers["X-Shopify-Topic"]
            take_down([Arrival(which, delivery, topic, one.headers, one.body, NOW)])
            return 200

        self.has.mail.bring(come)
        self.company.flow()

    def settle(self) -> None:
        for _ in range(6):
            self.company.flow()
            sql.run(DUE)
            if not carry_out():
                return


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    company.site("BER")
    company.sku("LAMP", BER=5)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")  # nobody asks it here
    has = shopify.Shopify()
    with Simulator(has) as simulator:
        yield Shop(company, has, simulator)


DUE_AGAIN = "update channels_comparison set next_at = now() - interval '1 second' where ended_at is null"


def asked_for() -> ComparisonShown:
    """The comparison that a person asked for; others begin by themselves."""
    (found,) = (one for one in comparisons("lamps") if one.asked_by == "user:1")
    return found


def test_a_back_fill_is_gathered_by_shopify_and_says_so_and_brings_each_order_once(shop: Shop) -> None:
    for _ in range(6):
        shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 1, "price": "19.90"}]})
    shop.bring()  # of these its webhooks had told
    told = versions()
    for _ in range(2):
        shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 1, "price": "19.90"}]})
    shop.has.bulk_polls = 2
    connect("shopify", "lamps", {"bulk_from": "5"}, at=NOW, by="user:1")
    compare("lamps", since=NOW - timedelta(days=60), at=now(), by="user:1")

    assert compare_shops() == 1
    assert compare_shops() == 0  # not before Shopify had time
    notes = []
    while (done := asked_for()).phase != "done":
        notes.append(done.note)
        sql.run(DUE_AGAIN)
        compare_shops()
        shop.company.flow()

    assert (done.phase, done.listed, done.found, done.note) == ("done", 8, 0, "")
    so_far = "Shopify gathers them, 8 so far"
    assert notes[:3] == ["Shopify gathers them", so_far, so_far]
    assert versions()[:6] == told
    assert len(versions()) == 8
    shop.company.examine()


def versions() -> list[tuple[int, str]]:
    return [tuple(row) for row in sql.run("select version, source_version from orders_order order by id")]


def test_a_webhook_that_comes_after_its_order_was_fetched_changes_nothing(shop: Shop) -> None:
    said = shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 2, "price": "19.90"}]})
    order = said["id"]  # type: ignore[index]
    shop.ask()
    assert shop.company.status(order) == "allocated"
    before = versions()

    shop.bring()

    assert versions() == before
    states = sql.run("select topic, state from inbox_message order by id")
    assert [tuple(row) for row in states] == [("fetched/order", "used"), ("orders/create", "ignored")]
    shop.company.examine()


def test_a_parcel_is_a_fulfillment_with_one_mail_whatever_becomes_of_the_answer(shop: Shop) -> None:
    said = shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 2, "price": "19.90"}]})
    order = said["id"]  # type: ignore[index]
    shop.bring()
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    parcel = a_packed_parcel(number)
    shop.settle()
    manifest = scan_out(f"P-{parcel}", at=NOW, by="user:1").manifest
    close_manifest(manifest, at=NOW, by="user:1")
    shop.simulator.misbehave("CreateFulfillment", "late", "429")

    shop.settle()

    ((state, theirs),) = sql.run("select state, theirs from channels_shipment")
    (sent,) = shop.has.orders[str(order)]["fulfillments"]  # type: ignore[misc]
    assert (state, theirs) == ("told", str(sent["id"]))
    assert sent["tracking_url"].endswith(f"#P-{parcel}")
    assert len(shop.has.mails) == 1
    shop.bring()  # the shop's own word that it is fulfilled changes nothing here
    assert shop.company.status(order) == "shipped"
    assert shop.company.stock() == {"LAMP@BER": (3, 0)}
    shop.company.examine()


def test_units_cancelled_here_are_edited_off_there_and_not_told_back_as_others(shop: Shop) -> None:
    said = shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 3, "price": "19.90"}]})
    order = said["id"]  # type: ignore[index]
    shop.bring()
    ((number, line),) = sql.run("select 'SO-' || order_id, id from orders_line")
    cancel(number, because="the buyer rang", lines={line: 1}, at=NOW, by="user:1")
    shop.simulator.misbehave("CommitEdit", "late")  # it happened, and nobody said so

    shop.settle()

    assert [tuple(row) for row in sql.run("select is_whole, state from channels_cancellation")] == [
        (False, "told")
    ]
    assert (shop.has.open_units(str(order)), shop.has.edited) == (2, 1)
    shop.bring()
    (units,) = shop.company.units(order)
    assert units == {"ordered": 3, "allocated": 2, "cancelled": 1}
    assert shop.company.stock() == {"LAMP@BER": (5, 2)}
    shop.company.examine()


def test_a_count_that_is_compared_ends_at_our_number_though_buyers_were_quicker(shop: Shop) -> None:
    name = shop.has.offer("LAMP", 9, "19.90")
    item = f"gid://shopify/InventoryItem/{name.split('/')[2]}", "gid://shopify/Location/1"
    sql.run("update channels_goods set read_next_at = now()")
    shop.company.flow()
    assert shop.has.counts[item] == 5

    shop.has.counts[item] -= 1  # somebody buys it there, and its webhook is on its way
    shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 1, "price": "19.90"}]})
    shop.company.receive("LAMP", BER=3)
    shop.settle()
    shop.bring()
    for _ in range(3):
        sql.run("update channels_listing set next_at = now() - interval '1 second' where state = 'due'")
        shop.settle()

    assert shop.company.stock() == {"LAMP@BER": (8, 1)}
    assert shop.has.counts[item] == 7
    ((state, confirmed),) = sql.run("select state, confirmed from channels_listing")
    assert (state, confirmed) == ("idle", 7)
    compared = [
        one.body["variables"]["input"] for one in shop.simulator.requests if one.operation == "SetQuantities"
    ]
    assert [row["quantities"][0]["changeFromQuantity"] for row in compared][:2] == [9, 5]
