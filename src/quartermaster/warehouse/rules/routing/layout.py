"""Where a picker can walk: parallel aisles, and cross aisles over all of them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Layout(NamedTuple):
    """Aisles stand at `xs`, cross aisles lie at `ys`, both ascending, in any one unit of length. A block is
    what lies between two cross aisles. Tours begin and end where the depot's aisle meets the depot's cross
    aisle.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    depot_aisle: int = 0
    depot_cross: int = 0


class Stop(NamedTuple):
    """A place to be visited: `y` lies between the first and the last cross aisle."""

    aisle: int
    y: float


type Stops = Mapping[int, Sequence[float]]  # aisle -> its stops from front to back, without doubles


def in_aisles(stops: Iterable[Stop]) -> dict[int, list[float]]:
    """Stops in any order, some of them doubled -> by aisle."""
    found: dict[int, set[float]] = {}
    for aisle, y in stops:
        found.setdefault(aisle, set()).add(y)
    return {aisle: sorted(ys) for aisle, ys in sorted(found.items())}


def in_blocks(layout: Layout, ys: Sequence[float]) -> list[list[float]]:
    """The stops of one aisle by block, as distances from the block's front. One that lies in a cross aisle
    belongs to the block before it, the very first to the first.
    """
    blocks: list[list[float]] = [[] for _ in layout.ys[1:]]
    for y in ys:
        number = max(1, bisect_left(layout.ys, y))
        blocks[number - 1].append(y - layout.ys[number - 1])
    return blocks
