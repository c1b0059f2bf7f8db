"""Amazon's orders on their way: what waits for Amazon, what is ours to ship, and what never is."""

from datetime import timedelta
from decimal import Decimal

from quartermaster.channels.actions import (
    ask_shops,
    compare,
    compare_shops,
    fetch_waiting,
    see_to_hooks,
    switch,
)
from quartermaster.channels.queries.health import one_health
from quartermaster.channels.rules.health import light
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.inbox import queries
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.amazon_changes import with_a_unit_less
from quartermaster.testing.simulators.amazon_queue import settings
from quartermaster.testing.simulators.sending import Line
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company

LINES = [{"sku": "LAMP", "quantity": 2, "price": "19.90"}]
OURS, THEIRS = "302-1234567-0000001", "302-1234567-0000002"


def ask(company: Company) -> None:
    """All pages of a round, and what comes of them."""
    sql.run(
        "update channels_shop set next_at = now() - interval '1 hour', read_up_to = now() - interval '3 days'"
    )
    while ask_shops():
        pass
    company.flow()


def test_a_pending_order_keeps_its_units_and_goes_on_and_what_amazon_ships_is_only_counted(company: Company):
    company.site("BER")
    company.sku("LAMP", BER=5)
    shop = amazon.Amazon()
    with Simulator(shop) as simulator:
        connect("amazon", "river", {**amazon.SETTINGS, "api_url": simulator.url}, at=NOW, by="user:1")
        shop.take(amazon.sold(OURS, LINES, status="PENDING"))
        shop.take(amazon.sold(THEIRS, LINES, by="AMAZON"))
        ask(company)
        assert company.status(OURS) == "on_hold"
        assert company.stock() == {"LAMP@BER": (5, 2)}, "one order is ours, and Amazon has sold its units"

        shop.by_hand("change", {"id": OURS, "status": "UNSHIPPED"})
        ask(company)

    ours, theirs = company.order(OURS), company.order(THEIRS)
    assert (ours.status, list(ours.holds)) == ("allocated", [])
    assert (ours.totals.total.minor, ours.totals.total.currency) == (3980, "EUR")
    assert company.stock() == {"LAMP@BER": (5, 2)}
    assert (list(theirs.holds), theirs.totals.paid.minor) == ([], 3980)
    assert company.units(THEIRS) == [{"ordered": 2, "open": 2}]


def test_what_waits_in_the_queue_is_here_at_once_and_taken_off_it_only_then(company: Company):
    company.site("BER")
    company.sku("LAMP", BER=5)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    shop = amazon.Amazon()
    with Simulator(shop) as simulator:
        told = {**amazon.SETTINGS, "api_url": simulator.url, **settings(simulator.url)}
        connect("amazon", "river", told, at=NOW, by="user:1")
        switch("river", mode="live", at=NOW, by="user:1")
        see_to_hooks()
        assert list(shop.queue.subscriptions) == ["ORDER_CHANGE"]
        shop.queue.mail.line = Line(doubled=1.0, delayed=0.5, is_shuffled=True)
        shop.take(amazon.sold(OURS, LINES))
        shop.queue.put("no JSON")
        simulator.misbehave("queue", "slow", "down")  # it was kept, and could not be deleted

        assert fetch_waiting() == 0
        company.flow()
        assert company.status(OURS) == "allocated"
        assert shop.queue.deleted == 0
        ((because,),) = sql.run("select because from channels_queue where failures = 1")
        assert "cannot be reached" in because or "no clear answer" in because
        assert light(one_health("river", now()), now()).tone == "warn"
        for _ in range(6):
            shop.queue.later()
            sql.run("update channels_queue set next_at = now() - interval '1 second'")
            fetch_waiting()
            company.flow()

    assert (shop.queue.waiting, shop.queue.deleted >= 2) == ({}, True)
    states = sql.run("select topic, state, count(*) from inbox_message group by 1, 2 order by 1, 2")
    assert [tuple(row) for row in states] == [
        ("notification", "ignored", 1),
        ("notification", "unreadable", 1),
        ("orders/2026-01-01", "used", 1),
    ]
    assert company.stock() == {"LAMP@BER": (5, 2)}
    company.examine()


def test_what_amazon_gave_back_is_with_its_order_once_and_is_no_difference(company: Company):
    company.site("BER")
    company.sku("LAMP", BER=5)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    shop = amazon.Amazon()
    shop.finances.defers = True  # booked once more when it is released
    with Simulator(shop) as simulator:
        told = {**amazon.SETTINGS, "api_url": simulator.url, "refunds": "yes"}
        connect("amazon", "river", told, at=NOW, by="user:1")
        shop.finances.give_back(OURS, Decimal("5.00"), shop.clock, "a scratch")
        ask(company)
        waits = sql.run("select state, waits_for is null from inbox_message")
        assert [tuple(row) for row in waits] == [("received", False)] * 2, "its order has not come"
        shop.take(amazon.sold(OURS, LINES))
        ask(company)
        assert sql.run("select refunded_minor from orders_order") == [(500,)]
        shop.by_hand("change", {"id": OURS, "status": "UNSHIPPED"})  # a newer version says nothing of it
        ask(company)

        compare("river", since=NOW, at=now(), by="user:1")
        for _ in range(5):
            sql.run("update channels_comparison set next_at = now() - interval '1 second'")
            compare_shops()
            company.flow()

    assert {phase for (phase,) in sql.run("select phase from channels_comparison")} == {"done"}
    assert sql.run("select count(*) from channels_drift where kind = 'refund'") == [(0,)]
    assert sql.run("select external_id, amount_minor from orders_refund") == [("tx-1", 500)]
    assert sql.run("select refunded_minor from orders_order") == [(500,)]
    company.examine()


def test_a_unit_the_buyer_cancelled_at_amazon_is_let_go_and_the_order_comes_to_less(company: Company):
    company.site("BER")
    company.sku("LAMP", BER=5)
    shop = amazon.Amazon()
    with Simulator(shop) as simulator:
        connect("amazon", "river", {**amazon.SETTINGS, "api_url": simulator.url}, at=NOW, by="user:1")
        shop.take(amazon.sold(OURS, LINES))
        ask(company)
        assert company.stock() == {"LAMP@BER": (5, 2)}
        fewer = with_a_unit_less(shop.orders[OURS])
        assert fewer is not None
        shop.take(fewer)
        ask(company)

    order = company.order(OURS)
    assert (order.status, order.totals.total.minor) == ("allocated", 1990)
    assert company.stock() == {"LAMP@BER": (5, 1)}
    assert company.units(OURS) == [{"ordered": 1, "allocated": 1}]
    assert sql.run("select count(*) from money_refund") == [(0,)], "Amazon has taken no money yet"
    company.examine()


def test_a_client_secret_that_amazon_replaces_is_taken_over_when_amazon_lets_us_in_with_it(company: Company):
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    shop = amazon.Amazon()
    with Simulator(shop) as simulator:
        told = {**amazon.SETTINGS, "api_url": simulator.url, **settings(simulator.url)}
        connect("amazon", "river", told, at=NOW, by="user:1")
        shop.queue.tell_new_secret(
            amazon.CLIENT,
            "amzn1.canary",
            ends_at="2027-05-22T10:00:00Z",
            old_ends_at="2026-11-30T10:00:00Z",
            at=(NOW + timedelta(hours=1)).isoformat(),
        )
        simulator.misbehave("token", "500")  # whether it counts is not known

        fetch()
        assert queries.connection("river").keys_end_by["client_secret"]["by"] == "rule"
        assert shop.queue.deleted == 0
        shop.secrets = {"amzn1.canary"}
        fetch()
        assert shop.queue.deleted == 0, "it is hidden for a minute"
        shop.queue.later()
        fetch()

    known = queries.connection("river")
    assert (known.keys_end, known.keys_end_by["client_secret"]["by"]) == (
        {"client_secret": "2027-05-22"},
        "shop",
    )
    assert queries.opened(known)["client_secret"][0].value == "amzn1.canary"
    assert shop.queue.deleted == 1
    ((body,),) = sql.run("select convert_from(body, 'utf-8') from inbox_message where topic = 'notification'")
    assert "canary" not in body
    company.examine()


def fetch() -> None:
    sql.run("update channels_queue set next_at = now() - interval '1 second'")
    fetch_waiting()
