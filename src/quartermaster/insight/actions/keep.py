"""Compute the overviews and weeks that people open most, and keep them."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from quartermaster.core import sql
from quartermaster.insight.queries.overview import overview, seen
from quartermaster.insight.queries.weeks import weeks
from quartermaster.insight.queries.zone import shop_zone
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.ranges import RANGES, period_of
from quartermaster.insight.rules.weeks import weeks_until

KEEP = """
insert into {table} as k (tz, first, last, told, seen, computed_at, took_ms)
values (%(tz)s, %(first)s, %(last)s, %(told)s::jsonb, %(seen)s::jsonb, %(at)s,
  %(took_ms)s)
on conflict (tz, first, last) do update
  set told = excluded.told, seen = excluded.seen, computed_at = excluded.computed_at,
    took_ms = excluded.took_ms
  where k.computed_at < excluded.computed_at
"""
FORGET = "delete from {table} where computed_at < %s"
OVERVIEWS, WEEKS = "insight_overview", "insight_weeks"
_KEPT = timedelta(days=1)


def refresh(*, at: datetime) -> None:
    """Every range of the shop's zone and its weeks, as they are now; what was computed a day ago is
    forgotten."""
    tz = shop_zone()
    today = day_of(at, tz)
    for name in RANGES:
        keep(period_of(name, today, tz), at=at)
    keep_weeks(weeks_until(today, tz), at=at)
    for table in (OVERVIEWS, WEEKS):
        sql.run(FORGET.format(table=table), (at - _KEPT,))


def keep(period: Period, *, at: datetime) -> None:
    """Compute the overview of a period and keep it. What changes meanwhile is in the next one."""

    def told() -> object:
        return {**msgspec.to_builtins(overview(period, at=at)), "computed_at": None}

    _keep(OVERVIEWS, period, told, at)


def keep_weeks(period: Period, *, at: datetime) -> None:
    """The same for its weeks."""
    _keep(WEEKS, period, lambda: weeks(period, at=at).figures, at)


def _keep(table: str, period: Period, told: Callable[[], object], at: datetime) -> None:
    before = seen()
    started = time.monotonic()
    found = told()
    took_ms = int(1000 * (time.monotonic() - started))
    row = {
        "tz": period.tz,
        "first": period.first,
        "last": period.last,
        "told": msgspec.json.encode(found).decode(),
        "seen": msgspec.json.encode(before).decode(),
        "at": at,
        "took_ms": took_ms,
    }
    sql.run(KEEP.format(table=table), row)
