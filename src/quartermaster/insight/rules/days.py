"""Periods of whole days in a zone. A day is [its midnight, the next day's midnight), so that on the nights
clocks are changed nothing is counted twice or lost, whatever the zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quartermaster.core.errors import Invalid

FIRST, LAST = date(1970, 1, 1), date(2199, 12, 30)
DAYS_MAX = 20 * 366


@dataclass(frozen=True)
class Period:
    """The days `first` to `last`, both included, of the zone `tz` (IANA)."""

    first: date
    last: date
    tz: str = "UTC"

    def __post_init__(self) -> None:
        errors = {}
        if self.last < self.first:
            errors["to"] = f"must not be before {self.first}"
        elif self.first < FIRST or self.last > LAST:
            errors["from"] = f"only days from {FIRST} to {LAST} can be asked for"
        elif self.days > DAYS_MAX:
            errors["to"] = f"at most {DAYS_MAX} days can be asked for at once"
        if zone(self.tz) is None:
            errors["tz"] = "must be a zone of the IANA list, like Europe/Berlin"
        if errors:
            raise Invalid(what="The period", errors=errors)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @cached_property
    def midnights(self) -> list[datetime]:
        """The moment each day begins, in UTC, and the moment behind the last day: days + 1 of them."""
        return [midnight(self.first + timedelta(days=n), self.tz) for n in range(self.days + 1)]

    @property
    def begin(self) -> datetime:
        return self.midnights[0]

    @property
    def end(self) -> datetime:
        """The first moment that does not belong to it."""
        return self.midnights[-1]

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.days)]

    def before(self) -> "Period":
        """The comparable period before: as many days, and the same weekdays where it is a week or less."""
        back = timedelta(days=7 if self.days <= 7 else self.days)
        return Period(self.first - back, self.last - back, self.tz)

    def elapsed(self, at: datetime) -> int:
        """How many of its days have begun by then."""
        return sum(1 for start in self.midnights[:-1] if start <= at)


def zone(name: str) -> ZoneInfo | None:
    """None when the name is no zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def midnight(day: date, tz: str) -> datetime:
    """The first moment of a day. A midnight that clocks skip is the moment they do; one that comes twice
    is the earlier."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz)).astimezone(UTC)


def day_of(at: datetime, tz: str) -> date:
    """The calendar day of a moment in a zone."""
    return at.astimezone(ZoneInfo(tz)).date()


def working_day_before(today: date, weekend: Sequence[int] = (5, 6)) -> date:
    """The newest working day before `today`: on a Monday it is Friday."""
    day = today - timedelta(days=1)
    while day.weekday() in weekend:
        day -= timedelta(days=1)
    return day
