"""A site's own days: versions that follow each other, days off, extra days, cut-offs."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.workdays import after, is_workday
from quartermaster.stock.rules import calendar_text as texts
from quartermaster.stock.rules.calendar import (
    ORDINARY,
    CutOff,
    Day,
    SiteCalendar,
    cutoff_on,
    days,
    errors_in,
    in_force,
    works_on,
)

MONDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 28)
NEAR = st.integers(0, 80).map(lambda n: MONDAY + timedelta(days=n))
WEEKS = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda week: "".join(sorted(week)))
TIMES = st.sampled_from([time(11), time(14, 30), time(17)])


@st.composite
def calendars(draw: st.DrawFn) -> tuple[SiteCalendar, ...]:
    made = []
    for version in range(draw(st.integers(0, 4))):
        closed = draw(st.sets(NEAR, max_size=8))
        opened = draw(st.sets(NEAR, max_size=8)) - closed
        made.append(
            SiteCalendar(
                from_on=draw(NEAR),
                week=draw(WEEKS),
                handling_days=draw(st.integers(0, 5)),
                keeps_holidays=draw(st.booleans()),
                closed=tuple(Day(on, "closed") for on in sorted(closed)),
                opened=tuple(Day(on, "shift") for on in sorted(opened)),
                cutoffs=tuple(
                    CutOff(at, weekdays)
                    for weekdays, at in draw(st.dictionaries(WEEKS, TIMES, max_size=2)).items()
                ),
                version=version + 1,
            )
        )
    return tuple(made)


@given(calendars(), NEAR, st.sets(NEAR, max_size=6), st.none() | TIMES)
def test_the_days_looked_up_are_the_days_one_by_one(
    made: tuple[SiteCalendar, ...], first: date, holidays: set[date], ordinary: time | None
):
    off = tuple(sorted(holidays))
    known = days(made, ordinary, first, off)
    others = dict(known.cutoffs_on)
    for day in (first + timedelta(days=n) for n in range(31)):
        is_worked = works_on(made, day, off)[0]
        found = is_workday(day, week=known.week, closed=known.closed_on, opened=known.open_on)
        assert found == is_worked, day
        if is_worked:
            assert others.get(day, known.cutoff) == cutoff_on(made, day, ordinary), day


@given(calendars(), NEAR)
def test_the_hand_over_is_a_day_the_site_works(made: tuple[SiteCalendar, ...], first: date):
    known = days(made, None, first, ())
    start = after(first, 0, week=known.week, closed=known.closed_on, opened=known.open_on)
    leaves = after(start, known.handling_days, week=known.week, closed=known.closed_on, opened=known.open_on)
    between = [first + timedelta(days=n) for n in range((leaves - first).days + 1)]
    worked = [day for day in between if works_on(made, day, ())[0]]
    assert worked[0] == start
    assert worked[-1] == leaves
    assert len(worked) == known.handling_days + 1


def test_a_long_stretch_without_a_working_day_is_seen_to_its_end():
    off = tuple(Day(MONDAY + timedelta(days=n), "rebuilding") for n in range(90))
    known = days((SiteCalendar(from_on=MONDAY, closed=off),), None, MONDAY, ())
    assert after(MONDAY, 0, week=known.week, closed=known.closed_on) == date(2027, 2, 22)  # a Monday


def test_the_latest_from_holds_and_a_newer_version_takes_the_place_of_the_same_day():
    winter = SiteCalendar(from_on=MONDAY, week="123456", version=1)
    spring = SiteCalendar(from_on=date(2027, 3, 1), version=2)
    again = SiteCalendar(from_on=date(2027, 3, 1), week="1234", version=3)
    assert in_force((winter, spring, again), MONDAY - timedelta(days=1)) == ORDINARY
    assert in_force((winter, spring, again), date(2027, 2, 28)) == winter
    assert in_force((winter, spring, again), date(2027, 3, 1)) == again


def test_a_day_off_and_an_extra_day_say_why_and_come_before_holidays():
    made = (
        SiteCalendar(
            from_on=MONDAY, closed=(Day(MONDAY, "Inventory"),), opened=(Day(SATURDAY, "Black Friday"),)
        ),
    )
    assert works_on(made, MONDAY, ()) == (False, "Inventory")
    assert works_on(made, SATURDAY, (SATURDAY,)) == (True, "Black Friday")
    assert works_on(made, MONDAY + timedelta(days=1), (MONDAY + timedelta(days=1),)) == (
        False,
        "Public holiday",
    )
    assert works_on((SiteCalendar(from_on=MONDAY, keeps_holidays=False),), MONDAY, (MONDAY,)) == (True, "")


@pytest.mark.parametrize(
    ("carrier", "product", "day", "cutoff"),
    [
        ("", "", MONDAY, time(15)),
        ("", "", SATURDAY, time(12)),
        ("acme", "", MONDAY, time(16)),
        ("acme", "express", MONDAY, time(18)),
        ("acme", "parcel", SATURDAY, time(11)),
        ("post", "parcel", SATURDAY, time(12)),
    ],
)
def test_the_closest_cut_off_holds(carrier: str, product: str, day: date, cutoff: time):
    listed = texts.cutoffs("12:00 6\n16:00 acme\n11:00 6 acme\n18:00 acme/express")
    made = (SiteCalendar(from_on=MONDAY, week="123456", cutoffs=listed),)
    assert cutoff_on(made, day, time(15), carrier, product) == cutoff


def test_what_people_write_is_read_and_written_back():
    text = "2026-12-24..2026-12-26 Closed\n2027-01-02 Inventory"
    assert texts.days_told(texts.days(text)) == text
    cutoffs = "12:00 6\n16:30 acme/express\n11:00 56 acme"
    assert texts.cutoffs_told(texts.cutoffs(cutoffs)) == cutoffs


@pytest.mark.parametrize(
    "text", ["tomorrow off", "2026-02-30 Inventory", "2026-12-24", "2026-12-24..2026-12-01 x"]
)
def test_a_line_that_is_no_day_is_named(text: str):
    with pytest.raises(ValueError, match=text[:10]):
        texts.days(text)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (SiteCalendar(week=""), "week"),
        (SiteCalendar(week="21"), "week"),
        (SiteCalendar(handling_days=31), "handling_days"),
        (SiteCalendar(closed=(Day(MONDAY, ""),)), "closed"),
        (SiteCalendar(closed=(Day(MONDAY, "a"), Day(MONDAY, "b"))), "closed"),
        (SiteCalendar(closed=(Day(MONDAY, "a"),), opened=(Day(MONDAY, "b"),)), "opened"),
        (SiteCalendar(from_on=SATURDAY, closed=(Day(MONDAY, "a"),)), "closed"),
        (SiteCalendar(cutoffs=(CutOff(time(12)), CutOff(time(13)))), "cutoffs"),
        (SiteCalendar(cutoffs=(CutOff(time(12), "", "", "express"),)), "cutoffs"),
        (SiteCalendar(cutoffs=(CutOff(time(12, 0, 1)),)), "cutoffs"),
    ],
)
def test_what_cannot_be_is_named(wrong: SiteCalendar, field: str):
    assert list(errors_in(wrong)) == [field]
