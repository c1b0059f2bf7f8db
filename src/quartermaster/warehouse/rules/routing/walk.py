"""A tour as a person walks it: the stops in the order they are passed."""

from collections import defaultdict
from itertools import pairwise

from quartermaster.warehouse.rules.routing.layout import Layout, Stop, Stops, in_blocks
from quartermaster.warehouse.rules.routing.shortest import Tour
from quartermaster.warehouse.rules.routing.ways import Way, largest_gap

type Edges = dict[Stop, list[Stop]]  # each edge stands at both of its ends


def walk(layout: Layout, stops: Stops, tour: Tour) -> list[Stop]:
    """All stops, each once, in the order in which the tour first comes to them."""
    if not tour.steps:
        return []
    edges: Edges = defaultdict(list)
    for step in tour.steps:
        blocks = in_blocks(layout, sorted({*stops.get(step.aisle, ()), *_depot(layout, step.aisle)}))
        for number, (way, ys) in enumerate(zip(step.ways, blocks, strict=True)):
            front, back = layout.ys[number], layout.ys[number + 1]
            for path, times in _paths(Way(way), front, back, [front + y for y in ys]):
                _join(edges, [Stop(step.aisle, y) for y in path], times)
        for y, times in zip(layout.ys, step.edges, strict=True):
            if times:
                _join(edges, [Stop(step.aisle, y), Stop(step.aisle + 1, y)], times)
    wanted = {Stop(aisle, y) for aisle, ys in stops.items() for y in ys}
    start = Stop(layout.depot_aisle, layout.ys[layout.depot_cross])
    return [stop for stop in dict.fromkeys(_round(edges, start)) if stop in wanted]


def _depot(layout: Layout, aisle: int) -> tuple[float, ...]:
    return (layout.ys[layout.depot_cross],) if aisle == layout.depot_aisle else ()


def _paths(way: Way, front: float, back: float, ys: list[float]) -> list[tuple[list[float], int]]:
    """The parts of a block that are walked, and how many times."""
    match way:
        case Way.ACROSS:
            return [([front, *ys, back], 1)]
        case Way.TWICE:
            return [([front, *ys, back], 2)]
        case Way.BACK:
            return [([*ys, back], 2)]
        case Way.FRONT:
            return [([front, *ys], 2)]
        case Way.GAP:
            after = largest_gap(ys).after + 1
            return [([front, *ys[:after]], 2), ([*ys[after:], back], 2)]
        case Way.SKIP:
            return []


def _join(edges: Edges, path: list[Stop], times: int) -> None:
    for here, there in pairwise(path):
        if here != there:
            edges[here].extend([there] * times)
            edges[there].extend([here] * times)


def _round(edges: Edges, start: Stop) -> list[Stop]:
    """Hierholzer's algorithm: every edge once, back to the start."""
    trail, path = [], [start]
    while path:
        here = path[-1]
        if edges[here]:
            there = edges[here].pop()
            edges[there].remove(here)
            path.append(there)
        else:
            trail.append(path.pop())
    return trail[::-1]
