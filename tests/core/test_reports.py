"""What a job counted is told while it is fresh; what is counted quickly is always counted now."""

from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.core import sql
from quartermaster.core.actions.report import keep_reports
from quartermaster.core.imports import runs
from quartermaster.core.queries.reports import FRESH, Report, told

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOURS: Report[list[int]] = Report("core.hours", "all", list[int], lambda at: [at.hour, at.minute])


def kept(*, took_ms: int = 900) -> None:
    keep_reports([HOURS], at=AT)
    sql.run("update core_report set took_ms = %s", (took_ms,))


def test_what_took_long_is_told_as_it_was_counted_while_that_is_fresh():
    assert told(HOURS, at=AT) == ([9, 0], AT)
    kept()
    assert told(HOURS, at=AT + MINUTE) == ([9, 0], AT)
    assert told(HOURS, at=AT + FRESH) == ([11, 0], AT + FRESH)
    # Somebody whose clock is behind is not told of the future.
    assert told(HOURS, at=AT - MINUTE) == ([8, 59], AT - MINUTE)


def test_what_is_counted_quickly_is_counted_now():
    kept(took_ms=20)
    assert told(HOURS, at=AT + MINUTE) == ([9, 1], AT + MINUTE)


def test_nothing_is_told_that_is_older_than_an_import():
    kept()
    import_id = runs.begin("orders", "orders.csv", at=AT, by="test")
    assert told(HOURS, at=AT + 2 * MINUTE).computed_at == AT
    sql.run("update core_import set finished_at = %s where id = %s", (AT + MINUTE, import_id))
    assert told(HOURS, at=AT + 2 * MINUTE).found == [9, 2]


def test_one_counted_later_stays_and_old_ones_are_forgotten():
    kept()
    keep_reports([HOURS], at=AT - MINUTE)
    assert told(HOURS, at=AT + MINUTE).found == [9, 0]
    keep_reports([], at=AT + timedelta(days=2))
    assert sql.run("select count(*) from core_report") == [(0,)]
