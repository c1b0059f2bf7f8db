"""What Today covers: from the evening of the last working day, so that Monday shows the whole weekend."""

from collections.abc import Container
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


def covered(now: datetime, *, zone: ZoneInfo, closed: Container[date] = ()) -> Span:
    """From 17:00 of the working day before today to `now`. Days in `closed` are holidays."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=1)
    while day.isoweekday() > 5 or day in closed:
        day -= timedelta(days=1)
    return Span(
        datetime.combine(day, CLOSES, zone),
        now,
        datetime.combine(today, time(), zone),
        datetime.combine(today + timedelta(days=1), time(), zone),
        zone,
    )
