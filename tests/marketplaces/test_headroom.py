"""How much room a window has: whole numbers, and what must hold of them whatever they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.marketplaces.rules.headroom import State, allowed, is_kept, standing
from quartermaster.marketplaces.rules.published import PUBLISHED
from quartermaster.marketplaces.rules.rolling import Tally, forecast, good_again_on, summed, window
from quartermaster.marketplaces.rules.terms import PPM, Counts, Measure, Terms, in_force, wrong_with
from quartermaster.marketplaces.rules.words import sentence, shown, target

UNDER_1 = Terms((60,), 10_000, 7_500, is_strict=True)
AT_MOST_5 = Terms((30,), 50_000, 40_000, reads_good=True)
COUNTED = st.integers(0, 5_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
TERMS = st.builds(
    lambda limit, warn, strict: Terms((10,), limit, limit * warn // 100, is_strict=strict),
    st.integers(1, PPM - 1),
    st.integers(0, 100),
    st.booleans(),
)
DAYS = st.lists(COUNTED, min_size=30, max_size=30)
TODAY = date(2026, 3, 20)


@given(COUNTED, TERMS)
def test_one_defect_more_never_makes_room(counted: tuple[int, int], terms: Terms):
    n, bad = counted
    now = standing(n, bad, terms)
    if bad < n:
        then = standing(n, bad + 1, terms)
        assert (then.headroom or 0) <= (now.headroom or 0)
        assert then.needs_good >= now.needs_good
        assert then.state is not State.GREEN or now.state is State.GREEN


@given(COUNTED, TERMS)
def test_one_good_order_more_never_takes_room(counted: tuple[int, int], terms: Terms):
    n, bad = counted
    now, then = standing(n, bad, terms), standing(n + 1, bad, terms)
    assert n == 0 or (then.headroom or 0) >= (now.headroom or 0)
    assert then.needs_good <= now.needs_good


@given(COUNTED, TERMS)
def test_headroom_is_exactly_what_the_target_allows(counted: tuple[int, int], terms: Terms):
    n, bad = counted
    found = standing(n, bad, terms)
    if found.headroom is None:
        assert n == 0 or not is_kept(n, bad, terms)
    else:
        assert is_kept(n, bad + found.headroom, terms)
        assert not is_kept(n, bad + found.headroom + 1, terms)


@given(COUNTED, TERMS)
def test_so_many_good_orders_and_not_one_fewer_make_it_good_again(counted: tuple[int, int], terms: Terms):
    n, bad = counted
    needed = standing(n, bad, terms).needs_good
    assert is_kept(n + needed, bad, terms)
    if needed:
        assert not is_kept(n + needed - 1, bad, terms)


def test_of_nothing_there_is_no_share():
    found = standing(0, 0, UNDER_1)
    assert (found.state, found.share_ppm, found.headroom) == (State.NONE, None, None)
    assert shown(0, 0, UNDER_1) == ""
    assert "nothing was counted" in sentence(
        Measure.ODR, 60, found, UNDER_1, first=TODAY, last=TODAY, good_on=None
    )


@pytest.mark.parametrize(
    ("n", "bad", "terms", "state", "headroom", "needs"),
    [
        (100, 0, UNDER_1, State.GREEN, 0, 0),  # 1 of 100 is 1 %, and it must stay under 1 %
        (101, 1, UNDER_1, State.AMBER, 0, 0),
        (100, 1, UNDER_1, State.RED, None, 1),
        (1000, 7, UNDER_1, State.GREEN, 2, 0),
        (1000, 8, UNDER_1, State.AMBER, 1, 0),
        (1000, 10, UNDER_1, State.RED, None, 1),
        (200, 10, AT_MOST_5, State.AMBER, 0, 0),  # 95 % is enough
        (200, 11, AT_MOST_5, State.RED, None, 20),
        (10, 10, replace(AT_MOST_5, least_n=20), State.FEW, None, 190),
        (19, 0, replace(AT_MOST_5, least_n=20), State.FEW, 0, 0),
    ],
)
def test_amber_comes_before_red(n, bad, terms, state, headroom, needs):  # type: ignore[no-untyped-def]
    found = standing(n, bad, terms)
    assert (found.state, found.headroom, found.needs_good) == (state, headroom, needs)


def test_a_figure_reads_as_the_marketplace_shows_it():
    assert shown(7, 1000, UNDER_1) == "0.7 %"
    assert shown(10, 200, AT_MOST_5) == "95 %"
    assert (target(UNDER_1), target(AT_MOST_5)) == ("under 1 %", "at least 95 %")
    assert allowed(0, UNDER_1) == -1


@given(DAYS, st.integers(1, 12), st.integers(0, 5))
def test_a_forecast_day_is_the_window_of_that_day(counted: list[tuple[int, int]], days: int, ago: int):
    """As far as all its days are known, it is what will be counted then."""
    terms = replace(UNDER_1, windows=(days,), ends_days_ago=ago)
    tallies = {TODAY - timedelta(days=29 - n): Tally(*one) for n, one in enumerate(counted)}
    for one in forecast(tallies, TODAY, days, terms):
        first, last = window(one.on, days, terms)
        if last <= TODAY:
            known = summed(tallies, first, last)
            assert (one.n, one.bad) == (known.n, known.bad)
        assert 0 <= one.bad <= one.n


def test_defects_leave_with_their_day():
    tallies = {TODAY - timedelta(days=n): Tally(10, 0) for n in range(1, 11)}
    tallies[TODAY - timedelta(days=8)] = Tally(10, 3)
    terms = Terms((10,), 20_000, 10_000)
    rolled = forecast(tallies, TODAY, 10, terms)
    left = [(one.on - TODAY).days for one in rolled if one.leaving]
    assert left == [3]
    assert [one.state for one in rolled[:4]] == [State.RED, State.RED, State.GREEN, State.GREEN]
    assert good_again_on(rolled) == TODAY + timedelta(days=3)


def test_a_change_holds_from_its_day_on_and_a_country_goes_before():
    of_amazon = [one for one in PUBLISHED if one.marketplace == "amazon"]
    before, after = (in_force(of_amazon, Measure.OTDR, "US", date(2024, 9, d)) for d in (24, 25))
    assert before is not None
    assert after is not None
    assert (before.terms.limit_ppm, before.terms.counts) == (30_000, Counts.PARCEL)
    assert (after.terms.limit_ppm, after.terms.counts) == (100_000, Counts.UNIT)
    india = in_force(of_amazon, Measure.CR, "IN", TODAY)
    assert india is not None
    assert india.terms.windows == (7, 30)
    assert in_force(of_amazon, Measure.RTD, "IN", TODAY) is None
    newer = replace(of_amazon[0], from_on=TODAY, rank=2), replace(of_amazon[0], from_on=TODAY, rank=1)
    chosen = in_force([*newer, *of_amazon], Measure.ODR, "US", TODAY)
    assert chosen is not None
    assert chosen.rank == 2
    assert all(not wrong_with(one.measure, one.terms) for one in PUBLISHED)
