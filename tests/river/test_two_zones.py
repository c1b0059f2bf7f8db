"""The clocks are set back in Berlin and, a week later, in Los Angeles: whoever counts in either zone, day by
day or at once, counts every order once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quartermaster.insight.queries import document
from quartermaster.insight.rules.days import Period
from quartermaster.testing.history import a_sold_order

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 24), date(2026, 11, 2)
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
# Around both nights an order every twenty minutes, the doubled hour included.
NIGHTS = (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC))
PLACED = [night + timedelta(minutes=20 * n) for night in NIGHTS for n in range(30)]


def counted(first: date, last: date, zone: str) -> int:
    return int(document(Period(first, last, zone), at=AT)["orders"]["n"])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "UTC"])
def test_every_order_is_counted_once_through_both_nights(zone: str):
    for at in PLACED:
        a_sold_order(at)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    by_day = {day: counted(day, day, zone) for day in days}
    assert sum(by_day.values()) == counted(FIRST, LAST, zone) == len(PLACED)
    on = [at.astimezone(ZoneInfo(zone)).date() for at in PLACED]
    assert by_day == {day: on.count(day) for day in days}
