"""The days off of a site and of a receiver, as far ahead as a parcel may need them."""

from datetime import date

from quartermaster.core.workdays import holidays_between
from quartermaster.shipping.rules.days import DAYS_MAX
from quartermaster.stock.rules import calendar as rules

AHEAD_YEARS = 1  # a parcel handed over in December arrives in January


def closed_on(country: str, region: str, start: date) -> tuple[date, ...]:
    """Holidays from `start` on, to the end of the next year; none for a country nobody knows."""
    return holidays_between(country, region, start, date(start.year + AHEAD_YEARS, 12, 31))


def site_days(country: str, region: str, calendars: rules.Calendars, start: date) -> dict[str, object]:
    """What a Shipment says of its site's days. Where nobody wrote a calendar these are its holidays alone:
    then a carrier may take parcels on any day it comes."""
    holidays = closed_on(country, region, start)
    if not calendars:
        return {"site_closed_on": holidays}
    found = rules.days(calendars, None, start, holidays, DAYS_MAX)
    weekday = str(start.isoweekday())
    # One for the weekday is closer than one for all: it comes last, and stays.
    cutoffs = sorted(rules.in_force(calendars, start).cutoffs, key=lambda one: bool(one.weekdays))
    return {
        "site_closed_on": found.closed_on,
        "site_open_on": found.open_on,
        "site_week": found.week,
        "site_cutoffs": {
            f"{one.carrier}/{one.service}" if one.service else one.carrier: f"{one.at:%H:%M}"
            for one in cutoffs
            if one.carrier and (not one.weekdays or weekday in one.weekdays)
        },
    }
