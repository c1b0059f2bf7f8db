from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.allocation.rules.transit import (
    DAYS_MAX,
    SHARE,
    SHARE_MAX,
    Lane,
    Place,
    Transit,
    aimed,
    chance,
    days_for,
    days_seen,
    days_taken,
    learned,
    together,
    transit,
    within,
)
from quartermaster.core.workdays import WEEK, after

MONDAY = date(2026, 11, 23)
COUNTS = st.dictionaries(st.integers(0, DAYS_MAX + 5), st.integers(1, 60), max_size=12)
SHARES = st.floats(0.5, 0.99)
LANE = Lane("BER", Place("DE", "BE"), Place("FR", "IDF"))


def test_a_saturday_counts_as_the_monday_that_would_have_been_promised():
    assert days_taken(MONDAY, MONDAY + timedelta(days=5)) == 5
    assert days_taken(MONDAY, MONDAY + timedelta(days=7)) == 5
    assert days_taken(MONDAY, MONDAY) == 0


@given(st.integers(0, 20), st.integers(0, 80), st.lists(st.integers(0, 60), max_size=5))
def test_the_days_taken_are_the_fewest_that_would_have_held(start: int, road: int, off: list[int]):
    left_on = MONDAY + timedelta(days=start)
    arrived_on = left_on + timedelta(days=road)
    closed = tuple(sorted(MONDAY + timedelta(days=each) for each in off))
    days = days_taken(left_on, arrived_on, closed)
    if days < DAYS_MAX:
        assert after(left_on, days, week=WEEK, closed=closed) >= arrived_on
    assert days == 0 or after(left_on, days - 1, week=WEEK, closed=closed) < arrived_on


@given(COUNTS, COUNTS)
def test_shares_only_grow_and_stay_shares(arrived: dict[int, int], waiting: dict[int, int]):
    shares = within(transit(arrived, waiting))
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
    assert list(shares) == sorted(shares)


@given(COUNTS)
def test_when_nothing_is_under_way_shares_are_plain_counts(arrived: dict[int, int]):
    seen = transit({day: n for day, n in arrived.items() if day < DAYS_MAX}, {})
    shares = within(seen)
    for day, share in enumerate(shares):
        assert share == pytest.approx(sum(seen.arrived[: day + 1]) / seen.n)


@given(COUNTS, COUNTS, SHARES)
def test_what_is_under_way_never_makes_a_promise_shorter(
    arrived: dict[int, int], waiting: dict[int, int], share: float
):
    without, with_them = days_for(transit(arrived, {}), share), days_for(transit(arrived, waiting), share)
    assert with_them is None or (without is not None and with_them >= without)


@given(COUNTS, SHARES, SHARES)
def test_more_certainty_never_takes_fewer_days(arrived: dict[int, int], one: float, other: float):
    seen = transit(arrived, {})
    days = [days_for(seen, share) for share in sorted((one, other))]
    assert days[1] is None or (days[0] is not None and days[0] <= days[1])


def test_few_parcels_promise_their_slowest_day_or_none():
    assert days_for(transit({2: 99, 9: 1}, {}), 0.95) == 2
    assert days_for(transit({2: 19, 9: 1}, {}), 0.95) == 9
    assert days_for(transit({2: 5}, {}), 0.95) is None
    assert days_for(Transit(), 0.95) is None


@given(COUNTS, COUNTS, st.integers(-1, 30), st.integers(0, 30))
def test_a_chance_is_one_and_falls_as_time_goes_by(
    arrived: dict[int, int], waiting: dict[int, int], beyond: int, by: int
):
    seen = transit(arrived, waiting)
    now, later = chance(seen, by=by, beyond=beyond), chance(seen, by=by, beyond=beyond + 1)
    assert now is None or -1e-9 <= now <= 1 + 1e-9
    if now is not None and later is not None:
        assert later <= now + 1e-9


def test_a_parcel_is_seen_through_the_days_that_are_over():
    assert days_seen(MONDAY, MONDAY) == -1
    assert days_seen(MONDAY, MONDAY + timedelta(days=1)) == 0


def test_a_lane_with_few_parcels_borrows_from_a_wider_one_and_with_none_says_nothing():
    other = LANE._replace(site="MUC")
    known = together([(LANE, transit({1: 5}, {})), (other, transit({4: 95}, {}))])
    found = learned(known, LANE)
    assert found is not None
    assert (found.days, found.n, found.of) == (4, 100, LANE._replace(site=""))
    assert learned(known, LANE._replace(to=Place("US"))) is None
    assert learned({}, LANE) is None


def test_the_aim_rises_while_too_few_promises_are_kept_and_never_below_the_target():
    assert aimed(SHARE, hit=0.85) == pytest.approx(0.975)
    assert aimed(0.975, hit=0.99) == pytest.approx(0.965)
    assert aimed(SHARE, hit=1.0) == SHARE
    assert aimed(0.99, hit=0.5) == SHARE_MAX


def test_promises_of_what_comes_like_before_are_kept_as_often_as_promised():
    days = [1 + (n * 7919) % 9 + (n % 50 == 0) * 6 for n in range(4000)]
    counts: dict[int, int] = {}
    for day in days[:2000]:
        counts[day] = counts.get(day, 0) + 1
    promised = days_for(transit(counts, {}))
    assert promised is not None
    kept = sum(day <= promised for day in days[2000:]) / 2000
    assert kept >= SHARE
