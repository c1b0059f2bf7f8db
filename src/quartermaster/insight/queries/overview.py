"""Figures with those of the comparable period before and a value for each day: what a page of tiles shows."""

from datetime import datetime
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.insight.queries.document import counted, figures
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.definitions import KPIS, Definition, Fold
from quartermaster.insight.rules.figures import figure

KEPT = """
select told::text, computed_at from insight_overview o
where tz = %s and first = %s and last = %s and took_ms >= %s and not exists (
  select from core_import i where i.finished_at > o.computed_at or i.withdrawn_at > o.computed_at)
"""
# What figures are made of. A transaction under way may yet add to it: then the ids prove nothing.
SEEN = """
select (select max(id) from core_event), (select max(id) from orders_order),
  (select max(id) from warehouse_parcel), (select max(id) from tracking_scan),
  (select max(id) from support_rating), (select max(id) from stock_movement),
  (select max(id) from warehouse_timer_mark),
  pg_snapshot_xmin(s)::text = pg_snapshot_xmax(s)::text
from pg_current_snapshot() s
"""


class Overview(msgspec.Struct, frozen=True):
    """figures and before: key -> figure. days: key -> one value for each day, None where there is none;
    empty where a day has no value of its own (turnover)."""

    figures: dict[str, dict[str, Any]]
    before: dict[str, dict[str, Any]]
    days: dict[str, list[float | None]]
    computed_at: datetime


class Seen(msgspec.Struct, frozen=True):
    """The newest ids, and whether nothing was being written when they were read."""

    ids: tuple[int | None, ...]
    is_quiet: bool


def overview(period: Period, *, at: datetime) -> Overview:
    """Exact, from the rows."""
    ask = Ask(period, at)
    totals = counted(ask)
    days = {
        key: [_of_day(one, figure(one, totals[one.rows].days.get(n, []))) for n in range(1, period.days + 1)]
        for key, one in KPIS.items()
        if one.fold is not Fold.RATIO_MONEY
    }
    return Overview(figures(ask, totals), figures(Ask(period.before(), at)), days, at)


def _of_day(definition: Definition, told: dict[str, Any]) -> float | None:
    """A day without orders has 0 of them; a day without deliveries has no rate."""
    if definition.fold in (Fold.COUNT, Fold.SUM) and not told["n"]:
        return 0
    value: float | None = told["value"]
    return value


def kept_overview(period: Period, *, took_ms: int = 0) -> Overview | None:
    """The one computed last for this period (by insight.jobs), if any that took at least so long. None too
    when history was imported since: until that is counted, nothing is kept."""
    for told, computed_at in sql.run(KEPT, (period.tz, period.first, period.last, took_ms)):
        return msgspec.convert({**msgspec.json.decode(told), "computed_at": computed_at}, Overview)
    return None


def seen() -> Seen:
    *ids, is_quiet = sql.run(SEEN)[0]
    return Seen(tuple(ids), is_quiet)
