"""The ranges people ask for. All end with yesterday: a day that is not over compares with nothing."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from quartermaster.insight.rules.days import Period, working_day_before

DEFAULT = "28"


class Range(NamedTuple):
    title: str
    first: Callable[[date], date]  # of today


RANGES: Mapping[str, Range] = {
    "since": Range("Since the last working day", working_day_before),
    "7": Range("7 days", lambda today: today - timedelta(days=7)),
    "28": Range("28 days", lambda today: today - timedelta(days=28)),
    "90": Range("90 days", lambda today: today - timedelta(days=90)),
}


def period_of(name: str, today: date, tz: str) -> Period:
    """The days of a range of RANGES, as it is today."""
    return Period(RANGES[name].first(today), today - timedelta(days=1), tz)
