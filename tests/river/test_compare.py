"""A shop and we are compared: what was missed is fetched, what differs is kept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from quartermaster.channels.actions import ask_shops, compare, compare_shops, heal, let_be, switch
from quartermaster.channels.actions.drifts import Comparing, NothingToTell
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.moment import now
from quartermaster.orders.actions import cancel

from .conftest import NOW, Company
from .corner import LONG_AGO, ORDER, Shop, a_corner_shop
from .test_channels import shipments

OPEN = "select kind, reference, theirs from channels_drift where settled_at is null order by id"
ALL = "select kind, reference, settled_by, settled_because from channels_drift order by id"
HOURS_AGO = "update channels_shipment set settled_at = now() - interval '2 hours'"
ENDED = "select phase, listed, late, found, settled from channels_comparison order by id desc limit 1"


def compared(shop: Shop) -> tuple[object, ...]:
    """A comparison from its first page to its judgement: (phase, listed, late, found, settled)."""
    compare("corner", since=LONG_AGO, at=now(), by="user:1")
    return finish(shop)


def finish(shop: Shop) -> tuple[object, ...]:
    for _ in range(20):
        sql.run("update channels_comparison set next_at = now() - interval '1 second' where ended_at is null")
        if not compare_shops():
            break
        shop.company.flow()
    return sql.run(ENDED)[0]


@pytest.fixture
def known(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The shop, connected a month ago."""
    with a_corner_shop(company, monkeypatch) as corner:
        ask_shops()
        sql.run("update inbox_connection set created_at = %s", (LONG_AGO,))
        yield corner


def test_an_order_that_nobody_told_of_is_fetched_and_said_to_have_been_missed(known: Shop) -> None:
    with known.simulator.lock:  # an hour before anybody asked
        known.memory.orders[str(ORDER)]["date_modified_gmt"] = "2026-11-20T12:00:00"

    assert compared(known) == ("done", 1, 1, 0, 0)

    assert known.company.status(ORDER) == "allocated"
    ((kind, reference, by, because),) = sql.run(ALL)
    assert (kind, by, because) == ("late", "system", "fetched by the comparison")
    assert reference == f"#{ORDER}"
    assert compared(known) == ("done", 1, 0, 0, 0)
    known.company.examine()


def test_an_order_whose_message_is_stuck_is_missing_until_it_is_read(known: Shop) -> None:
    compare("corner", since=LONG_AGO, at=now(), by="user:1")
    assert compare_shops() == 1
    sql.run("update inbox_message set state = 'stuck', because = 'a fault of ours'")
    finish(known)
    assert [tuple(row[:2]) for row in sql.run(OPEN)] == [("missing", str(ORDER))]

    sql.run("update inbox_message set state = 'received', because = ''")
    known.company.flow()
    assert compared(known)[3:] == (0, 1)
    assert sql.run(OPEN) == []


def test_what_the_shop_lost_is_found_and_told_once_more(known: Shop) -> None:
    switch("corner", mode="live", at=NOW, by="user:1")
    known.ask()
    known.ship()
    assert compared(known)[3] == 0
    with known.simulator.lock:  # somebody at the shop set it back
        known.memory.take({**known.order, "status": "processing", "meta_data": []})
    sql.run(HOURS_AGO)

    assert compared(known)[3] == 1
    ((kind, _, theirs),) = sql.run(OPEN)
    assert (kind, theirs) == ("unshipped", "0 units have left")
    assert compared(known)[3:] == (0, 0)  # found once

    ((drift,),) = sql.run("select id from channels_drift where settled_at is null")
    heal(drift, at=now(), by="user:1")
    known.settle()
    assert shipments() == [("told", "")]
    assert known.order["status"] == "completed"
    assert len(known.memory.mails) == 1  # the buyer had his mail
    assert compared(known)[3] == 0
    known.company.examine()


def test_an_order_that_was_cancelled_here_alone_differs_until_it_is_cancelled_there(known: Shop) -> None:
    known.ask()
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    cancel(number, because="the buyer called", at=now() - timedelta(hours=3), by="user:1")
    assert compared(known)[3:] == (1, 0)
    assert [tuple(row) for row in sql.run(OPEN)] == [("uncancelled", number, "the order stands")]
    ((drift,),) = sql.run("select id from channels_drift where settled_at is null")
    with pytest.raises(NothingToTell):
        heal(drift, at=now(), by="user:1")

    with known.simulator.lock:
        known.memory.take({**known.order, "status": "cancelled"})
    assert compared(known)[3:] == (0, 1)
    assert sql.run(OPEN) == []


def test_what_a_person_let_be_does_not_come_back_while_it_is_the_same(known: Shop) -> None:
    known.ask()
    sql.run(
        "update orders_order set captured_at = now() - interval '1 day', placed_at = now() - interval '1 day'"
    )
    with known.simulator.lock:
        known.memory.orders.clear()
    assert compared(known)[3:] == (1, 0)
    ((drift,),) = sql.run("select id from channels_drift where settled_at is null and kind = 'vanished'")
    with pytest.raises(Invalid):
        let_be(drift, because=" ", at=now(), by="user:1")
    let_be(drift, because="deleted by its owner, who told us", at=now(), by="user:1")
    with pytest.raises(NotFound):
        let_be(drift, because="twice", at=now(), by="user:1")
    assert compared(known)[3:] == (0, 0)
    assert sql.run(OPEN) == []


def test_one_comparison_at_a_time_and_none_of_days_to_come(known: Shop) -> None:
    with pytest.raises(Invalid):
        compare("corner", since=now() + timedelta(days=1), at=now(), by="user:1")
    compare("corner", since=LONG_AGO, at=now(), by="user:1")
    with pytest.raises(Comparing):
        compare("corner", since=LONG_AGO, at=now(), by="user:1")


def test_a_shop_that_does_not_answer_is_compared_later(known: Shop) -> None:
    known.simulator.misbehave("list", "down")
    compare("corner", since=LONG_AGO, at=now(), by="user:1")
    assert compare_shops() == 1
    ((failures, because),) = sql.run("select failures, because from channels_comparison")
    assert failures == 1
    assert because
    assert compare_shops() == 0  # not at once
    assert finish(known)[:2] == ("done", 1)


def test_every_shop_is_compared_once_a_day_by_itself(known: Shop) -> None:
    assert compare_shops() == 1
    finish(known)
    assert compare_shops() == 0
    ((asked_by, phase),) = sql.run("select asked_by, phase from channels_comparison")
    assert (asked_by, phase) == ("system", "done")
