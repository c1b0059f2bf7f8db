"""When orders come in: more each week, more on Sundays, most in the evening, and twice a rush."""

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
DAYS = 90
GROWTH = 1.7  # orders a day at the end, for each at the beginning
# Monday to Sunday
_WEEK = (1.12, 1.0, 0.97, 1.0, 0.9, 0.82, 1.25)
# From midnight on: few at night, a little top at noon, the real one in the evening.
_HOURS = (2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 10, 11, 9, 8, 8, 9, 11, 14, 18, 20, 17, 11, 5)
RUSHES = {52: 1.9, 51: 2.3, 50: 1.7, 17: 2.1, 16: 2.6, 15: 1.8}  # days ago -> times as many as usual


def moments(count: int, *, since: datetime, until: datetime, chance: random.Random) -> list[datetime]:
    """`count` moments between `since` and `until`, oldest first, as a shop's orders are spread over them."""
    hours = []
    hour = since.replace(minute=0, second=0, microsecond=0)
    while hour < until:
        hours.append(hour)
        hour += timedelta(hours=1)
    weights = list(accumulate(_weight(hour, until) for hour in hours))
    found = []
    for hour in chance.choices(hours, cum_weights=weights, k=count):
        moment = hour + timedelta(seconds=chance.randrange(3600))
        found.append(min(max(moment, since), until - timedelta(seconds=1)))
    return sorted(found)


def _weight(hour: datetime, until: datetime) -> float:
    local = hour.astimezone(UTC).astimezone(ZONE)
    ago = (until - hour).total_seconds() / 86_400
    grown = GROWTH - (GROWTH - 1) * ago / DAYS
    return _HOURS[local.hour] * _WEEK[local.weekday()] * max(grown, 0.2) * RUSHES.get(int(ago), 1.0)
