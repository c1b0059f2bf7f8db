"""Three carriers that do not exist, and the way of every parcel with them.

The way of a parcel follows from its tracking number alone, so that what is told of it later agrees with what
was told of it before.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from quartermaster.core.workdays import WEEK, after

NORD, ATLAS, SIERRA = "nordpost", "atlas", "sierra"
TITLES = {NORD: "Nordpost", ATLAS: "Atlas Parcel", SIERRA: "Sierra Ground"}
# Who takes what from where; "" is everywhere else.
CARRIERS = {
    "BER": {"DE": NORD, "AT": NORD, "PL": NORD, "DK": NORD, "": ATLAS},
    "OPO": {"": ATLAS},
    "RNO": {"": SIERRA},
}
# The lane that went bad: since so many days nearly every second parcel of it is late.
BAD_LANE, BAD_SINCE_DAYS = ("BER", "FR"), 24
_LATE, _LATE_IN_A_RUSH, _LATE_ON_THE_BAD_LANE, _LOST = 0.025, 0.09, 0.46, 0.003
_ZONES = {"PT": "Europe/Lisbon", "US": "America/Los_Angeles"}


class Told(Struct, frozen=True):
    """One thing a carrier tells of a parcel."""

    at: datetime
    status: str
    message: str
    place: str = ""


class Way(Struct, frozen=True):
    """What a carrier has to know to carry a parcel."""

    tracking_number: str
    site: str
    country: str
    city: str
    handed_over_at: datetime
    promised_on: date | None
    is_bad_lane: bool = False
    is_rush: bool = False


def carrier(site: str, country: str) -> str:
    lanes = CARRIERS[site]
    return lanes.get(country, lanes[""])


def way(parcel: Way) -> tuple[Told, ...]:
    """Everything the carrier will ever tell of it, oldest first. A lost one is never delivered."""
    chance = random.Random(f"way of {parcel.tracking_number}")
    zone = ZoneInfo(_ZONES.get(parcel.country, "Europe/Berlin"))
    left = parcel.handed_over_at
    late = _LATE_ON_THE_BAD_LANE if parcel.is_bad_lane else _LATE_IN_A_RUSH if parcel.is_rush else _LATE
    day = parcel.promised_on or (left + timedelta(days=4)).date()
    luck = chance.random()
    if luck < late:
        day = after(day + timedelta(days=chance.choice((1, 1, 2, 3))), 0, week=WEEK, closed=())
    elif luck > 0.86 and (day - left.date()).days > 2:
        day = after(day - timedelta(days=1), 0, week=WEEK, closed=())
    day = max(day, (left + timedelta(hours=14)).astimezone(zone).date())
    accepted = left + timedelta(minutes=chance.randint(40, 260))
    told = [
        Told(accepted, "accepted", "Taken over from the sender", parcel.site),
        Told(accepted + timedelta(hours=chance.randint(3, 9)), "in_transit", "Left the sorting centre"),
    ]
    hour = chance.choice((9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 17))
    delivered = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), zone)
    if luck < late:
        stopped = max(told[-1].at, delivered.astimezone(UTC) - timedelta(hours=30))
        told.append(Told(stopped + timedelta(minutes=5), "exception", "Delayed in the depot", parcel.city))
    out = max(datetime.combine(day, time(7, 40), zone).astimezone(UTC), told[-1].at + timedelta(minutes=30))
    told.append(Told(out, "out_for_delivery", "In the delivery van", parcel.city))
    if luck < 1 - _LOST:
        arrived = max(delivered.astimezone(UTC), out + timedelta(minutes=20))
        told.append(Told(arrived, "delivered", "Delivered", parcel.city))
    return tuple(told)
