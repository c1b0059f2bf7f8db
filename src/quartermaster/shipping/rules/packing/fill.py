"""As much as possible into one room: block by block, each chosen by looking how full it ends when the rest
is done greedily; again with twice as many candidates, as long as there is time.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from quartermaster.shipping.rules.packing.blocks import Block, blocks
from quartermaster.shipping.rules.packing.pieces import Piece, Placed, Size
from quartermaster.shipping.rules.packing.spaces import Space, cut, hand_on

BLOCKS_MAX = 3000
CANDIDATES = 4  # in the first round


class Filled(NamedTuple):
    """What is in: volume of the things, and where each lies."""

    volume: int
    placed: tuple[Placed, ...]


class _Load:
    """A partly filled room: what is still there to pack, where there is room, what was placed."""

    __slots__ = ("left", "placed", "stack", "volume")

    def __init__(self, left: list[int], stack: list[Space]) -> None:
        self.left, self.stack = left, stack
        self.placed: list[tuple[Block, Space]] = []
        self.volume = 0

    def copy(self) -> "_Load":
        copied = _Load(list(self.left), list(self.stack))
        copied.placed, copied.volume = list(self.placed), self.volume
        return copied

    def put(self, block: Block, space: Space) -> None:
        for piece, count in block.uses:
            self.left[piece] -= count
        *beside, above = cut(space, block.size)
        self.stack.extend(beside if block.is_top else (*beside, above))
        self.placed.append((block, space))
        self.volume += block.volume


class _Shelf:
    """All blocks, the largest first, as plain tuples: looked through hundreds of thousands of times."""

    def __init__(self, known: Sequence[Block]) -> None:
        self.rows = [(*block.size, block.uses, block) for block in known]
        self.volumes = [-block.volume for block in known]

    def fitting(self, left: Sequence[int], space: Space, wanted: int) -> list[Block]:
        """The largest blocks that go into the space and are there to be had."""
        _, _, _, length, width, height = space
        found: list[Block] = []
        start = bisect_left(self.volumes, -length * width * height)
        for deep, wide, high, uses, block in islice(self.rows, start, None):
            if deep <= length and wide <= width and high <= height:
                for piece, count in uses:
                    if left[piece] < count:
                        break
                else:
                    found.append(block)
                    if len(found) == wanted:
                        break
        return found


def fill(
    room: Size,
    pieces: Sequence[Piece],
    *,
    is_over: Callable[[], bool],
    blocks_over: Callable[[], bool] | None = None,
) -> Filled:
    """Fill the room as well as can be found until `is_over`; ends at once when everything is in.

    `blocks_over` ends the making of joined blocks sooner. The same calls of both give the same answer.
    """
    known = blocks(room, pieces, limit=BLOCKS_MAX, is_over=blocks_over or is_over)
    shelf = _Shelf(known)
    everything = sum(piece.lies[0].volume * piece.units for piece in pieces)
    best = _Load([piece.units for piece in pieces], [])
    candidates = CANDIDATES
    while best.volume < everything:
        load = _Load([piece.units for piece in pieces], [Space(0, 0, 0, *room)])
        while load.stack:
            if is_over() and best.placed:
                return _told(best)
            space = load.stack.pop()
            fitting = shelf.fitting(load.left, space, candidates)
            if not fitting:
                hand_on(load.stack, space)
                continue
            tried = [_greedy(shelf, load, block, space) for block in fitting]
            ahead = max(range(len(tried)), key=lambda n: tried[n].volume)
            best = max(best, tried[ahead], key=lambda one: one.volume)
            load.put(fitting[ahead], space)
        if candidates > len(known):
            break
        candidates *= 2
    return _told(best)


def _told(load: _Load) -> Filled:
    placed = (one for block, space in load.placed for one in block.placed(space.x, space.y, space.z))
    return Filled(load.volume, tuple(placed))


def _greedy(shelf: _Shelf, load: _Load, block: Block, space: Space) -> _Load:
    """This block here, and then always the largest that fits."""
    tried = load.copy()
    tried.put(block, space)
    while tried.stack:
        there = tried.stack.pop()
        largest = shelf.fitting(tried.left, there, 1)
        if largest:
            tried.put(largest[0], there)
        else:
            hand_on(tried.stack, there)
    return tried
