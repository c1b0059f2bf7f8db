"""The shortest tour through a warehouse of parallel aisles: exact, for any number of blocks.

A dynamic program over the aisles from left to right; see `states`. Its time is proportional to the aisles,
and grows fast with the cross aisles: two (one block) and three (two blocks) are quick, more than five are
not.
"""

from itertools import product
from typing import NamedTuple

from quartermaster.warehouse.rules.routing import states
from quartermaster.warehouse.rules.routing.layout import Layout, Stops, in_blocks
from quartermaster.warehouse.rules.routing.ways import NEVER, lengths


class Step(NamedTuple):
    """How one aisle is visited, a Way for each block, and how many times each cross aisle is walked to the
    next.
    """

    aisle: int
    ways: states.Choice
    edges: states.Choice


class Tour(NamedTuple):
    length: float
    steps: tuple[Step, ...]


class _Way(NamedTuple):
    """A partial tour: how long, the aisles finished, and how the last one is visited."""

    length: float
    steps: tuple[Step, ...]
    ways: states.Choice = ()


def shortest(layout: Layout, stops: Stops) -> Tour:
    """The shortest closed walk from the depot through all stops; empty when there are none.

    `stops` by aisle, from front to back (see `in_aisles`).
    """
    if not any(stops.values()):
        return Tour(0, ())
    depot = layout.ys[layout.depot_cross]
    full = {aisle: list(ys) for aisle, ys in stops.items() if ys}
    full[layout.depot_aisle] = sorted({*full.get(layout.depot_aisle, ()), depot})
    first, last = min(full), max(full)
    best = {states.nothing(len(layout.ys)): _Way(0, ())}
    for aisle in range(first, last + 1):
        visited = _visit(layout, full.get(aisle, []), best)
        if aisle < last:
            best = _go_on(visited, aisle, layout.xs[aisle + 1] - layout.xs[aisle])
    length, steps, ways = min(way for state, way in visited.items() if states.is_tour(state))
    return Tour(length, (*steps, Step(last, ways, (0,) * len(layout.ys))))


def _visit(layout: Layout, ys: list[float], best: dict[states.State, _Way]) -> dict[states.State, _Way]:
    depths = [there - here for here, there in zip(layout.ys, layout.ys[1:], strict=False)]
    options = [
        [(way, cost) for way, cost in enumerate(lengths(depth, within)) if cost < NEVER]
        for depth, within in zip(depths, in_blocks(layout, ys), strict=True)
    ]
    found: dict[states.State, _Way] = {}
    for choice in product(*options):
        ways, cost = tuple(way for way, _ in choice), sum(cost for _, cost in choice)
        for state, so_far in best.items():
            to = states.inside(state, ways)
            if to not in found or so_far.length + cost < found[to].length:
                found[to] = _Way(so_far.length + cost, so_far.steps, ways)
    return found


def _go_on(visited: dict[states.State, _Way], aisle: int, wide: float) -> dict[states.State, _Way]:
    found: dict[states.State, _Way] = {}
    for state, so_far in visited.items():
        for edges, to in states.onward(state):
            length = so_far.length + sum(edges) * wide
            if to not in found or length < found[to].length:
                found[to] = _Way(length, (*so_far.steps, Step(aisle, so_far.ways, edges)))
    return found
