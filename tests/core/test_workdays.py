"""Days that count: holidays by country and region, working days, the zone where a day is over last."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.workdays import WEEK, after, holidays_between, is_workday, last_zone

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_region_adds_its_own_holidays():
    womens_day = date(2027, 3, 8)
    assert holidays_between("DE", "BE", womens_day, womens_day) == (womens_day,)
    assert holidays_between("DE", "", womens_day, womens_day) == ()


def test_an_unknown_region_has_the_holidays_of_its_country_and_an_unknown_country_none():
    first, last = date(2026, 12, 24), date(2027, 1, 1)
    assert holidays_between("DE", "Nowhere", first, last) == holidays_between("DE", "", first, last)
    assert len(holidays_between("DE", "", first, last)) == 3
    assert holidays_between("XX", "", first, last) == holidays_between("", "", first, last) == ()


@given(DAYS, st.integers(0, 40), st.sets(DAYS, max_size=5))
def test_working_days_are_counted_one_by_one(day: date, count: int, closed: set[date]):
    off = tuple(sorted(closed))
    found = after(day, count, week=WEEK, closed=off)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    worked = [each for each in between if is_workday(each, week=WEEK, closed=off)]
    assert is_workday(found, week=WEEK, closed=off)
    assert len(worked) == (count or (0 if found == day else 1))


def test_a_leap_day_is_a_day():
    assert after(date(2028, 2, 28), 1, week=WEEK, closed=()) == date(2028, 2, 29)
    assert after(date(2027, 2, 26), 1, week=WEEK, closed=()) == date(2027, 3, 1)


def test_a_week_without_a_working_day_is_refused_instead_of_searched_for_ever():
    with pytest.raises(ValueError, match="never ends"):
        after(date(2026, 1, 1), 1, week="", closed=())


@pytest.mark.parametrize(
    ("country", "zone"),
    [("DE", "Europe/Berlin"), ("ES", "Atlantic/Canary"), ("US", "America/Adak"), ("XX", "Etc/GMT+12")],
)
def test_a_day_is_over_last_in_the_westernmost_zone(country: str, zone: str):
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(last_zone(country))).utcoffset()
    assert offset == datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()
