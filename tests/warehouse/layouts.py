"""Warehouses to walk through, and the length of the shortest tour by trying every order of the stops."""

from itertools import accumulate, pairwise

from hypothesis import strategies as st

from quartermaster.warehouse.rules.routing import Layout, Stop


def layouts(*, cross_aisles_max: int = 4) -> st.SearchStrategy[Layout]:
    aisles = st.lists(st.integers(1, 6), max_size=5)
    depths = st.lists(st.integers(2, 9), min_size=1, max_size=cross_aisles_max - 1)
    return st.builds(_layout, aisles, depths, st.integers(0, 9), st.integers(0, 9))


def _layout(steps: list[int], depths: list[int], aisle: int, cross: int) -> Layout:
    xs, ys = tuple(accumulate(steps, initial=0)), tuple(accumulate(depths, initial=0))
    return Layout(xs, ys, aisle % len(xs), cross % len(ys))


@st.composite
def visits(
    draw: st.DrawFn, *, cross_aisles_max: int = 4, stops_max: int = 7
) -> tuple[Layout, frozenset[Stop]]:
    """A warehouse and places in it."""
    layout = draw(layouts(cross_aisles_max=cross_aisles_max))
    places = st.builds(
        Stop, st.integers(0, len(layout.xs) - 1), st.integers(int(layout.ys[0]), int(layout.ys[-1]))
    )
    return layout, draw(st.frozensets(places, max_size=stops_max))


def apart(layout: Layout, here: Stop, there: Stop) -> float:
    """The shortest way between two places."""
    if here.aisle == there.aisle:
        return abs(here.y - there.y)
    along = abs(layout.xs[here.aisle] - layout.xs[there.aisle])
    return along + min(abs(here.y - y) + abs(there.y - y) for y in layout.ys)


def depot(layout: Layout) -> Stop:
    return Stop(layout.depot_aisle, layout.ys[layout.depot_cross])


def walked(layout: Layout, stops: list[Stop]) -> float:
    """From the depot, through the stops in this order, back to the depot."""
    return sum(apart(layout, a, b) for a, b in pairwise([depot(layout), *stops, depot(layout)]))


def by_trying(layout: Layout, stops: frozenset[Stop]) -> float:
    """Held and Karp: the best way to each stop for every set of stops already seen."""
    if not stops:
        return 0
    best: dict[tuple[frozenset[Stop], Stop], float] = {
        (frozenset([stop]), stop): apart(layout, depot(layout), stop) for stop in stops
    }
    for _ in range(len(stops) - 1):
        longer: dict[tuple[frozenset[Stop], Stop], float] = {}
        for (seen, last), length in best.items():
            for stop in stops - seen:
                key = (seen | {stop}, stop)
                longer[key] = min(longer.get(key, float("inf")), length + apart(layout, last, stop))
        best = longer
    return min(length + apart(layout, last, depot(layout)) for (_, last), length in best.items())
