"""How long parcels of a lane were on the road, and what can be promised from it. Pure.

Days are working days of the receiver, counted as the promise counts them. Parcels that are still on their way
count too, as far as they have been seen: left out, the slow ones would be missing and every promise too short
(Kaplan and Meier, Nonparametric estimation from incomplete observations, 1958).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from msgspec import Struct

from quartermaster.core.workdays import WEEK, after

DAYS_MAX = 60  # what takes longer counts as still under way after as many
LEAST = 30  # parcels that arrived: from fewer nothing is learned
SHARE = 0.95  # of all parcels are to arrive by the promised day
SHARE_MAX, GAIN = 0.995, 0.25  # of `aimed`


class Transit(Struct, frozen=True):
    """arrived[k]: parcels that came on day k. waiting[k]: of those that have not come, how many were seen
    through day k."""

    arrived: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """Parcels that arrived."""
        return sum(self.arrived)


class Place(NamedTuple):
    """region: the part of ISO 3166-2 behind the dash, "" when it is not known or not meant."""

    country: str
    region: str = ""


class Lane(NamedTuple):
    """site: the code of where parcels leave, "" for any in its region."""

    site: str
    origin: Place
    to: Place


class Learned(NamedTuple):
    """days: by which `share` of the parcels had arrived; n: parcels that arrived; of: the lane it was seen
    on, which may be a wider one than was asked for."""

    days: int
    share: float
    n: int
    of: Lane
    transit: Transit


@lru_cache(maxsize=65536)
def days_taken(left_on: date, arrived_on: date, closed: tuple[date, ...] = ()) -> int:
    """The least number of days with which the promise would have held. Arrived on a Saturday it is the one
    that leads to Monday."""
    count, day = 0, after(left_on, 0, week=WEEK, closed=closed)
    while day < arrived_on and count < DAYS_MAX:
        day = after((left_on if not count else day) + timedelta(days=1), 0, week=WEEK, closed=closed)
        count += 1
    return count


def days_seen(left_on: date, today: date, closed: tuple[date, ...] = ()) -> int:
    """Through which day a parcel that has not come has been seen: -1 when not even the first is over."""
    return days_taken(left_on, today, closed) - 1


def transit(arrived: Mapping[int, int], waiting: Mapping[int, int]) -> Transit:
    """From counts by day. Days beyond DAYS_MAX are cut off, parcels seen through no day left out."""
    came = [0] * (DAYS_MAX + 1)
    stays = [0] * (DAYS_MAX + 1)
    for day, count in arrived.items():
        (came if day < DAYS_MAX else stays)[min(max(day, 0), DAYS_MAX)] += count
    for day, count in waiting.items():
        if day >= 0:
            stays[min(day, DAYS_MAX)] += count
    return Transit(_cut(came), _cut(stays))


def within(seen: Transit) -> tuple[float, ...]:
    """By day, the share of parcels that arrive on it or before."""
    length = max(len(seen.arrived), len(seen.waiting))
    came = (*seen.arrived, *[0] * (length - len(seen.arrived)))
    stays = (*seen.waiting, *[0] * (length - len(seen.waiting)))
    seen_on = list(accumulate((a + w for a, w in zip(reversed(came), reversed(stays), strict=True))))[::-1]
    left, shares = 1.0, []
    for arrived, at_risk in zip(came, seen_on, strict=True):
        left *= 1 - arrived / at_risk if at_risk else 1
        shares.append(1 - left)
    return tuple(shares)


def days_for(seen: Transit, share: float = SHARE) -> int | None:
    """The days within which `share` arrive; None when so many never did. Of few parcels it asks for a little
    more than the share, as much as it takes to hold for the next one too."""
    wanted = share * (seen.n + 1) / seen.n if seen.n else 2
    return next((day for day, found in enumerate(within(seen)) if found >= wanted), None)


def chance(seen: Transit, *, by: int, beyond: int) -> float | None:
    """How likely a parcel arrives by day `by`, that had not come by the end of day `beyond` (-1: just left).
    None when no parcel was ever seen so late."""
    shares = within(seen)
    gone = shares[min(beyond, len(shares) - 1)] if beyond >= 0 and shares else 0.0
    if not shares or gone >= 1 or beyond >= len(shares):
        return None
    if by <= beyond:
        return 0.0
    return (shares[min(by, len(shares) - 1)] - gone) / (1 - gone)


def widened(lane: Lane) -> tuple[Lane, ...]:
    """The lane, and wider ones that may stand for it: any site of the region, of the country; then any
    region of the receiver's country."""
    origin = Place(lane.origin.country)
    whole = Place(lane.to.country)
    return (
        lane,
        Lane("", lane.origin, lane.to),
        Lane("", origin, lane.to),
        Lane(lane.site, lane.origin, whole),
        Lane("", origin, whole),
    )


def together(seen: Iterable[tuple[Lane, Transit]]) -> dict[Lane, Transit]:
    """What was seen, for each lane and each wider one."""
    counts: dict[Lane, tuple[list[int], list[int]]] = {}
    for lane, one in seen:
        for each in dict.fromkeys(widened(lane)):
            came, stays = counts.setdefault(each, ([0] * (DAYS_MAX + 1), [0] * (DAYS_MAX + 1)))
            for total, more in ((came, one.arrived), (stays, one.waiting)):
                for day, count in enumerate(more):
                    total[day] += count
    return {lane: Transit(_cut(came), _cut(stays)) for lane, (came, stays) in counts.items()}


def learned(
    known: Mapping[Lane, Transit], lane: Lane, *, share: float = SHARE, least: int = LEAST
) -> Learned | None:
    """What the narrowest lane with enough parcels says; None when none has: then the table's days hold."""
    for each in widened(lane):
        seen = known.get(each)
        if seen is None or seen.n < least:
            continue
        days = days_for(seen, share)
        # So many never arrived within any day that was seen: the slowest that did is all there is to go by.
        return Learned(len(seen.arrived) - 1 if days is None else days, share, seen.n, each, seen)
    return None


def aimed(share: float, *, hit: float, target: float = SHARE) -> float:
    """The share to learn with next, after promises learned with `share` were kept in `hit` of all cases: a
    part of what was missed is added, and taken off again when too much is kept. Never below the target.

    (Gibbs and Candès, Adaptive conformal inference under distribution shift, 2021.)
    """
    return min(SHARE_MAX, max(target, share + GAIN * (target - hit)))


def _cut(counts: list[int]) -> tuple[int, ...]:
    """Without the zeros at the end."""
    end = next((n for n in range(len(counts), 0, -1) if counts[n - 1]), 0)
    return tuple(counts[:end])
