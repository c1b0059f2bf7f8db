"""A shop that is asked and told: an order no webhook brought, and a parcel it hears of once."""

from collections.abc import Iterator

import pytest

from quartermaster.channels.actions import ask_shops, switch
from quartermaster.channels.actions.switch import NoKey
from quartermaster.core import sql
from quartermaster.inbox.actions import connect, pause, resume
from quartermaster.testing.simulators import woocommerce

from .conftest import NOW, Company
from .corner import ORDER, Shop, a_corner_shop

TURNS = """
update channels_shop s set asked_at = now() - w.asked * interval '1 minute',
  next_at = now() - w.due * interval '1 minute'
from (values ('corner', 1, 60), ('patient', 9, 1)) w (slug, asked, due) join inbox_connection c using (slug)
where c.id = s.connection_id
"""
LAST = """
select c.slug from channels_shop s join inbox_connection c on c.id = s.connection_id
where s.asked_at is not null order by s.asked_at desc limit 1
"""


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with a_corner_shop(company, monkeypatch) as corner:
        yield corner


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
    assert {request.method for request in shop.simulator.requests} == {"GET"}

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
        "select failures, because, next_at > now() + interval '4 minutes' from channels_shop "
        "where asked_at is not null"
    )
    assert (failures, waits) == (1, True)
    assert "500" in because
    shop.ask()
    assert sql.run("select failures, because from channels_shop where asked_at is not null") == [(0, "")]
    assert shop.company.status(ORDER) == "allocated"


def test_a_connection_without_its_key_is_not_asked_and_says_what_it_lacks(shop: Shop) -> None:
    connect("woocommerce", "mute", {"webhook_secret": "simulated", "url": shop.simulator.url}, at=NOW, by="u")
    shop.ask()
    known = "select slug from channels_shop s join inbox_connection c on c.id = s.connection_id"
    assert sql.run(known) == [("corner",)]
    with pytest.raises(NoKey) as refused:
        switch("mute", mode="live", at=NOW, by="user:1")
    assert "Consumer key" in refused.value.remedy


def test_all_shops_that_are_due_are_asked_at_once_the_ones_asked_longest_ago_before_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {**woocommerce.SETTINGS, "url": shop.simulator.url}
    connect("woocommerce", "patient", settings, at=NOW, by="user:1")
    shop.ask()
    sql.run(TURNS)  # the corner shop has been due for an hour, and was asked a minute ago
    with monkeypatch.context() as fewer:
        fewer.setattr("quartermaster.channels.actions.ask.SHOPS_AT_ONCE", 1)
        before = len(shop.simulator.requests)
        assert ask_shops() == 1
        assert len(shop.simulator.requests) > before
        assert sql.run(LAST) == [("patient",)]
    sql.run(TURNS)
    assert ask_shops() == 2
