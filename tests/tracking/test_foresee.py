"""What will be late is said before it is; what was lost is claimed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.allocation.rules.transit import Transit
from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.tracking.actions.foresee import THRESHOLD, Foreseen, foresee
from quartermaster.tracking.queries import late
from quartermaster.tracking.queries.late import LOST_AFTER
from quartermaster.tracking.rules.risk import outlook

from .conftest import SENT, Road

MONDAY = date(2026, 11, 23)
LANE = Transit((0, 60, 30, 5, 5))  # of a hundred: most are there on the first day, all on the fourth


def test_a_parcel_that_has_not_moved_loses_its_chance_day_by_day():
    thursday = MONDAY + timedelta(days=3)
    said = [
        outlook(LANE, left_on=MONDAY, promised_on=thursday, today=MONDAY + timedelta(days=n))
        for n in range(4)
    ]
    # Of 100: 95 come by then; after the first day 35 of 40 that are left, after the second 5 of 10.
    assert [round(one.chance, 3) for one in said] == [0.95, 0.95, 0.875, 0.5]
    assert said[3].because == (
        "3 days under way, 3 promised: 50 % of the parcels of its lane arrive in time from here"
    )


def test_what_is_later_than_any_that_came_has_no_chance():
    said = outlook(LANE, left_on=MONDAY, promised_on=date(2026, 12, 4), today=date(2026, 12, 3))
    assert said.chance == 0
    assert said.because.endswith("none of 100 parcels of its lane came so late")


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(lambda came: sum(came) > 0),
    st.integers(0, 25),
    st.integers(0, 25),
)
def test_a_chance_is_a_chance_and_a_later_promise_is_never_worse(came: list[int], days: int, gone: int):
    today = MONDAY + timedelta(days=gone)
    near = max(today, MONDAY + timedelta(days=days))
    asked = {"left_on": MONDAY, "today": today}
    first = outlook(Transit(tuple(came)), promised_on=near, **asked)
    later = outlook(Transit(tuple(came)), promised_on=near + timedelta(days=7), **asked)
    assert 0 <= first.chance <= later.chance + 1e-9 <= 1 + 1e-8 or later.because.endswith("so late")


@pytest.fixture
def parcel(road: Road) -> int:
    """Left on Tuesday for DE, promised for Thursday."""
    sql.run(
        """insert into allocation_transit (location_id, country, region, days, share, n, arrived, waiting,
             learned_at)
           select id, 'DE', '', 2, 0.95, 100, '[0, 30, 65, 5]', '[]', %s from stock_location
           where code = 'BER'""",
        (SENT,),
    )
    return sent(road, "T1")


def sent(road: Road, number: str) -> int:
    order, promised_on = road.order(("LAMP", 1)), SENT.date() + timedelta(days=2)
    parcel_id = road.sent(order, ("LAMP", "LAMP", 1), promised_on=promised_on, number=number)
    sql.run("update warehouse_parcel_item set line_units = 1 where parcel_id = %s", (parcel_id,))
    return parcel_id


def test_it_is_listed_told_once_and_leaves_the_list_when_it_is_there(road: Road, parcel: int):
    keep_setting(THRESHOLD, 0.95, at=SENT, by="test")
    assert foresee(at=SENT, by="test") == Foreseen(0, 0, 0)
    thursday = SENT + timedelta(days=2)
    assert foresee(at=thursday, by="test") == Foreseen(1, 1, 0)
    assert foresee(at=thursday + timedelta(hours=1), by="test") == Foreseen(1, 0, 0)
    (row,) = late("foreseen", at=thursday).items
    assert row.because == (
        "2 days under way, 2 promised: 93 % of the parcels of its lane arrive in time from here"
    )
    assert sql.run("select count(*) from core_event where name = 'LateForeseen'") == [(1,)]
    road.tell((parcel, 50, "delivered"))
    assert late("foreseen", at=thursday).items == []
    assert foresee(at=thursday + timedelta(hours=3), by="test").at_risk == 0
    assert sql.run("select 1 from tracking_risk") == []


def test_a_lost_parcel_is_claimed_once_and_the_claim_is_taken_back_when_it_comes(road: Road, parcel: int):
    keep_setting(LOST_AFTER, 7, at=SENT, by="test")
    assert foresee(at=SENT + timedelta(days=6), by="test").lost == 0
    after = SENT + timedelta(days=8)
    assert [foresee(at=after, by="test").lost for _ in range(2)] == [1, 0]
    ((kind, state, amount, because),) = sql.run(
        "select kind, state, amount_minor, because from shipping_claim"
    )
    assert (kind, state, because) == ("lost", "open", "No sign of life for 8 days, since 24 November 2026.")
    assert amount > 0
    road.tell((parcel, 200, "delivered"))
    assert foresee(at=after + timedelta(days=1), by="test").lost == 0
    assert sql.run("select state, settled_because from shipping_claim") == [("dropped", "It was delivered.")]


def test_the_statements_do_not_grow_with_the_parcels(road: Road, parcel: int):
    at = SENT + timedelta(days=2)
    keep_setting(THRESHOLD, 0.95, at=SENT, by="test")
    with sql.counted() as few:
        foresee(at=at, by="test")
    for number in ("T2", "T3", "T4"):
        sent(road, number)
    with sql.counted() as many:
        assert foresee(at=at, by="test").new == 3
    assert len(many) == len(few)
