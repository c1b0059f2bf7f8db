"""Which of the waiting orders a wave takes when it cannot take them all.

First comes who is more urgent: orders of one priority and one cut-off are taken together, the most urgent
first, as long as all of them fit. Only among those of which some must stay the rule of `rules.waves` chooses,
so that a full wave walks few aisles; where those before lead anyway costs nothing more.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from quartermaster.warehouse.rules.waves import Shelves, select

RULE = "turn, then fewest aisles"
VERSION = 1  # another one whenever the same inputs would give other orders
FULL = 10**15  # what a wave still takes, in parts: far more than a limit times the number of orders
FILLED_PERCENT = 97  # of what could be filled is filled at least: a shorter walk is no reason for much less


class Capacity(NamedTuple):
    """Of one wave; None: no limit."""

    orders: int
    lines: int | None = None
    units: int | None = None


class Candidate(NamedTuple):
    """An order in the queue. turn: equal for orders of one urgency. wanted: SKU -> units to pick."""

    turn: Hashable
    lines: int
    wanted: Mapping[int, int]

    @property
    def units(self) -> int:
        return sum(self.wanted.values())


class Shelf(NamedTuple):
    """Units of a SKU at one aisle (or bin, where nobody knows the aisles), by number."""

    sku: int
    aisle: int
    units: int


class Choice(NamedTuple):
    """taken: indexes of the candidates, the most urgent first; of those the first `urgent` were taken because
    all of their urgency fit. aisles: where they lead; too_large: would not fit into an empty wave; in_turn:
    how many aisles a wave filled in the order of the queue would lead to, where there was a choice."""

    taken: tuple[int, ...]
    urgent: int
    aisles: frozenset[int]
    too_large: tuple[int, ...]
    in_turn: int | None
    because: tuple[str, ...]


def choose(
    candidates: Sequence[Candidate],
    shelves: Sequence[Shelf],
    capacity: Capacity,
    *,
    is_over: Callable[[], bool],
    any_of: Collection[int] = (),
    of: str = "aisle",
) -> Choice:
    """`candidates` in the order of the queue, `shelves` in the order in which a SKU's units are to leave, but
    for the SKUs `any_of`, of which any will do. No order is left while one that is less urgent is taken,
    unless it would not fit into an empty wave. Searches until `is_over`; the same calls of it give the same
    choice."""
    wave = _Wave(candidates, shelves, any_of, capacity)
    too_large = tuple(n for n in range(len(candidates)) if not wave.fits([n]))
    waiting = [n for n in range(len(candidates)) if n not in set(too_large)]
    urgent, same, in_turn = 0, 0, None
    for _, group in groupby(waiting, key=lambda n: candidates[n].turn):
        members = list(group)
        if not wave.fits(members):
            plain, searched = wave.copy(), wave.copy()
            plain.fill(members)
            _search(searched, members, is_over)
            same, in_turn = len(members), len(plain.entered)
            wave = max(searched, plain, key=_Wave.for_each_aisle)
            break
        wave.fill(members)
        urgent = len(wave.taken)
    taken = (*wave.taken[:urgent], *sorted(wave.taken[urgent:]))
    because = [f"{urgent} by turn: all that are as urgent fit"] if urgent else []
    if same:
        because.append(f"{len(taken) - urgent} of {same} that are equally urgent, for a short walk")
    units, aisles = sum(candidates[n].units for n in taken), len(wave.entered)
    because.append(f"{_many(units, 'unit')} from {_many(aisles, of)}")
    if in_turn is not None:
        because[-1] += f"; filled in the order of the queue: {in_turn}"
    if too_large:
        because.append(f"larger than a whole wave: {len(too_large)}")
    return Choice(taken, urgent, frozenset(wave.entered), too_large, in_turn, tuple(because))


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


class _Wave:
    """A wave being filled: what it took, what room is left, where it leads, and what still lies where."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        shelves: Sequence[Shelf],
        any_of: Collection[int],
        left: Capacity,
    ) -> None:
        self.candidates, self.any_of, self.left = candidates, any_of, left
        self.taken: list[int] = []
        self.entered: set[int] = set()
        self.lying: dict[int, list[list[int]]] = defaultdict(
            list
        )  # SKU -> [aisle, units], first to leave first
        for sku, aisle, units in shelves:
            self.lying[sku].append([aisle, units])

    def copy(self) -> "_Wave":
        other = _Wave(self.candidates, (), self.any_of, self.left)
        other.taken, other.entered = list(self.taken), set(self.entered)
        for sku, its in self.lying.items():
            other.lying[sku] = [list(one) for one in its]
        return other

    def carried(self, numbers: Sequence[int]) -> Capacity:
        mine = [self.candidates[n] for n in numbers]
        return Capacity(len(mine), sum(one.lines for one in mine), sum(one.units for one in mine))

    def fits(self, numbers: Sequence[int]) -> bool:
        pairs = zip(self.carried(numbers), self.left, strict=True)
        return all(room is None or (more or 0) <= room for more, room in pairs)

    def share(self, number: int) -> int:
        """Of what room is left, by the limit it fills most."""
        pairs = zip(self.carried([number]), self.left, strict=True)
        return max(FULL * (more or 0) // room for more, room in pairs if room)

    def fill(self, numbers: Sequence[int], ahead: Collection[int] = ()) -> None:
        """In this order, each that still fits. `ahead`: aisles it will lead to."""
        for number in numbers:
            if self.fits([number]):
                self._take(number, ahead)

    def _take(self, number: int, ahead: Collection[int]) -> None:
        """From where it leads anyway first, where that may be chosen. What lies nowhere leads nowhere."""
        self.taken.append(number)
        pairs = zip(self.carried([number]), self.left, strict=True)
        left = [None if room is None else room - (more or 0) for more, room in pairs]
        self.left = Capacity(left[0] or 0, *left[1:])
        for sku, units in self.candidates[number].wanted.items():
            lying = self.lying[sku]
            if sku in self.any_of:
                lying = sorted(lying, key=lambda one: (one[0] not in self.entered, one[0] not in ahead))
            for one in lying:
                took = min(units, one[1])
                if took:
                    self.entered.add(one[0])
                one[1] -= took
                units -= took

    def has(self, number: int) -> bool:
        """Does all of it lie where the wave leads anyway?"""
        return all(self._there(sku) >= units for sku, units in self.candidates[number].wanted.items())

    def _there(self, sku: int) -> int:
        """Units that leave next and lie where the wave leads anyway."""
        units = 0
        for aisle, lying in self.lying[sku]:
            if aisle in self.entered:
                units += lying
            elif lying and sku not in self.any_of:
                break
        return units

    def for_each_aisle(self) -> float:
        return len(self.taken) / max(1, len(self.entered))


def _search(wave: _Wave, members: Sequence[int], is_over: Callable[[], bool]) -> None:
    """Those that need no other aisle, then those the rule selects; what room is left is filled in turn."""
    for number in members:
        if wave.has(number):
            wave.fill([number])
    rest = [n for n in members if n not in set(wave.taken) and wave.fits([n])]
    selected, aisles = _selected(wave, rest, is_over) if rest else ([], set[int]())
    wave.fill(selected, aisles)
    left = [n for n in rest if n not in set(selected)]
    wave.fill(sorted(left, key=lambda n: not wave.has(n)))


def _selected(wave: _Wave, rest: Sequence[int], is_over: Callable[[], bool]) -> tuple[list[int], set[int]]:
    """What the rule takes of these, and the aisles it opens for them."""
    wants = [wave.candidates[n].wanted for n in rest]
    numbers = {sku: number for number, sku in enumerate(sorted({sku for each in wants for sku in each}))}
    orders = [{numbers[sku]: units for sku, units in each.items()} for each in wants]
    demand: Counter[int] = Counter()
    for order in orders:
        demand.update(order)
    entered: Counter[int] = Counter()
    aisles: dict[int, Counter[int]] = defaultdict(Counter)
    for sku, number in numbers.items():
        wanted = demand[number]  # what leaves after all they want is not looked at
        for aisle, units in wave.lying[sku]:
            used = units if sku in wave.any_of else min(units, wanted)
            wanted -= used
            if used:
                (entered if aisle in wave.entered else aisles[aisle])[number] += used
    sizes, codes = [wave.share(n) for n in rest], sorted(aisles)
    least = _filled(sizes) * FILLED_PERCENT // 100
    shelves = Shelves(orders, [aisles[code] for code in codes], least, FULL, sizes, entered)
    found = select(shelves, is_over=is_over)
    if found is None:
        return [], set()
    return [rest[n] for n in found.orders], {codes[n] for n in found.aisles}


def _filled(sizes: Sequence[int]) -> int:
    """By those that fit, in turn."""
    room = FULL
    for size in sizes:
        room -= size if size <= room else 0
    return FULL - room
