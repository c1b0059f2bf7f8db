"""Which cut-offs are at risk, and how fast somebody is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.queries.crew import CutOff, Person
from quartermaster.warehouse.rules.pace import CutOffLoad, Work, against_mean, forecast, standards

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def leaving(hours: int, to_pick: int, pace: int, packed: int = 0) -> CutOff:
    ship_by = NOW + timedelta(hours=hours)
    (told,) = forecast([CutOffLoad(ship_by, to_pick)], pace, at=NOW)
    return CutOff(ship_by, to_pick, 0, packed, pace, told)


def test_a_cut_off_is_at_risk_when_the_pace_does_not_bring_what_is_left():
    assert leaving(2, 21, 10).is_at_risk(NOW)
    assert not leaving(2, 20, 10).is_at_risk(NOW)
    assert not leaving(2, 0, 0, packed=5).is_at_risk(NOW)


def test_what_has_not_left_after_its_cut_off_is_at_risk_even_packed():
    assert leaving(-1, 0, 99, packed=1).is_at_risk(NOW)


def test_nobody_is_measured_on_a_few_minutes():
    assert Person("user:1", 3, 3, 299.0, NOW, None).lines_per_hour is None
    assert Person("user:1", 30, 60, 1800.0, NOW, None).lines_per_hour == 60


def test_what_leaves_sooner_takes_the_pace_of_what_leaves_later():
    loads = [CutOffLoad(NOW + timedelta(hours=hours), left) for hours, left in ((-1, 2), (1, 8), (3, 15))]
    told = forecast(loads, 5, at=NOW)
    assert [one.misses for one in told] == [2, 5, 10]
    assert [one.needed for one in told] == [None, 10, 25 / 3]
    assert [one.misses for one in forecast(loads, 0, at=NOW)] == [2, None, None]


@given(st.lists(st.integers(0, 50), max_size=6), st.integers(1, 40), st.integers(1, 40))
def test_a_faster_crew_misses_no_more(lefts: list[int], pace: int, more: int):
    loads = [CutOffLoad(NOW + timedelta(hours=n + 1), left) for n, left in enumerate(lefts)]
    slow, fast = (forecast(loads, each, at=NOW) for each in (pace, pace + more))
    for load, before, after in zip(loads, slow, fast, strict=True):
        assert 0 <= (after.misses or 0) <= (before.misses or 0) <= load.left


def test_people_are_compared_by_the_mix_of_what_they_did():
    """Sara packs, which takes long; Tom picks, which does not; both are as fast as the site."""
    work = [
        Work("sara", "pack", 10, 10, 10, 900.0),
        Work("sara", "pick", 10, 10, 10, 300.0),
        Work("tom", "pack", 2, 2, 2, 180.0),
        Work("tom", "pick", 60, 60, 60, 1800.0),
        Work("tom", "count", 5, 5, 5, 999.0),  # nobody else counts: not compared
    ]
    standard = standards(work)
    assert standard == {"pack": 90.0, "pick": 30.0}
    assert against_mean(work[:2], standard) == 1.0
    assert against_mean(work[2:], standard) == 1.0
    assert against_mean([Work("new", "pick", 3, 3, 3, 120.0)], standard) is None
    assert against_mean([Work("fast", "pick", 60, 60, 60, 1500.0)], standard) == 1.2
