"""When a site hands over what is promised now, and on which day the receiver has it: a rule of calendars."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from quartermaster.allocation.rules.facts import Calendar, Order, Parcel, Site, Take
from quartermaster.allocation.rules.sentences import days as days_told
from quartermaster.core.workdays import WEEK, after, is_workday


class Promise(Struct, frozen=True):
    """ship_by: the last moment to hand over. promised_on: the receiver's day, None without lane days;
    promised_by: the end of that day where it ends last in the receiver's country."""

    ship_by: datetime
    promised_on: date | None
    promised_by: datetime | None
    because: str


@lru_cache(maxsize=8192)
def promise(
    site: str,
    calendar: Calendar,
    transit_days: int | None,
    country: str,
    no_delivery_on: tuple[date, ...],
    timezone: str,
    seen: tuple[int, int] = (0, 0),
) -> Promise:
    """Hand-over: today when it is a working day and the cut-off is not over (the minute itself still counts),
    else on the next working day, after the days of handling. From there the lane's days are counted in the
    receiver's working days. seen: of how many parcels they were learned, and for how many in a hundred."""
    zone = ZoneInfo(calendar.timezone)
    today = calendar.at.astimezone(zone).date()
    week, closed, opened = calendar.week, calendar.closed_on, calendar.open_on
    is_today = is_workday(today, week=week, closed=closed, opened=opened) and calendar.at <= ends(
        today, calendar.cutoff_of(today), zone
    )
    first = (
        today if is_today else after(today + timedelta(days=1), 0, week=week, closed=closed, opened=opened)
    )
    leaves_on = after(first, calendar.handling_days, week=week, closed=closed, opened=opened)
    cutoff = calendar.cutoff_of(leaves_on)
    ship_by = ends(leaves_on, cutoff, zone)
    handled = f" after {days_told(calendar.handling_days)} of handling" if calendar.handling_days else ""
    leaves = f"Leaves {site} {_day(leaves_on, today)}{_before(cutoff)}{handled}"
    if transit_days is None:
        lane = f"the lane to {country or 'there'} has no days"
        return Promise(ship_by, None, None, f"{leaves}; {lane}, so no day is promised.")
    promised_on = after(leaves_on, transit_days, week=WEEK, closed=no_delivery_on)
    told = f"{leaves}, {days_told(transit_days)}{f' to {country}' if country else ''}"
    if seen[0]:
        told += f" (in which {seen[1]} % of {seen[0]:,} parcels arrived)"
    promised_by = ends(promised_on, None, ZoneInfo(timezone))
    return Promise(ship_by, promised_on, promised_by, f"{told}: promised for {_date(promised_on, today)}.")


def ends(day: date, cutoff: time | None, zone: ZoneInfo) -> datetime:
    """The moment of the cut-off on a day, in UTC; without a cut-off the day's last one, the next midnight. Of
    an hour that comes twice the first counts; one that is left out is moved on by as much."""
    local = datetime.combine(day, cutoff) if cutoff else datetime.combine(day + timedelta(days=1), time())
    return local.replace(tzinfo=zone).astimezone(UTC)


def parcel(order: Order, site: Site, takes: tuple[Take, ...], because: tuple[str, ...]) -> Parcel:
    """What a site serves, with its promise when the site's calendar is known."""
    if site.calendar is None:
        return Parcel(site.code, takes, because)
    transit = site.days
    if transit is not None:  # what a missed cut-off and handling cost is in the calendar already
        transit = max(0, transit - site.calendar.handling_days - (not site.is_before_cutoff))
    zone = order.timezone or "UTC"
    made = promise(site.code, site.calendar, transit, order.country, order.no_delivery_on, zone, site.seen)
    return Parcel(
        site.code, takes, (*because, made.because), made.ship_by, made.promised_on, made.promised_by
    )


def _day(day: date, today: date) -> str:
    match (day - today).days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
    return f"on {day:%A}, {_date(day, today)}"


def _before(cutoff: time | None) -> str:
    return f" before {cutoff:%H:%M}" if cutoff else ""


def _date(day: date, today: date) -> str:
    told = f"{day.day} {day:%B}"
    return told if day.year == today.year else f"{told} {day.year}"
