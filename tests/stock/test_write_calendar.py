"""Versions of a site's calendar: who, why, from when; and what is known of its next days."""

from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.stock.actions.locate import locate
from quartermaster.stock.actions.write_calendar import CalendarMoved, write_calendar
from quartermaster.stock.queries.calendars import shown, site_of, versions
from quartermaster.stock.rules.calendar import CutOff, Day, SiteCalendar
from quartermaster.stock.rules.locations import Site

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def berlin(db: None) -> None:
    locate([Site(code="BER", country="DE", timezone="Europe/Berlin", cutoff=time(15))], at=AT, by="test")


def write(calendar: SiteCalendar, **given: object) -> SiteCalendar:
    asked = {"because": "Saturday shift", "at": AT, "by": "user:3", **given}
    return write_calendar("BER", calendar, **asked)  # type: ignore[arg-type]


def test_a_version_says_who_and_why_and_moves_the_next_days():
    write(
        SiteCalendar(
            from_on=TODAY,
            week="123456",
            handling_days=1,
            closed=(Day(date(2026, 11, 25), "Inventory"),),
            cutoffs=(CutOff(time(12), "6"), CutOff(time(11), "", "acme", "express")),
        )
    )
    (kept,) = versions("BER")
    assert (kept.version, kept.because, kept.actor) == (1, "Saturday shift", "user:3")
    monday, tuesday, wednesday, _, _, saturday, sunday, *_ = shown(site_of("BER", at=AT), at=AT)
    assert (monday.cutoff, monday.leaves_on, monday.carriers) == (
        "15:00",
        date(2026, 11, 24),
        ("acme/express 11:00",),
    )
    assert tuesday.leaves_on == date(2026, 11, 26)
    assert (wednesday.is_worked, wednesday.because) == (False, "Inventory")
    assert (saturday.is_worked, saturday.cutoff, saturday.leaves_on) == (True, "12:00", date(2026, 11, 30))
    assert not sunday.is_worked
    told = "select body->>'version', body->>'from_on' from core_event where name = 'SiteCalendarChanged'"
    assert sql.run(told) == [("1", "2026-11-23")]


def test_what_was_known_at_a_moment_is_told_apart():
    write(SiteCalendar(from_on=TODAY))
    ((before,),) = sql.run("select recorded_at from stock_calendar")
    sql.run("update stock_calendar set recorded_at = recorded_at - interval '1 hour'")
    write(SiteCalendar(from_on=TODAY, week="1234567"))
    assert [one.week for one in versions("BER")] == ["1234567", "12345"]
    assert [one.week for one in versions("BER", known_at=before - timedelta(minutes=1))] == ["12345"]


def test_the_past_is_not_rewritten_and_two_at_once_do_not_overwrite_each_other():
    with pytest.raises(Invalid) as refused:
        write(SiteCalendar(from_on=TODAY - timedelta(days=1)), because=" ")
    assert set(refused.value.errors) == {"from_on", "because"}
    write(SiteCalendar(from_on=TODAY), version=0)
    with pytest.raises(CalendarMoved):
        write(SiteCalendar(from_on=TODAY), version=0)
    with pytest.raises(NotFound):
        write_calendar("MUC", SiteCalendar(from_on=TODAY), because="new", at=AT, by="test")


def test_today_is_the_sites_own_day():
    """At 23:30 in UTC it is tomorrow in Auckland already, and still today in New York."""
    late = AT.replace(hour=23, minute=30)
    for code, zone, today in (("AKL", "Pacific/Auckland", 24), ("NYC", "America/New_York", 23)):
        locate([Site(code=code, timezone=zone)], at=AT, by="test")
        write_calendar(code, SiteCalendar(from_on=date(2026, 11, today)), because="now", at=late, by="test")
        assert shown(site_of(code, at=late), at=late)[0].on == date(2026, 11, today)


def test_the_database_takes_no_week_without_a_day():
    write(SiteCalendar(from_on=TODAY))
    for change in ("week = ''", "week = '21'", "handling_days = -1", "because = ''"):
        with pytest.raises(psycopg.errors.CheckViolation), transaction.atomic():
            sql.run(f"update stock_calendar set {change}")
