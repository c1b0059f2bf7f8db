"""Which site of a group serves how many units of which line: an exact search, given up after so many steps.

A unit of a line, kit or not, comes from one site with all its parts. A line stays whole where it can, at the
best ranked site where it can. Depth first over the lines; the first answer that cannot be bettered ends it.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from quartermaster.allocation.rules.demand import Line

type Units = tuple[int, ...]  # of one line, by site

STEPS_MAX = 2_000  # of one group of sites
STEPS_MAX_PER_RULE = 10_000  # of all groups together: under 0.1 s, reached by contrived orders only


class Steps(Struct):
    """What is left of the search for one rule: counted, not timed, so that an answer can be found again."""

    left: int = STEPS_MAX_PER_RULE


def fill(
    lines: Sequence[Line], free: Sequence[Mapping[str, int]], *, value_min: int, is_all: bool, steps: Steps
) -> list[Units] | None:
    """Units by line and site, every site worth at least value_min; None when no such way exists or was found.

    is_all: serve everything or nothing. Otherwise the most goods value, and among equals the most units.
    """
    order = _contested_first(lines) if is_all else _dearest_first(lines)
    search = _Search(
        lines=[lines[index] for index in order],
        free=[dict(each) for each in free],
        value_min=value_min,
        is_all=is_all,
        worth=[0] * len(free),
    )
    if is_all and not search.is_possible():
        return None
    allowed = min(STEPS_MAX, steps.left)
    steps.left -= min(search.run(allowed + len(lines)), allowed)  # every line can be looked at once
    if search.best is None:
        return None
    found: list[Units] = [()] * len(lines)
    for place, index in enumerate(order):
        found[index] = search.best[place]
    return found


def most(lines: Sequence[Line], free: Sequence[Mapping[str, int]]) -> tuple[int, int]:
    """An upper bound of the goods value and units the sites can serve together, each line looked at alone."""
    value = units = 0
    for line in lines:
        can = min(line.quantity, sum(line.room(each) for each in free))
        value += line.worth(can)
        units += can
    return value, units


class _Search(Struct):
    lines: list[Line]
    free: list[dict[str, int]]
    value_min: int
    is_all: bool
    worth: list[int]  # goods value by site so far, each share rounded down
    value: int = 0  # goods value of all sites so far, by line, so that a division costs nothing
    units: int = 0
    best: list[Units] | None = None
    reached: tuple[int, int] = (-1, -1)

    def is_possible(self) -> bool:
        """Everything is there when sites are added up; only then is it worth searching."""
        need: dict[str, int] = {}
        for line in self.lines:
            if sum(line.room(each) for each in self.free) < line.quantity:
                return False
            for sku, per_unit in line.needs:
                need[sku] = need.get(sku, 0) + line.quantity * per_unit
        value = sum(line.value_minor for line in self.lines)
        return value >= self.value_min * len(self.free) and all(
            sum(each.get(sku, 0) for each in self.free) >= wants for sku, wants in need.items()
        )

    def run(self, steps_max: int) -> int:
        """Search; the steps it took. A stack of open choices, no recursion: orders may have many lines."""
        bounds, worths = self._bounds()
        chosen: list[Units] = []
        open_choices = [self._choices(0)]
        steps = 0
        while open_choices and steps < steps_max:
            if len(chosen) == len(open_choices):
                self._move(len(chosen) - 1, chosen.pop(), +1)
            choice = next(open_choices[-1], None)
            if choice is None:
                open_choices.pop()
                continue
            steps += 1
            self._move(len(chosen), choice, -1)
            chosen.append(choice)
            if self._is_hopeless(bounds[len(chosen)], worths[len(chosen)]):
                continue
            if len(chosen) < len(self.lines):
                open_choices.append(self._choices(len(chosen)))
            elif self._is_best(chosen) and (self.is_all or self.reached == bounds[0]):
                break
        return steps

    def _bounds(self) -> tuple[list[tuple[int, int]], list[list[int]]]:
        """By depth: the most value and units the lines from there on can still add, in all and by site."""
        bounds, worths = [(0, 0)], [[0] * len(self.free)]
        for line in reversed(self.lines):
            value, units = most([line], self.free)
            bounds.append((bounds[-1][0] + value, bounds[-1][1] + units))
            here = [line.worth(line.room(free)) for free in self.free]
            worths.append([so_far + more for so_far, more in zip(worths[-1], here, strict=True)])
        return bounds[::-1], worths[::-1]

    def _choices(self, depth: int) -> Iterator[Units]:
        """Every way to serve this line from what is free: the most units first, undivided before divided."""
        line = self.lines[depth]
        rooms = [line.room(each) for each in self.free]
        most_units = min(line.quantity, sum(rooms))
        if self.is_all:
            return shares(line.quantity, rooms) if most_units == line.quantity else iter(())
        return (share for units in range(most_units, -1, -1) for share in shares(units, rooms))

    def _move(self, depth: int, choice: Units, sign: int) -> None:
        line = self.lines[depth]
        served = sum(choice)
        self.value -= sign * line.worth(served)
        self.units -= sign * served
        for site, units in enumerate(choice):
            if units:
                self.worth[site] -= sign * line.worth(units)
                free = self.free[site]
                for sku, per_unit in line.needs:
                    free[sku] += sign * units * per_unit

    def _is_hopeless(self, bound: tuple[int, int], worths: list[int]) -> bool:
        """The lines left cannot better the best answer, or cannot make a site worth its parcel."""
        value, units = bound
        if not self.is_all and (self.value + value, self.units + units) <= self.reached:
            return True
        return self.value_min > 0 and any(
            worth + more < self.value_min for worth, more in zip(self.worth, worths, strict=True)
        )

    def _is_best(self, chosen: list[Units]) -> bool:
        reached = (self.value, self.units)
        if reached <= self.reached:
            return False
        self.best, self.reached = list(chosen), reached
        return True


def shares(units: int, rooms: Sequence[int]) -> Iterator[Units]:
    """Every way to take units from sites with so much room: whole from one site first, in their order."""
    whole = [site for site, room in enumerate(rooms) if room >= units]
    for site in whole if units else whole[:1]:
        yield tuple(units if at == site else 0 for at in range(len(rooms)))
    for share in _divided(units, rooms):
        if share.count(0) < len(rooms) - 1:
            yield share


def _divided(units: int, rooms: Sequence[int]) -> Iterator[Units]:
    if len(rooms) == 1:
        if units <= rooms[0]:
            yield (units,)
        return
    elsewhere = sum(rooms[1:])
    for here in range(min(units, rooms[0]), max(units - elsewhere, 0) - 1, -1):
        for rest in _divided(units - here, rooms[1:]):
            yield (here, *rest)


def _contested_first(lines: Sequence[Line]) -> list[int]:
    """Lines that compete for a SKU first: the others cannot fail, and nothing is tried again for them."""
    wanted_by: dict[str, int] = {}
    for line in lines:
        for sku, _ in line.needs:
            wanted_by[sku] = wanted_by.get(sku, 0) + 1
    rivals = [max((wanted_by[sku] for sku, _ in line.needs), default=0) for line in lines]
    return sorted(range(len(lines)), key=lambda at: (-rivals[at], -len(lines[at].needs), at))


def _dearest_first(lines: Sequence[Line]) -> list[int]:
    return sorted(range(len(lines)), key=lambda at: (-lines[at].value_minor * 1000 // lines[at].quantity, at))
