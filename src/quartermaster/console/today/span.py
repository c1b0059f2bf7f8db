"""What Today covers: from the evening of the last working day, so that Monday shows the whole weekend."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

CLOSES = time(17)


class Span(NamedTuple):
    """since ≤ t < until, as moments; day_start and day_end are those of the shop's own day."""

    since: datetime
    until: datetime
    day_start: datetime
    day_end: datetime
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        return self.until.astimezone(self.zone)

    @property
    def since_local(self) -> datetime:
        return self.since.astimezone(self.zone)

    @property
    def week_before(self) -> tuple[datetime, datetime]:
        """The same stretch of the week before, by the clock of the zone."""
        week = timedelta(days=7)
        return (self.since_local - week, self.local - week)


LOOKS_BACK = 14  # days: after a longer closure Today covers no more


def covered(
    now: datetime, *, zone: ZoneInfo, works: Callable[[date], bool] = lambda day: day.isoweekday() <= 5
) -> Span:
    """From 17:00 of the last day that was worked before today to `now`."""
    today = now.astimezone(zone).date()
    back = (today - timedelta(days=n) for n in range(1, LOOKS_BACK))
    day = next((day for day in back if works(day)), today - timedelta(days=LOOKS_BACK))
    return Span(
        datetime.combine(day, CLOSES, zone),
        now,
        datetime.combine(today, time(), zone),
        datetime.combine(today + timedelta(days=1), time(), zone),
        zone,
    )
