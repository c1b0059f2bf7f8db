"""Until when the floor is to be through: working days, nights of other lengths, holds, and what was late."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.timers import (
    FIRST,
    Facts,
    Hours,
    Target,
    Targets,
    Timer,
    begun,
    errors_in,
    step,
    target_for,
)

BERLIN = "Europe/Berlin"
WEEK = Hours(BERLIN, lambda day: day.isoweekday() <= 5)
HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 20, 21, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
ZONES = st.sampled_from([BERLIN, "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "UTC"])
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: FRIDAY + timedelta(minutes=n))
WORKED = st.sets(st.integers(1, 7), min_size=1)


@given(ZONES, MOMENTS, WORKED, st.integers(1, 20_000))
def test_the_time_until_it_is_due_is_the_time_that_was_given(
    zone: str, start: datetime, worked: set[int], minutes: int
):
    hours = Hours(zone, lambda day: day.isoweekday() in worked)
    span = timedelta(minutes=minutes)
    due = hours.due(start, span)
    assert hours.between(start, due) == span
    assert hours.due(start, span + HOUR) > due
    middle = hours.due(start, span / 2)
    assert hours.due(middle, span - span / 2) == due


def test_a_weekend_does_not_count_and_a_night_has_as_many_hours_as_it_has():
    assert WEEK.due(FRIDAY, 4 * HOUR) == datetime(2026, 11, 23, 0, tzinfo=UTC)  # one o'clock on Monday
    every_day = Hours(BERLIN, lambda day: True)
    for night, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        begins, ends = (
            datetime.combine(day, time(), ZoneInfo(BERLIN)).astimezone(UTC)
            for day in (night, night + timedelta(days=1))
        )
        assert every_day.due(begins, hours * HOUR) == ends


def test_a_site_that_never_works_is_refused():
    with pytest.raises(ValueError, match="never ends"):
        Hours("UTC", lambda day: False).due(FRIDAY, HOUR)


@pytest.fixture
def timer() -> Timer:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    return begun(Timer(1, 2, 3, "Everything", start), FIRST.targets[0], WEEK, start + 8 * HOUR)


def test_it_goes_from_stage_to_stage_and_is_late_once(timer: Timer):
    start = timer.started_at
    assert timer.next_due_at == start + 4 * HOUR
    on_time, late = step(timer, Facts("released"), WEEK, start + 4 * HOUR)
    assert (on_time.stage, late) == ("pick", [])
    over, (breach,) = step(on_time, Facts("picking"), WEEK, start + 5 * HOUR)
    assert (breach.stage, breach.met_at) == ("pick", None)
    assert breach.because == 'To pick by then after "Everything": still to pick 60 min later.'
    picked, late = step(over, Facts("picking", start + 5 * HOUR), WEEK, start + 5 * HOUR)
    assert (picked.stage, picked.next_due_at, late) == ("pack", start + 6 * HOUR, [])
    facts = Facts("shipped", start + 5 * HOUR, start + 7 * HOUR, start + 8 * HOUR)
    done, (breach,) = step(picked, facts, WEEK, start + 9 * HOUR)
    assert (done.stage, done.next_due_at, done.breached) == ("done", None, "pick pack")
    assert breach.because.endswith("done 60 min late.")
    assert step(done, facts, WEEK, start + 10 * HOUR) == (done, [])


def test_a_hold_stops_it_and_what_was_left_is_left(timer: Timer):
    start = timer.started_at
    held, late = step(timer, Facts("waiting"), WEEK, start + 3 * HOUR)
    assert (held.paused_at, held.next_due_at, late) == (start + 3 * HOUR, None, [])
    assert step(held, Facts("waiting"), WEEK, start + 9 * HOUR) == (held, [])
    on, late = step(held, Facts("released"), WEEK, start + 10 * HOUR)
    assert (on.paused_at, on.next_due_at, late) == (None, start + 11 * HOUR, [])
    assert on.dispatch_due_at == start + 15 * HOUR


def test_what_is_unpacked_again_is_to_be_packed_again(timer: Timer):
    start = timer.started_at
    packed, _ = step(timer, Facts("packed", start + HOUR, start + HOUR), WEEK, start + HOUR)
    assert packed.stage == "dispatch"
    back, _ = step(packed, Facts("picking", start + HOUR), WEEK, start + 2 * HOUR)
    assert (back.stage, back.packed_at) == ("pack", None)
    dropped, late = step(back, Facts("cancelled"), WEEK, start + 99 * HOUR)
    assert (dropped.stage, dropped.next_due_at, late) == ("dropped", None, [])


def test_the_first_target_that_matches_holds():
    urgent = Target("Urgent", priority_min=5, pick_minutes=60)
    berlin = Target("Berlin", sites=("BER",), channels=("acme",), pick_minutes=90)
    stack = Targets(2, (urgent, berlin))
    assert target_for(stack, site="BER", channel="acme", priority=7) == urgent
    assert target_for(stack, site="BER", channel="acme", priority=0) == berlin
    assert target_for(stack, site="BER", channel="other", priority=0) is None


@pytest.mark.parametrize(
    "wrong",
    [(), (Target(""),), (Target("x", pick_minutes=0),), (Target("x", pick_minutes=90, pack_minutes=60),)],
)
def test_targets_that_cannot_be_are_named(wrong: tuple[Target, ...]):
    assert errors_in(Targets(1, wrong))
