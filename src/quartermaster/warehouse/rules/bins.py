"""Which bin a picker is sent to."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from quartermaster.warehouse.rules.path import along_the_path


class Spot(NamedTuple):
    """Available units of a SKU in one bin that nobody was sent for yet. A serial number is its own spot."""

    sku_id: int
    place_id: int
    place: str
    lot: str
    serial: str
    expires_on: date | None
    units: int


class Need(NamedTuple):
    """Units of a SKU somebody has to pick; `key` is the asker's own number for it."""

    key: int
    sku_id: int
    units: int


class Directed(NamedTuple):
    """Units to take from one spot for one need."""

    key: int
    spot: Spot
    units: int


class Answer(NamedTuple):
    """Where to go, and what no spot holds: key -> units."""

    directed: list[Directed]
    short: dict[int, int]


def in_turn(spots: Iterable[Spot]) -> list[Spot]:
    """What expires first comes first, what never expires last; then by the path."""
    return sorted(
        spots, key=lambda s: (s.expires_on or date.max, along_the_path(s.place), s.lot, s.serial, s.place_id)
    )


def direct(needs: Sequence[Need], spots: Iterable[Spot]) -> Answer:
    """Send each need, in the order given, to the spots of its SKU in their turn, to several when one does not
    hold enough. No spot is promised twice."""
    of: defaultdict[int, deque[Spot]] = defaultdict(deque)
    for spot in in_turn(spots):
        if spot.units > 0:
            of[spot.sku_id].append(spot)
    answer = Answer([], {})
    for need in needs:
        left, queue = need.units, of[need.sku_id]
        while left and queue:
            spot = queue.popleft()
            units = min(left, spot.units)
            answer.directed.append(Directed(need.key, spot, units))
            left -= units
            if spot.units > units:
                queue.appendleft(spot._replace(units=spot.units - units))
        if left:
            answer.short[need.key] = left
    return answer
