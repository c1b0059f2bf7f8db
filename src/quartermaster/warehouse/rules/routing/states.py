"""What a partial tour, through some aisles so far, can look like where it meets the rest of the warehouse.

All that counts is, for each cross aisle, whether an odd or an even number of edges (or none) ends at the
last aisle, and which of those ends hang together. That is the idea of Ratliff and Rosenthal (Operations
Research 31(3), 1983, one block) and of Roodbergen and de Koster (EJOR 133(1), 2001, two blocks); here for
any number of cross aisles.
"""

from functools import cache
from itertools import product

from quartermaster.warehouse.rules.routing.ways import Way

NONE, ODD, EVEN = range(3)
# Per cross aisle (NONE, ODD or EVEN; number of the part it hangs in, 0 for none), front first.
type State = tuple[tuple[int, int], ...]
type Choice = tuple[int, ...]  # a Way for each block, or a number of edges for each cross aisle


def nothing(cross_aisles: int) -> State:
    return ((NONE, 0),) * cross_aisles


@cache
def inside(state: State, ways: Choice) -> State:
    """After visiting one aisle, block by block, in these ways."""
    degrees = [degree for degree, _ in state]
    parts = [part for _, part in state]
    fresh = len(state)  # numbers that no part has yet
    for block, way in enumerate(ways):
        front, back = block, block + 1
        touched = {
            Way.ACROSS: (front, back), Way.BACK: (back,), Way.FRONT: (front,), Way.GAP: (front, back),
            Way.TWICE: (front, back), Way.SKIP: (),
        }[Way(way)]  # fmt: skip
        for end in touched:
            odd = (degrees[end] == ODD) != (way == Way.ACROSS)
            degrees[end] = ODD if odd else EVEN
            if not parts[end]:
                fresh += 1
                parts[end] = fresh
        if way in (Way.ACROSS, Way.TWICE):
            old, new = parts[back], parts[front]
            parts = [new if part == old else part for part in parts]
    return _named(degrees, parts)


@cache
def onward(state: State) -> tuple[tuple[Choice, State], ...]:
    """All that can follow at the next aisle: edges along each cross aisle, and the state they lead to.

    Every end must come out even, and every part must go on: one left behind could never be joined again.
    """
    found = []
    for edges in product(range(3), repeat=len(state)):
        fits = all(
            (degree == ODD) == (count == 1) and (degree != NONE or count == 0)
            for (degree, _), count in zip(state, edges, strict=True)
        )
        alive = {part for (_, part), count in zip(state, edges, strict=True) if count}
        if fits and alive == {part for _, part in state if part}:
            degrees = [(NONE, ODD, EVEN)[count] for count in edges]
            parts = [part if count else 0 for (_, part), count in zip(state, edges, strict=True)]
            found.append((edges, _named(degrees, parts)))
    return tuple(found)


@cache
def is_tour(state: State) -> bool:
    """Closed, and in one piece."""
    return all(degree != ODD for degree, _ in state) and len({part for _, part in state if part}) == 1


def _named(degrees: list[int], parts: list[int]) -> State:
    """Parts numbered in the order they appear, so that equal states are equal."""
    names: dict[int, int] = {0: 0}
    for part in parts:
        names.setdefault(part, len(names))
    return tuple((degree, names[part]) for degree, part in zip(degrees, parts, strict=True))
