"""What is late, about to be, silent, stuck or in trouble: each with its minutes, page by page, by index."""

import re
from datetime import datetime, timedelta

import pytest

from quartermaster.core import sql
from quartermaster.core.pages import BadCursor
from quartermaster.tracking.queries import KINDS, Late, late
from quartermaster.tracking.queries.late import statement

from .conftest import SENT, Road

LATER = SENT + timedelta(days=10)


def ids(kind: str, at: datetime = LATER, **asked: int) -> list[int]:
    return [row.id for row in late(kind, at=at, **asked).items]


@pytest.fixture
def parcel(road: Road) -> int:
    """Handed over, promised for two days later: over at noon (UTC) of the third."""
    order = road.order(("LAMP", 1))
    return road.sent(order, ("LAMP", "LAMP", 1), promised_on=SENT.date() + timedelta(days=2), number="T1")


def test_a_parcel_is_late_from_the_minute_its_promise_is_over(road: Road, parcel: int):
    over = (SENT + timedelta(days=3)).replace(hour=12)
    assert ids("late", over - timedelta(seconds=1)) == []
    (row,) = late("late", at=over + timedelta(minutes=61, seconds=59)).items
    assert row == Late(
        id=parcel,
        parcel=f"P-{parcel}",
        order=row.order,
        location="BER",
        carrier="post",
        tracking_number="T1",
        status="pre_transit",
        promised_on=SENT.date() + timedelta(days=2),
        promised_by=over,
        ship_by=None,
        handed_over_at=SENT,
        last_scan_at=None,
        since=over,
        minutes_late=61,
        worth_minor=row.worth_minor,
        currency="EUR",
        is_in_the_house=False,
    )
    assert row.worth_minor > 0


def test_what_is_delivered_is_in_no_list(road: Road, parcel: int):
    road.tell((parcel, 240, "delivered"))
    assert {kind: ids(kind) for kind in KINDS} == {kind: [] for kind in KINDS}


def test_what_is_delivered_no_more_is_late_again(road: Road, parcel: int):
    road.tell((parcel, 20, "delivered"), (parcel, 30, "exception"))
    assert ids("late") == ids("exceptions") == [parcel]


def test_a_part_still_in_the_house_will_be_late_from_its_ship_by_on(road: Road):
    road.order(("LAMP", 1))
    ((allocation,),) = sql.run(
        "update allocation_allocation set ship_by = %s, promised_by = %s returning id",
        (SENT, SENT + timedelta(days=3)),
    )
    assert ids("will_be_late", SENT - timedelta(seconds=1)) == []
    (row,) = late("will_be_late", at=SENT + timedelta(minutes=5)).items
    assert (row.id, row.parcel, row.minutes_late, row.is_in_the_house) == (allocation, None, 5, True)
    assert row.status == "released"
    assert ids("late", SENT + timedelta(days=3)) == [allocation]


def test_a_parcel_nobody_has_scanned_is_silent_after_a_day(road: Road, parcel: int):
    assert ids("no_scan", SENT + timedelta(hours=23)) == []
    assert ids("no_scan", SENT + timedelta(hours=25)) == [parcel]
    assert ids("no_scan", SENT + timedelta(hours=25), silent_hours=48) == []
    road.tell((parcel, 25.5, "accepted"))
    assert ids("no_scan") == []


def test_a_parcel_without_a_scan_for_days_is_stuck(road: Road, parcel: int):
    road.tell((parcel, 10, "in_transit"))
    assert ids("stuck", SENT + timedelta(days=5)) == []
    assert ids("stuck", SENT + timedelta(days=6)) == [parcel]
    assert ids("stuck", SENT + timedelta(days=6), stuck_days=7) == []


def test_a_parcel_on_its_way_back_is_an_exception_and_not_late_as_well(road: Road, parcel: int):
    road.tell((parcel, 30, "return_to_sender"))
    assert ids("exceptions") == [parcel]
    assert ids("late") == ids("stuck") == []


def test_pages_follow_each_other_without_a_gap_and_without_a_repetition(road: Road):
    order = road.order(("LAMP", 1))
    day = SENT.date()
    parcels = [road.parcel(order, promised_on=day + timedelta(days=n // 3)) for n in range(10)]
    for each in parcels:
        road.hand_over(order, each)
    sql.run("update allocation_allocation set ship_by = %s, promised_by = %s", (SENT, SENT))
    seen: list[tuple[int, bool]] = []
    after = ""
    while True:
        page = late("late", at=LATER, after=after, limit=3)
        seen += [(row.id, row.is_in_the_house) for row in page.items]
        if page.next is None:
            break
        after = page.next
    assert len(seen) == 11
    assert [each for each, is_in_the_house in seen if not is_in_the_house] == parcels
    assert seen[0][1]  # due at the hour of the hand-over, before every day is over


@pytest.mark.parametrize("cursor", ["1", "1-1-2", "x-1-0", "-99999999999999999-1-0", "1-1-0\n"])
def test_a_cursor_that_is_none_of_ours_is_refused(db: None, cursor: str):
    with pytest.raises(BadCursor):
        late("late", at=SENT, after=cursor)


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        ("late", "track_due"),
        ("will_be_late", "allocation_to_hand_over"),
        ("no_scan", "track_silent"),
        ("stuck", "track_under_way"),
        ("exceptions", "track_in_trouble"),
    ],
)
def test_a_page_reads_an_index_in_its_sequence(road: Road, kind: str, index: str):
    """With enough rows for the planner to care: many delivered, few under way."""
    order = road.order(("LAMP", 1))
    sql.run(
        """with made as (
             insert into warehouse_parcel (order_id, state, made_at, handed_over_at)
             select %s, 'handed_over', %s, %s from generate_series(1, 3000) returning id)
           insert into tracking_track (
             parcel_id, status, handed_over_at, due_at, last_scan_at, first_scan_at, delivered_at)
           select id, case when id %% 20 > 1 then 'delivered' when id %% 40 > 1 then 'exception'
               else 'in_transit' end,
             at, at, at, case when id %% 3 > 0 then at end, case when id %% 20 > 1 then at end
           from (select id, %s::timestamptz + id %% 3000 * interval '1 minute' as at from made) m""",
        (order, *[SENT] * 3),
    )
    sql.run(
        """insert into allocation_allocation (order_id, location_id, decision_id, because, state, at, ship_by)
           select a.order_id, a.location_id, a.decision_id, '[]', case when n %% 20 = 0 then 'released' else
             'shipped' end, %s, %s from allocation_allocation a, generate_series(1, 3000) n""",
        (SENT, SENT),
    )
    sql.run("analyze tracking_track, allocation_allocation, warehouse_parcel")
    asked = {
        "now": LATER,
        "since": SENT,
        "id": 1,
        "house": False,
        "sites": None,
        "limit": 11,
        "hours": None,
        "lost_days": 10,
        "by_lane": False,
        "assignee": "",
    }
    plan = "\n".join(row[0] for row in sql.run("explain " + statement(kind), asked, prepare=False))
    assert re.search(rf"Index (Only )?Scan using {index}\b", plan), plan
    assert "Seq Scan on tracking_track" not in plan
    assert "Seq Scan on allocation_allocation" not in plan
