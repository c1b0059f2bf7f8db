"""Lanes learn their days from parcels that arrived, and the next promise is made with them."""

from datetime import date, timedelta

import pytest

from quartermaster.allocation.actions import set_lanes
from quartermaster.allocation.actions.write_rules import Lane
from quartermaster.core import sql
from quartermaster.core.queries import setting
from quartermaster.testing.builders import an_order
from quartermaster.tracking.actions.learn import AIM, learn

from .conftest import SENT, Road

NOW = SENT + timedelta(days=40)


def past(road: Road, parcels: int, days: int, *, promised_on: date | None = None) -> None:
    """Parcels that left on a Monday, and arrived so many days later."""
    monday = SENT - timedelta(days=1)
    order = road.order(("LAMP", 1))
    arrived = None if days < 0 else monday + timedelta(days=days)
    sql.run(
        """with sent as (
             insert into warehouse_parcel (order_id, location_id, state, carrier, made_at, handed_over_at,
               promised_on, external_id)
             select %s, (select id from stock_location where code = 'BER'), 'handed_over', 'post', %s, %s, %s,
               'x' || n from generate_series(1, %s) n returning id)
           insert into tracking_track (parcel_id, status, handed_over_at, delivered_at, due_at)
           select id, %s, %s, %s, %s::date + interval '1 day' from sent""",
        (order, monday, monday, promised_on, parcels, "in_transit" if days < 0 else "delivered", monday,
         arrived, promised_on),
    )  # fmt: skip


def lanes() -> list[tuple[str, str, int, int]]:
    return [
        (row[0], row[1], row[2], row[3])
        for row in sql.run("select country, region, days, n from allocation_transit order by 1, 2")
    ]


@pytest.fixture(autouse=True)
def lane(road: Road) -> None:
    set_lanes("BER", (Lane("DE", 490, "EUR", 1),), at=SENT, by="test")


def reason(number: str) -> str:
    return str(
        sql.run("select a.because::text from allocation_allocation a where a.order_id = %s", (number[3:],))
    )


def test_a_lane_with_enough_parcels_promises_with_their_days(road: Road):
    past(road, 95, 2)
    past(road, 5, 3)
    learn(at=NOW, by="test")
    assert lanes() == [("DE", "", 3, 100)]
    assert "3 days to DE (in which 95 % of 100 parcels arrived)" in reason(an_order(("LAMP", 1)))


def test_a_lane_with_too_few_keeps_the_days_of_its_table(road: Road):
    past(road, 20, 9)
    learn(at=NOW, by="test")
    assert lanes() == []
    assert ", 1 day to DE: promised" in reason(an_order(("LAMP", 1)))


def test_what_is_still_on_its_way_counts_against_a_short_promise(road: Road):
    past(road, 90, 2)
    past(road, 10, -1)
    learn(at=NOW, by="test")
    ((_, _, days, n),) = lanes()
    assert (days, n) == (2, 90)  # no parcel was ever seen to come later than that
    assert sql.run("select waiting::text from allocation_transit")[0][0].endswith("10]")


def test_learning_twice_changes_nothing_and_what_is_long_ago_is_forgotten(road: Road):
    past(road, 40, 2)
    learn(at=NOW, by="test")
    before = lanes()
    learn(at=NOW, by="test")
    assert lanes() == before == [("DE", "", 2, 40)]
    learn(at=NOW + timedelta(days=100), by="test")
    assert lanes() == []


def test_when_too_few_promises_are_kept_the_aim_goes_up(road: Road):
    past(road, 80, 2, promised_on=(NOW - timedelta(days=5)).date())
    past(road, 20, -1, promised_on=(NOW - timedelta(days=5)).date())
    lesson = learn(at=NOW, by="test")
    assert (lesson.kept, lesson.due) == (80, 100)
    assert setting(AIM) == pytest.approx(0.9875)
    assert lesson.share == pytest.approx(0.9875)


def test_a_promise_that_was_made_does_not_move(road: Road):
    number = an_order(("LAMP", 1))
    before = sql.run("select promised_on from orders_order where id = %s", (number[3:],))
    past(road, 100, 9)
    learn(at=NOW, by="test")
    assert sql.run("select promised_on from orders_order where id = %s", (number[3:],)) == before
