"""How long orders take and how many are in time, week by week: what a page of weeks shows."""

from datetime import datetime
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.insight.queries.document import by_week
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.weeks import KEYS

KEPT = """
select told::text, computed_at from insight_weeks o
where tz = %s and first = %s and last = %s and took_ms >= %s and not exists (
  select from core_import i where i.finished_at > o.computed_at or i.withdrawn_at > o.computed_at)
"""


class Weeks(msgspec.Struct, frozen=True):
    """figures: key -> one figure for each week of the period, the oldest first."""

    figures: dict[str, list[dict[str, Any]]]
    computed_at: datetime


def weeks(period: Period, *, at: datetime, known_at: datetime | None = None) -> Weeks:
    """Exact, from the rows."""
    return Weeks(by_week(KEYS, Ask(period, at, known_at)), at)


def kept_weeks(period: Period, *, took_ms: int = 0) -> Weeks | None:
    """Those computed last for this period, if any that took at least so long; none where history was imported
    since."""
    for told, computed_at in sql.run(KEPT, (period.tz, period.first, period.last, took_ms)):
        return Weeks(msgspec.json.decode(told), computed_at)
    return None
