"""Where to take each unit when it lies in several places: the choice that gives the shortest tour.

Choosing and routing together is hard (Weidinger, EJOR 266(3), 2018), so this searches: the best single
change of place until none helps, then a few places by chance and again, keeping what is better.
"""

import random
from collections.abc import Callable, Sequence

from quartermaster.warehouse.rules.routing.layout import Layout, Stop
from quartermaster.warehouse.rules.routing.lengths import Lengths

LEAST = 1e-9
WORSE_KEPT = 1.003


def choose(
    layout: Layout, candidates: Sequence[Sequence[Stop]], *, is_over: Callable[[], bool], seed: int = 0
) -> list[Stop]:
    """One stop for each unit, from the places it may be taken from (at least one each)."""
    search = _Search(layout, candidates, is_over, random.Random(seed))  # noqa: S311 - no secret
    return [places[n] for places, n in zip(candidates, search.best(), strict=True)]


class _Search:
    """A choice is an index into the candidates of each unit."""

    def __init__(
        self,
        layout: Layout,
        candidates: Sequence[Sequence[Stop]],
        is_over: Callable[[], bool],
        chance: random.Random,
    ) -> None:
        self.lengths = Lengths(layout, {stop for places in candidates for stop in places})
        self.masks = [[self.lengths.mask([stop]) for stop in places] for places in candidates]
        self.aisles = [[stop.aisle for stop in places] for places in candidates]
        self.open = [unit for unit, places in enumerate(candidates) if len(places) > 1]
        self.is_over, self.chance = is_over, chance

    def length(self, choice: Sequence[int]) -> float:
        return self.lengths.of(self.joined(choice))

    def joined(self, choice: Sequence[int], without: int = -1) -> int:
        found = 0
        for unit, n in enumerate(choice):
            if unit != without:
                found |= self.masks[unit][n]
        return found

    def best(self) -> list[int]:
        now = self.settled(self.begun())
        best, best_length = list(now), self.length(now)
        length = best_length
        while self.open and not self.is_over():
            tried = self.settled(self.shaken(now))
            tried_length = self.length(tried)
            if tried_length < length * WORSE_KEPT:
                now, length = tried, tried_length
            if length < best_length - LEAST:
                best, best_length = list(now), length
            elif self.chance.random() < 0.02:
                now, length = list(best), best_length
        return best

    def begun(self) -> list[int]:
        """Unit by unit, those with the fewest places first, each where it adds least to the way so far."""
        choice = [0] * len(self.masks)
        joined = 0
        for unit in sorted(range(len(choice)), key=lambda unit: len(self.masks[unit])):
            choice[unit] = self.cheapest(unit, joined)
            joined |= self.masks[unit][choice[unit]]
        return choice

    def cheapest(self, unit: int, others: int) -> int:
        of = self.lengths.of
        return min(range(len(self.masks[unit])), key=lambda n: of(others | self.masks[unit][n]))

    def settled(self, choice: list[int]) -> list[int]:
        """Until no unit has a better place, and no aisle is better not entered at all."""
        length = self.length(choice)
        while not self.is_over():
            before = length
            for unit in self.chance.sample(self.open, len(self.open)):
                n = self.cheapest(unit, self.joined(choice, without=unit))
                if n != choice[unit]:
                    changed = [*choice[:unit], n, *choice[unit + 1 :]]
                    new = self.length(changed)
                    if new < length - LEAST:
                        choice, length = changed, new
            for aisle in {self.aisles[unit][n] for unit, n in enumerate(choice)}:
                changed = self.avoiding(choice, aisle)
                new = self.length(changed)
                if new < length - LEAST:
                    choice, length = changed, new
            if length >= before - LEAST:
                break
        return choice

    def avoiding(self, choice: list[int], aisle: int) -> list[int]:
        """All units of an aisle taken elsewhere, one after the other where it adds least; those that lie
        nowhere else stay.
        """
        changed = list(choice)
        moved = [
            unit
            for unit, n in enumerate(choice)
            if self.aisles[unit][n] == aisle and any(other != aisle for other in self.aisles[unit])
        ]
        joined = 0
        for unit, n in enumerate(choice):
            if unit not in moved:
                joined |= self.masks[unit][n]
        for unit in moved:
            elsewhere = [n for n, other in enumerate(self.aisles[unit]) if other != aisle]
            changed[unit] = min(elsewhere, key=lambda n: self.lengths.of(joined | self.masks[unit][n]))
            joined |= self.masks[unit][changed[unit]]
        return changed

    def shaken(self, choice: list[int]) -> list[int]:
        changed = list(choice)
        for unit in self.chance.sample(self.open, min(len(self.open), self.chance.randint(2, 5))):
            changed[unit] = self.chance.randrange(len(self.masks[unit]))
        return changed
