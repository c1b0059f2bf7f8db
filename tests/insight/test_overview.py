"""What is kept for the page is what the rows say, and the doctor sees when it is not."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from quartermaster.core import sql
from quartermaster.core.imports import runs
from quartermaster.insight.actions import keep, refresh
from quartermaster.insight.jobs import refresh_soon
from quartermaster.insight.queries.invariants import wrong_overviews, wrong_weeks
from quartermaster.insight.queries.overview import Overview, kept_overview, overview
from quartermaster.insight.queries.weeks import kept_weeks, weeks
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.ranges import RANGES, period_of
from quartermaster.insight.rules.weeks import weeks_until
from quartermaster.testing.history import a_delivery, a_rating, a_refund, a_sold_order, shipped_order

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
TODAY = AT.date()


def some_history() -> None:
    for day in range(40):
        order_id, parcel_id = shipped_order(
            AT - timedelta(days=day), hours=day, promised_on=TODAY - timedelta(days=day - 2)
        )
        a_delivery(parcel_id, AT - timedelta(days=day) + timedelta(hours=2 * day))
        a_refund(order_id, AT, because="wrong size" if day % 3 else "late", returned=day % 2)
        a_rating(AT - timedelta(days=day), day % 5 + 1, order_id=order_id)


@pytest.mark.django_db
@pytest.mark.parametrize("name", RANGES)
def test_what_is_kept_is_what_the_rows_say(name: str):
    some_history()
    refresh(at=AT)
    period = period_of(name, TODAY, "UTC")
    exact = msgspec.json.decode(msgspec.json.encode(overview(period, at=AT)), type=Overview)
    assert kept_overview(period) == exact
    assert exact.figures["orders"]["n"] == min(40, period.days) - (1 if name == "90" else 0)


@pytest.mark.django_db
def test_days_add_up_to_the_period_and_the_period_before_is_as_long():
    some_history()
    shown = overview(period_of("28", TODAY, "UTC"), at=AT)
    assert sum(value or 0 for value in shown.days["orders"]) == shown.figures["orders"]["n"] == 28
    assert shown.before["orders"]["n"] == 11
    assert "inventory_turnover" not in shown.days


@pytest.mark.django_db
def test_an_older_overview_never_replaces_a_newer_one_and_old_ones_are_forgotten():
    period = Period(TODAY, TODAY)
    keep(period, at=AT)
    a_sold_order(AT)
    keep(period, at=AT - timedelta(minutes=1))
    kept = kept_overview(period)
    assert kept is not None
    assert kept.figures["orders"]["n"] == 0
    refresh(at=AT + timedelta(days=2))
    assert kept_overview(period) is None


@pytest.mark.django_db
def test_nothing_is_kept_that_is_older_than_an_import():
    period = Period(TODAY, TODAY)
    for finished_at, is_kept in (
        (AT - timedelta(hours=1), True),
        (None, True),
        (AT + timedelta(hours=1), False),
    ):
        keep(period, at=AT)
        import_id = runs.begin("orders", "orders.csv", at=AT, by="test")
        sql.run("update core_import set finished_at = %s where id = %s", (finished_at, import_id))
        assert (kept_overview(period) is not None) is is_kept
    keep(period, at=AT + timedelta(hours=2))
    assert kept_overview(period) is not None
    runs.undone(import_id, at=AT + timedelta(hours=3), by="test")
    assert kept_overview(period) is None


@pytest.mark.django_db
def test_a_refresh_that_waits_is_not_asked_for_twice():
    for _ in range(2):
        refresh_soon()
    assert sql.run("select status::text from procrastinate_jobs where task_name = 'insight.refresh'") == [
        ("todo",)
    ]


@pytest.mark.django_db(transaction=True)
def test_the_doctor_finds_a_figure_that_is_not_what_its_rows_say():
    some_history()
    refresh(at=AT)
    assert wrong_overviews() == []
    sql.run(
        "update insight_overview set told = jsonb_set(told, '{figures,orders,n}', '41') "
        "where first = '2026-03-13'"
    )
    assert wrong_overviews() == ["2026-03-13 to 2026-03-19, UTC: orders differs from its rows"]


@pytest.mark.django_db(transaction=True)
def test_what_has_come_since_is_no_mistake():
    refresh(at=AT)
    a_sold_order(AT - timedelta(days=2))
    assert wrong_overviews() == []


@pytest.mark.django_db(transaction=True)
def test_weeks_are_kept_as_their_rows_say_and_the_doctor_holds_them_against_them():
    some_history()
    refresh(at=AT)
    period = weeks_until(TODAY, "UTC")
    kept = kept_weeks(period)
    assert kept is not None
    assert kept.figures == msgspec.json.decode(msgspec.json.encode(weeks(period, at=AT).figures))
    assert sum(week["n"] for week in kept.figures["order_processing_hours"]) > 0
    assert kept_weeks(period, took_ms=10**6) is None
    assert wrong_weeks() == []
    sql.run("update insight_weeks set told = jsonb_set(told, '{pick_hours,0,n}', '41')")
    assert wrong_weeks() == [f"weeks from {period.first} to {TODAY}, UTC: pick_hours differs from its rows"]
    refresh(at=AT + timedelta(days=2))
    assert kept_weeks(period) is None
