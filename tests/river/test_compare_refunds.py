"""A shop and we are compared by what was given back of each order."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from quartermaster.channels.actions import ask_shops, heal, pay_out, switch
from quartermaster.channels.actions.drifts import NothingToTell
from quartermaster.channels.queries.drifts import drifts
from quartermaster.core import sql
from quartermaster.core.moment import now

from .conftest import NOW, Company
from .corner import LONG_AGO, ORDER, Shop, a_corner_shop
from .test_channels_refunded import due, payouts, take_off_a_mug
from .test_compare import compared

HOURS_AGO = "update channels_payout set settled_at = settled_at - interval '2 hours'"


@pytest.fixture
def known(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The shop, connected a month ago, and told that one mug less is wanted: its money is due."""
    with a_corner_shop(company, monkeypatch) as corner:
        ask_shops()
        sql.run("update inbox_connection set created_at = %s", (LONG_AGO,))
        switch("corner", mode="live", at=NOW, by="user:1")
        corner.ask()
        take_off_a_mug()
        corner.settle()
        yield corner


def open_drifts() -> list[tuple[str, str, str, bool]]:
    found = drifts(connection="corner", state="open").items
    return [(one.kind, one.theirs, one.ours, one.can_tell_again) for one in found]


def test_a_refund_the_shop_lost_is_found_and_given_back_once_more(known: Shop) -> None:
    ((refund, minor, _),) = due()
    amount = f"EUR {minor / 100:.2f} given back"
    pay_out(refund, at=NOW, by="user:1")
    known.settle()
    with known.simulator.lock:  # it said yes, and nothing is there
        known.memory.refunds.clear()
        known.memory.take({**known.order, "refunds": []})
    assert compared(known)[3] == 0  # word of it may be under way
    sql.run(HOURS_AGO)

    assert compared(known)[3] == 1
    assert open_drifts() == [("refund", "EUR 0.00 given back", amount, True)]
    ((drift,),) = sql.run("select id from channels_drift where settled_at is null")
    heal(drift, at=now(), by="user:1")
    known.company.examine()
    known.settle()

    assert payouts() == [("told", minor)]
    assert known.memory.given_back(str(ORDER)) * 100 == minor
    assert compared(known)[3] == 0
    assert due() == [(refund, minor, "settled")]
    known.company.examine()


def test_a_refund_that_only_word_of_was_lost_is_not_given_back_twice(known: Shop) -> None:
    ((refund, minor, _),) = due()
    pay_out(refund, at=NOW, by="user:1")
    known.settle()
    given = known.order["refunds"]
    with known.simulator.lock:  # a cache: the list does not show it
        known.memory.orders[str(ORDER)]["refunds"] = []
    sql.run(HOURS_AGO)
    assert compared(known)[3] == 1
    ((drift,),) = sql.run("select id from channels_drift where settled_at is null")
    heal(drift, at=now(), by="user:1")
    known.settle()
    with known.simulator.lock:
        known.memory.take({**known.order, "refunds": given})

    assert compared(known)[3] == 0
    assert known.memory.given_back(str(ORDER)) * 100 == minor
    assert due() == [(refund, minor, "settled")]


def test_what_the_shop_told_it_gave_back_and_lists_no_more_is_a_difference(known: Shop) -> None:
    asked = {"id": ORDER, "amount": "1.50", "note": "a scratch"}
    with known.simulator.lock:
        known.memory.by_hand("refund", asked)
    assert compared(known)[3] == 0
    assert known.memory.given_back(str(ORDER)) == Decimal("1.50")
    with known.simulator.lock:  # gone, and the order says nothing of a change
        known.memory.orders[str(ORDER)]["refunds"] = []

    assert compared(known)[3] == 1
    assert open_drifts() == [("refund", "EUR 0.00 given back", "EUR 1.50 given back", False)]
    ((drift,),) = sql.run("select id from channels_drift where settled_at is null")
    with pytest.raises(NothingToTell, match="not asked"):
        heal(drift, at=now(), by="user:1")
    assert compared(known)[3:] == (0, 0)
