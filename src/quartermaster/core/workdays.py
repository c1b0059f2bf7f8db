"""Days that count: public holidays of a country, and the zone in which its day is over last."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

WEEK = "12345"  # ISO weekdays on which work is done: Monday to Friday
ANYWHERE = "Etc/GMT+12"  # where a day ends last of all


@lru_cache(maxsize=4096)
def holidays_between(country: str, region: str, first: date, last: date) -> tuple[date, ...]:
    """Public holidays from `first` to `last`, both included, oldest first. country: ISO alpha-2, region: the
    part of ISO 3166-2 behind the dash. A country that is not known has none; a region that is not known has
    those of its country."""
    import holidays

    known = holidays.list_supported_countries()
    if country not in known:
        return ()
    part = region if region in known[country] else None
    found = holidays.country_holidays(country, subdiv=part, years=range(first.year, last.year + 1))
    return tuple(sorted(day for day in found if first <= day <= last))


def warm() -> None:
    """Read the holidays of the world, once a process: the first look takes as long as a few hundred orders,
    so a process takes it before anybody waits."""
    today = datetime.now(UTC).date()
    holidays_between("DE", "", today, today)


def is_workday(day: date, *, week: str, closed: tuple[date, ...], opened: tuple[date, ...] = ()) -> bool:
    """opened: days that are worked though they are not of the week."""
    return (str(day.isoweekday()) in week or day in opened) and day not in closed


def after(
    day: date, count: int, *, week: str, closed: tuple[date, ...], opened: tuple[date, ...] = ()
) -> date:
    """The day `count` working days after `day`; with 0 it is `day` itself or the next working day.

    Raises ValueError when the week has no working day at all.
    """
    if not week:
        raise ValueError("a week without a working day never ends")
    for _ in range(count):
        day = after(day + timedelta(days=1), 0, week=week, closed=closed, opened=opened)
    while not is_workday(day, week=week, closed=closed, opened=opened):
        day += timedelta(days=1)
    return day


@cache
def last_zone(country: str) -> str:
    """The zone of a country in which a day is over last: nothing is called late before it is so everywhere
    there. A country that is not known may be anywhere."""
    zones = _zones().get(country)
    return min(zones, key=_offset) if zones else ANYWHERE


def _offset(zone: str) -> tuple[float, str]:
    """The standard offset, which is the lower one of winter and summer wherever clocks are changed."""
    moments = (datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    return min(moment.utcoffset() or timedelta() for moment in moments).total_seconds(), zone


@cache
def _zones() -> dict[str, list[str]]:
    """Country -> its zones, from the zone.tab that comes with the time zones."""
    found: dict[str, list[str]] = {}
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found
