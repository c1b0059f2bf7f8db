"""Units carried from bin to bin."""

from datetime import UTC, datetime

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.inbound.rules.put_away import BinRefused
from quartermaster.stock.actions import Move, NotEnoughStock, post
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.warehouse.actions import make_pick_list, move_units
from quartermaster.warehouse.actions.move import BeingPicked

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lamps():
    a_location("BER")
    sku = a_sku("LAMP")
    lay_bins(
        "BER", [BinWanted(code="Q", kind="quarantine"), BinWanted(code="B", units_max=2)], at=AT, by="test"
    )
    post([Move("in", sku, 5, "world:supplier", "BER/A", "received")], by="test", at=AT)


def move(units, source, target, **different):
    ordinary = {"key": f"{units}-{source}-{target}", "at": AT, "by": "test"}
    return move_units("BER", "LAMP", units, source, target, **{**ordinary, **different})


def sellable():
    return sql.run("select sellable from stock_level")[0][0]


def test_units_are_moved_once():
    for _ in range(2):
        assert move(2, "A", "BER/B", key="k").place == "BER/B"
    assert sql.run("select count(*) from core_event where name = 'UnitsMoved'") == [(1,)]
    with pytest.raises(NotEnoughStock):
        move(4, "A", "C")


def test_a_bin_takes_no_more_than_it_can_hold():
    with pytest.raises(BinRefused):
        move(3, "A", "B")


def test_what_lies_in_quarantine_is_not_sold():
    assert move(2, "A", "Q").state == "qc"
    assert sellable() == 3
    assert move(2, "Q", "A", state="qc").state == "available"
    assert sellable() == 5


def test_what_a_picker_is_on_the_way_to_stays_where_it_is():
    an_order(("LAMP", 3))
    make_pick_list("BER", at=AT, by="test")
    with pytest.raises(BeingPicked):
        move(3, "A", "C")
    assert move(2, "A", "C").units == 2


def test_a_move_that_makes_no_sense_is_refused():
    for units, source, target in ((0, "A", "B"), (1, "A", "A"), (1, "A", "x/y/z")):
        with pytest.raises(Invalid):
            move(units, source, target)
