"""The weeks that are told one after the other: whole ones, from Monday on, and the one under way."""

from datetime import date, timedelta
from typing import Final

from quartermaster.insight.rules.days import Period

WEEK: Final = 7
WEEKS: Final = 12  # whole ones
KEYS: Final = (
    "order_cycle_hours",
    "order_processing_hours",
    "pick_hours",
    "pack_hours",
    "dispatch_hours",
    "on_time_dispatch_rate",
    "on_time_delivery_rate",
)


def weeks_until(today: date, tz: str) -> Period:
    monday = today - timedelta(days=today.weekday())
    return Period(monday - timedelta(days=WEEK * WEEKS), today, tz)
