"""Which bin a picker is sent to."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from math import inf
from types import MappingProxyType
from typing import NamedTuple

from quartermaster.warehouse.rules.path import along_the_path

NEVER = datetime.max.replace(tzinfo=UTC)


class Rotation(StrEnum):
    """Which units of a SKU leave first."""

    FEFO = "fefo"  # what expires first
    FIFO = "fifo"  # what has lain in its bin longest
    NEAREST = "nearest"  # what the picker is next to, whatever its age


class Spot(NamedTuple):
    """Available units of a SKU in one bin that nobody was sent for yet. A serial number is its own spot.
    since: when the oldest of them came, where somebody asked."""

    sku_id: int
    place_id: int
    place: str
    lot: str
    serial: str
    expires_on: date | None
    units: int
    since: datetime | None = None


class Need(NamedTuple):
    """Units of a SKU somebody has to pick; `key` is the asker's own number for it. from_on: only of lots that
    can be used on that day still."""

    key: int
    sku_id: int
    units: int
    from_on: date | None = None

    def takes(self, expires_on: date | None) -> bool:
        return self.from_on is None or expires_on is None or expires_on >= self.from_on


class Directed(NamedTuple):
    """Units to take from one spot for one need."""

    key: int
    spot: Spot
    units: int


class Answer(NamedTuple):
    """Where to go, and what no spot holds: key -> units."""

    directed: list[Directed]
    short: dict[int, int]


class Turn(NamedTuple):
    """In which turn the spots of a SKU are emptied. near: place id -> how far it is; preferred: places where
    people walk anyway. They come first where the rotation does not care."""

    rotation: Rotation = Rotation.FEFO
    near: Mapping[int, float] = MappingProxyType({})
    preferred: Collection[int] = frozenset()


def in_turn(spots: Iterable[Spot], turn: Turn) -> list[Spot]:
    """As the rotation says: what expires first (never comes last), what came first, or what is nearest; then
    by the path."""

    def first(spot: Spot) -> tuple[object, ...]:
        is_away = spot.place_id not in turn.preferred
        match turn.rotation:
            case Rotation.FEFO:
                return (spot.expires_on or date.max, is_away)
            case Rotation.FIFO:
                return (spot.since or NEVER, is_away)
            case Rotation.NEAREST:
                return (is_away, turn.near.get(spot.place_id, inf))

    return sorted(spots, key=lambda s: (first(s), along_the_path(s.place), s.lot, s.serial, s.place_id))


def direct(needs: Sequence[Need], spots: Iterable[Spot], turns: Mapping[int, Turn] | None = None) -> Answer:
    """Send each need, in the order given, to the spots of its SKU in their turn, to several when one does not
    hold enough. No spot is promised twice. `turns`: by SKU id where it is not just what expires first. A need
    that asks for days passes over what expires before."""
    lying: defaultdict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        if spot.units > 0:
            lying[spot.sku_id].append(spot)
    of: defaultdict[int, deque[Spot]] = defaultdict(deque)
    for sku_id, mine in lying.items():
        of[sku_id] = deque(in_turn(mine, (turns or {}).get(sku_id, Turn())))
    answer = Answer([], {})
    for need in needs:
        left, queue, passed = need.units, of[need.sku_id], list[Spot]()
        while left and queue:
            spot = queue.popleft()
            if not need.takes(spot.expires_on):
                passed.append(spot)
                continue
            units = min(left, spot.units)
            answer.directed.append(Directed(need.key, spot, units))
            left -= units
            if spot.units > units:
                queue.appendleft(spot._replace(units=spot.units - units))
        queue.extendleft(reversed(passed))
        if left:
            answer.short[need.key] = left
    return answer
