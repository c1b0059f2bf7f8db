"""Days of a zone: every moment is in exactly one, on the nights clocks are changed too (G16)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.core.errors import Invalid
from quartermaster.insight.queries.document import by_day
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.queries.totals import totals
from quartermaster.insight.rules.days import Period, working_day_before
from quartermaster.insight.rules.zones import ZONES, zone_of
from quartermaster.testing.history import a_sold_order

# Clocks change at midnight in Havana and Beirut, by half an hour on Lord Howe; Apia skipped a whole day.
ODD = ("Europe/Berlin", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
TURNS = (date(2011, 12, 30), date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25))
zones = st.sampled_from(ODD) | st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"}))
days = st.sampled_from(TURNS) | st.dates(date(1975, 1, 1), date(2037, 1, 1))


def period(day: date, tz: str, before: int = 3, length: int = 7) -> Period:
    first = day - timedelta(days=before)
    return Period(first, first + timedelta(days=length - 1), tz)


@given(days, zones)
def test_midnights_never_go_back_and_a_day_begins_where_the_one_before_ends(day: date, tz: str):
    midnights = period(day, tz).midnights
    assert midnights == sorted(midnights)
    assert period(day, tz, length=1).end == midnights[1]


@pytest.mark.django_db
@settings(max_examples=16)
@given(
    day=days,
    tz=zones,
    minutes=st.lists(st.integers(-5 * 1440, 5 * 1440), max_size=12),
    cuts=st.sets(st.integers(1, 6)),
)
def test_however_a_range_is_cut_into_days_every_order_is_counted_once(
    day: date, tz: str, minutes: list[int], cuts: set[int]
):
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    for distance in minutes:
        a_sold_order(noon + timedelta(minutes=distance))
    whole = period(day, tz)
    at = whole.end + timedelta(days=100)

    def count(some: Period) -> int:
        return sum(part.n for part in totals(Ask(some, at), "placed")["placed"].whole)

    ends = [0, *sorted(cuts), 7]
    parts = [
        Period(whole.first + timedelta(days=a), whole.first + timedelta(days=b - 1), tz)
        for a, b in pairwise(ends)
    ]
    inside = sum(
        n * (whole.begin <= noon + timedelta(minutes=distance) < whole.end)
        for distance in set(minutes)
        for n in [minutes.count(distance)]
    )
    # Examples of one test share a transaction: what earlier ones left near this day is counted on both sides.
    assert count(whole) >= inside
    assert sum(count(part) for part in parts) == count(whole)
    assert sum(one["n"] for one in by_day("orders", Ask(whole, at))) == count(whole)  # type: ignore[misc]


@pytest.mark.django_db
def test_the_night_of_25_october_has_25_hours_in_berlin():
    for hour in range(48):
        a_sold_order(datetime(2026, 10, 24, 12, tzinfo=UTC) + timedelta(hours=hour))
    told = by_day("orders", Ask(Period(date(2026, 10, 24), date(2026, 10, 26), "Europe/Berlin"), LATER))
    assert [one["n"] for one in told] == [10, 25, 13]


LATER = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "tz", "field"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "UTC", "to"),
        (date(1900, 1, 1), date(1900, 1, 1), "UTC", "from"),
        (date(1990, 1, 1), date(2020, 1, 1), "UTC", "to"),
        (date(2026, 3, 1), date(2026, 3, 1), "Europe/Atlantis", "tz"),
        (date(2026, 3, 1), date(2026, 3, 1), "../../etc/passwd", "tz"),
        (date(2026, 3, 1), date(2026, 3, 1), "", "tz"),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_field(first: date, last: date, tz: str, field: str):
    with pytest.raises(Invalid) as refused:
        Period(first, last, tz)
    assert set(refused.value.errors) == {field}


def test_a_week_is_compared_with_the_week_before_and_a_day_with_the_same_weekday():
    assert Period(date(2026, 3, 9), date(2026, 3, 9)).before() == Period(date(2026, 3, 2), date(2026, 3, 2))
    assert Period(date(2026, 3, 1), date(2026, 3, 28)).before().last == date(2026, 2, 28)


def test_on_a_monday_the_last_working_day_is_friday():
    assert working_day_before(date(2026, 3, 9)) == date(2026, 3, 6)
    assert working_day_before(date(2026, 3, 10)) == date(2026, 3, 9)


def test_every_country_has_a_zone_that_exists():
    assert set(ZONES.values()) <= available_timezones()
    assert zone_of("US", "HI", "UTC") == "Pacific/Honolulu"
    assert zone_of("BR", "XX", "UTC") == "America/Sao_Paulo"
    assert zone_of("", "", "Asia/Kolkata") == "Asia/Kolkata"
