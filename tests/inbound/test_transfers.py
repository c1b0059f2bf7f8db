import pytest

from quartermaster.core.errors import Invalid
from quartermaster.inbound.actions import close_arrival, put_away
from quartermaster.inbound.actions.transfers import (
    TransferOver,
    cancel_transfer,
    make_transfer,
    ship_transfer,
)
from quartermaster.inbound.queries.transfers import transfer
from quartermaster.stock.actions import Move, NotEnoughStock, StockIsPromised, post
from quartermaster.testing.builders import a_location, an_order

from .conftest import AT

BY = {"at": AT, "by": "test"}


@pytest.fixture
def two(dock):
    a_location("MUC")
    post([Move("in", dock.sku, 10, "world:supplier", "BER/A-1", "received", lot="L1")], **BY)
    return dock


def make(units=6):
    return make_transfer("BER", "MUC", {"LAMP": units}, because="evened out", **BY)


def test_units_under_way_are_at_no_site_to_be_sold_and_incoming_at_the_other(two):
    made = make()
    assert two.level() == (10, 10, 0)
    arrival = ship_transfer(made, **BY)
    assert ship_transfer(made, **BY) == arrival
    assert (two.level()[1], two.level("MUC")) == (4, (0, 0, 6))
    assert two.held()[f"BER/IN-TRANSIT/TR-{made}", "in_transit"] == 6


def test_it_comes_in_parts_and_what_does_not_come_is_lost(two):
    made = make()
    arrival = ship_transfer(made, **BY)
    two.scan(arrival, 3, lot="L1")
    two.scan(arrival, 1, lot="L1")
    (line,) = transfer(made).lines
    assert (line.received, line.under_way) == (4, 2)
    assert two.level("MUC") == (4, 0, 2)
    with pytest.raises(TransferOver):
        cancel_transfer(made, because="too late", **BY)
    with pytest.raises(Invalid):
        close_arrival(arrival, **BY)
    close_arrival(arrival, because="two fell off", **BY)
    (line,) = transfer(made).lines
    assert (transfer(made).state, line.lost, line.under_way) == ("received", 2, 0)
    assert two.held() == {("BER/A-1", "available"): 4, ("MUC/DOCK", "received"): 4}
    put_away("MUC", "LAMP", 4, "B-1", key="p", lot="L1", **BY)
    assert two.level("MUC") == (4, 4, 0)


def test_more_than_was_sent_is_received_with_a_reason_and_found_in_the_ledger(two):
    arrival = ship_transfer(make(2), **BY)
    two.scan(arrival, 3, lot="L1", because="one more in the box")
    close_arrival(arrival, **BY)
    assert two.level("MUC") == (3, 0, 0)
    assert two.level()[0] == 8


def test_what_was_promised_stays_and_what_is_not_there_cannot_go(two):
    an_order(("LAMP", 8))
    with pytest.raises(StockIsPromised):
        ship_transfer(make(), **BY)
    with pytest.raises(NotEnoughStock):
        ship_transfer(make(11), **BY)


def test_a_transfer_that_is_cancelled_brings_its_units_back(two):
    made = make()
    cancel_transfer(make(), because="not needed", **BY)
    ship_transfer(made, **BY)
    for _ in range(2):
        cancel_transfer(made, because="the road is closed", **BY)
    assert (two.level(), two.level("MUC")) == ((10, 10, 0), (0, 0, 0))
    with pytest.raises(TransferOver):
        ship_transfer(made, **BY)


def test_a_transfer_that_makes_no_sense_is_refused(two):
    with pytest.raises(Invalid):
        make_transfer("BER", "BER", {}, because=" ", **BY)
