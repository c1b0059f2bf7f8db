"""The calendars of sites: those that matter from a moment on, and every version ever written."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short
from quartermaster.core.workdays import after, holidays_between
from quartermaster.stock.rules.calendar import (
    DAYS_MAX,
    Calendars,
    Days,
    SiteCalendar,
    cutoff_on,
    in_force,
    works_on,
)
from quartermaster.stock.rules.calendar import days as days_of

# Of the site `l`, as text: not those that a later version has replaced, nor those that ended weeks ago.
CALENDARS: Final = """
coalesce((select jsonb_agg(jsonb_build_object('from_on', c.from_on, 'week', c.week,
    'handling_days', c.handling_days, 'keeps_holidays', c.keeps_holidays, 'closed', c.closed,
    'opened', c.opened, 'cutoffs', c.cutoffs, 'version', c.version) order by c.version)
  from stock_calendar c where c.location_id = l.id and not exists (
    select from stock_calendar w where w.location_id = c.location_id
      and (w.version > c.version and w.from_on <= c.from_on
        or w.from_on > c.from_on and w.from_on < %(at)s::date - 15))), '[]')::text
"""
SITE: Final = f"""
select l.code, l.name, l.country, l.region, l.timezone, l.cutoff, {CALENDARS} from stock_location l
where %(code)s::text is null and l.is_active or l.code = %(code)s order by l.code
"""  # noqa: S608 - constants only
VERSIONS: Final = """
select row_to_json(r)::text from (
  select c.from_on, c.week, c.handling_days, c.keeps_holidays, c.closed, c.opened, c.cutoffs, c.version,
    c.because, c.actor, c.recorded_at
  from stock_calendar c join stock_location l on l.id = c.location_id where l.code = %(code)s
    and (%(known_at)s::timestamptz is null or c.recorded_at <= %(known_at)s)
  order by c.version desc limit 100) r
"""
_calendars = msgspec.json.Decoder(Calendars)


class Written(SiteCalendar, frozen=True, kw_only=True):
    """A version with who wrote it and why."""

    because: str
    actor: str
    recorded_at: datetime


_written = msgspec.json.Decoder(Written)


class DayShown(msgspec.Struct, frozen=True):
    """A day of a site. because: why it is not as the week says. cutoff: local; None when it is closed, or
    all day is fine. carriers: their own ones of that day, "acme/express 11:00". leaves_on: the day on
    which an order leaves that comes before it."""

    on: date
    is_worked: bool
    because: str
    cutoff: str | None
    carriers: tuple[str, ...]
    leaves_on: date


class Site(NamedTuple):
    """What the days of a site are reckoned from."""

    country: str
    region: str
    timezone: str
    cutoff: time | None  # its ordinary one
    calendars: Calendars

    def today(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()


@lru_cache(maxsize=1024)
def read(text: str) -> Calendars:
    """What CALENDARS told: decoded once for as long as nobody writes."""
    found: Calendars = _calendars.decode(text)
    return found


def site_days(site: Site, today: date, ahead: int = 30) -> Days:
    """Days from today on. Looked up once for a site and a day."""
    holidays = holidays_between(site.country, site.region, today, today + timedelta(days=DAYS_MAX))
    return days_of(site.calendars, site.cutoff, today, holidays, ahead)


def site_of(code: str, *, at: datetime) -> Site:
    """Raises NotFound."""
    for _, _, country, region, timezone, cutoff, text in sql.run(SITE, {"code": code, "at": at}):
        return Site(country, region, timezone, cutoff, read(text))
    raise NotFound(what="location", which=short(code, 80))


def all_sites(*, at: datetime) -> list[tuple[str, str, Site]]:
    """Code, name and days of every active site, by code."""
    return [
        (code, name, Site(country, region, timezone, cutoff, read(text)))
        for code, name, country, region, timezone, cutoff, text in sql.run(SITE, {"code": None, "at": at})
    ]


def versions(code: str, *, known_at: datetime | None = None) -> list[Written]:
    """The last 100 versions of a site's calendar, the newest first; those known at a moment."""
    return [_written.decode(row) for (row,) in sql.run(VERSIONS, {"code": code, "known_at": known_at})]


def shown(site: Site, *, at: datetime, count: int = 14) -> list[DayShown]:
    """Each of the next days, today first."""
    today = site.today(at)
    holidays = holidays_between(site.country, site.region, today, today + timedelta(days=DAYS_MAX))
    found = []
    for n in range(count):
        day = today + timedelta(days=n)
        is_worked, because = works_on(site.calendars, day, holidays)
        cutoff = cutoff_on(site.calendars, day, site.cutoff) if is_worked else None
        told = cutoff.isoformat(timespec="minutes") if cutoff else None
        carriers = _carriers(site, day) if is_worked else ()
        found.append(DayShown(day, is_worked, because, told, carriers, _leaves(site, day)))
    return found


def _carriers(site: Site, day: date) -> tuple[str, ...]:
    weekday = str(day.isoweekday())
    return tuple(
        f"{one.carrier}/{one.service} {one.at:%H:%M}" if one.service else f"{one.carrier} {one.at:%H:%M}"
        for one in in_force(site.calendars, day).cutoffs
        if one.carrier and (not one.weekdays or weekday in one.weekdays)
    )


def _leaves(site: Site, day: date) -> date:
    known = site_days(site, day)
    first = after(day, 0, week=known.week, closed=known.closed_on, opened=known.open_on)
    return after(first, known.handling_days, week=known.week, closed=known.closed_on, opened=known.open_on)
