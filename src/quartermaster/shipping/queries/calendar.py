"""Public holidays of a country, or of a region where its calendar is known."""

from datetime import date

from quartermaster.core.workdays import holidays_between

AHEAD_YEARS = 1  # a parcel handed over in December arrives in January


def closed_on(country: str, region: str, start: date) -> tuple[date, ...]:
    """Holidays from `start` on, to the end of the next year; none for a country nobody knows."""
    return holidays_between(country, region, start, date(start.year + AHEAD_YEARS, 12, 31))
