"""Public holidays of a country, or of a region where its calendar is known."""

from datetime import date
from functools import lru_cache

AHEAD_YEARS = 1  # a parcel handed over in December arrives in January


def closed_on(country: str, region: str, start: date) -> tuple[date, ...]:
    """Holidays from `start` on, to the end of the next year; none for a country nobody knows."""
    return tuple(day for day in _holidays(country, region, start.year) if day >= start)


@lru_cache(maxsize=2000)
def _holidays(country: str, region: str, year: int) -> tuple[date, ...]:
    import holidays  # two tenths of a second that a process which ships nothing need not spend

    regions = holidays.list_supported_countries().get(country)
    if regions is None:
        return ()
    years = range(year, year + AHEAD_YEARS + 1)
    where = region if region in regions else None
    return tuple(sorted(holidays.country_holidays(country, subdiv=where, years=years)))
