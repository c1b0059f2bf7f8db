"""When a parcel leaves and arrives: cut-off, days of pickup, days of delivery, holidays."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

DAYS_MAX = 120  # a calendar without a single working day ahead is a mistake, not a reason to look on for ever


def leaves(
    ready_at: datetime,
    *,
    cutoff: str,
    weekdays: Sequence[int],
    closed_on: Collection[date],
    open_on: Collection[date] = (),
    week: str = "",
) -> date | None:
    """The day the carrier takes it: today when it is ready by the cut-off, else the next day it comes and
    the site works. week: the site's ISO weekdays, "" where they are not known; open_on: days beside them.

    `ready_at` has the site's offset, `cutoff` is HH:MM of the site's clock. None: no such day in sight.
    """
    day = ready_at.date()
    if ready_at.time() > time.fromisoformat(cutoff):
        day += timedelta(days=1)
    for _ in range(DAYS_MAX):
        worked = not week or str(day.isoweekday()) in week or day in open_on
        if worked and day.isoweekday() in weekdays and day not in closed_on:
            return day
        day += timedelta(days=1)
    return None


def arrives(
    leaves_on: date, days: int, *, weekdays: Sequence[int], closed_on: Collection[date]
) -> date | None:
    """The `days`th day of delivery after it left. 0: the day it left, or the next day of delivery."""
    day = _working(leaves_on, weekdays, closed_on) if days == 0 else leaves_on
    for _ in range(days):
        day = None if day is None else _working(day + timedelta(days=1), weekdays, closed_on)
    return day


def _working(day: date, weekdays: Sequence[int], closed_on: Collection[date]) -> date | None:
    for _ in range(DAYS_MAX):
        if day.isoweekday() in weekdays and day not in closed_on:
            return day
        day += timedelta(days=1)
    return None
