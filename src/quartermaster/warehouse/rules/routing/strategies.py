"""Ways to route that people know by heart, beside the shortest: chosen for a site, measured side by side.

S-shape and largest gap are those of Hall (IIE Transactions 25(4), 1993). They know two cross aisles: in halls
with more they use the outermost.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from quartermaster.warehouse.rules.routing.layout import Layout, Stop, Stops, in_aisles
from quartermaster.warehouse.rules.routing.shortest import shortest
from quartermaster.warehouse.rules.routing.walk import walk

CROSS_AISLES_MAX = 5  # with more of them the shortest tour takes too long to find


class Strategy(StrEnum):
    EXACT = "exact"  # the shortest tour there is
    S_SHAPE = "s_shape"  # through every aisle with a stop, from end to end
    LARGEST_GAP = "largest_gap"  # in from both ends, all but the longest stretch without a stop


class Route(NamedTuple):
    """The stops in the order of the walk, how long it is from the depot back to it, and why this way."""

    stops: tuple[Stop, ...]
    length: float
    because: str


def route(layout: Layout, stops: Iterable[Stop], strategy: Strategy = Strategy.EXACT) -> Route:
    """Each stop once. A hall with too many cross aisles for the shortest tour is walked in S-shape."""
    wanted = in_aisles(stops)
    if not wanted:
        return Route((), 0, "nothing to walk to")
    if strategy is Strategy.EXACT and len(layout.ys) <= CROSS_AISLES_MAX:
        tour = shortest(layout, wanted)
        return Route(tuple(walk(layout, wanted, tour)), tour.length, "the shortest tour")
    points = (_largest_gap if strategy is Strategy.LARGEST_GAP else _s_shape)(layout, wanted)
    told = {Strategy.S_SHAPE: "in S-shape", Strategy.LARGEST_GAP: "around the largest gaps"}
    because = told.get(strategy, f"in S-shape: {len(layout.ys)} cross aisles are too many for the shortest")
    here = {Stop(aisle, y) for aisle, ys in wanted.items() for y in ys}
    length = sum(abs(layout.xs[a.aisle] - layout.xs[b.aisle]) + abs(a.y - b.y) for a, b in pairwise(points))
    return Route(tuple(dict.fromkeys(point for point in points if point in here)), length, because)


def _s_shape(layout: Layout, wanted: Stops) -> list[Stop]:
    near, far, depth_of = _ends(layout)
    points, side, aisles = [_depot(layout)], near, sorted(wanted)
    for aisle in aisles:
        ys = sorted(wanted[aisle], key=depth_of, reverse=side == far)
        points += [Stop(aisle, side), *(Stop(aisle, y) for y in ys)]
        if aisle != aisles[-1] or side == far:
            side = near if side == far else far
        points.append(Stop(aisle, side))
    return [*points, _depot(layout)]


def _largest_gap(layout: Layout, wanted: Stops) -> list[Stop]:
    near, far, depth_of = _ends(layout)
    first, *between = sorted(wanted)
    if not between:
        return _s_shape(layout, wanted)
    last = between.pop()
    parts = {aisle: _parted(sorted(wanted[aisle], key=depth_of), near, far) for aisle in between}
    points = [_depot(layout), Stop(first, near)]
    points += [Stop(first, y) for y in sorted(wanted[first], key=depth_of)] + [Stop(first, far)]
    for aisle in between:
        points += [Stop(aisle, far), *(Stop(aisle, y) for y in reversed(parts[aisle][1])), Stop(aisle, far)]
    points += [Stop(last, far), *(Stop(last, y) for y in sorted(wanted[last], key=depth_of, reverse=True))]
    points.append(Stop(last, near))
    for aisle in reversed(between):
        points += [Stop(aisle, near), *(Stop(aisle, y) for y in parts[aisle][0]), Stop(aisle, near)]
    return [*points, _depot(layout)]


def _parted(ys: list[float], near: float, far: float) -> tuple[list[float], list[float]]:
    """Stops before and behind the longest stretch without one, the aisle's ends included."""
    gaps = [abs(there - here) for here, there in pairwise([near, *ys, far])]
    behind = gaps.index(max(gaps))
    return ys[:behind], ys[behind:]


def _ends(layout: Layout) -> tuple[float, float, Callable[[float], float]]:
    """The outer cross aisle nearer to the depot, the other one, and how far a stop is from the nearer."""
    front, back, depot = layout.ys[0], layout.ys[-1], layout.ys[layout.depot_cross]
    near, far = (front, back) if depot - front <= back - depot else (back, front)
    return near, far, lambda y: abs(y - near)


def _depot(layout: Layout) -> Stop:
    return Stop(layout.depot_aisle, layout.ys[layout.depot_cross])
