"""Compute the overviews people open most, and keep them."""

import time
from datetime import datetime, timedelta

import msgspec

from quartermaster.core import sql
from quartermaster.insight.queries.overview import overview, seen
from quartermaster.insight.queries.zone import shop_zone
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.ranges import RANGES, period_of

KEEP = """
insert into insight_overview (tz, first, last, told, seen, computed_at, took_ms)
values (%(tz)s, %(first)s, %(last)s, %(told)s::jsonb, %(seen)s::jsonb, %(at)s,
  %(took_ms)s)
on conflict (tz, first, last) do update
  set told = excluded.told, seen = excluded.seen, computed_at = excluded.computed_at,
    took_ms = excluded.took_ms
  where insight_overview.computed_at < excluded.computed_at
"""
FORGET = "delete from insight_overview where computed_at < %s"
_KEPT = timedelta(days=1)


def refresh(*, at: datetime) -> None:
    """Every range of the shop's zone, as it is now; what was computed a day ago is forgotten."""
    tz = shop_zone()
    for name in RANGES:
        keep(period_of(name, day_of(at, tz), tz), at=at)
    sql.run(FORGET, (at - _KEPT,))


def keep(period: Period, *, at: datetime) -> None:
    """Compute the overview of a period and keep it. What changes meanwhile is in the next one."""
    before = seen()
    started = time.monotonic()
    told = msgspec.to_builtins(overview(period, at=at))
    took_ms = int(1000 * (time.monotonic() - started))
    del told["computed_at"]
    sql.run(
        KEEP,
        {
            "tz": period.tz,
            "first": period.first,
            "last": period.last,
            "told": msgspec.json.encode(told).decode(),
            "seen": msgspec.json.encode(before).decode(),
            "at": at,
            "took_ms": took_ms,
        },
    )
