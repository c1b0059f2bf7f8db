"""Blocks: several things put together into one box, almost without gaps.

Placing blocks rather than single things is what makes few decisions enough; after Eley (EJOR 141(2), 2002)
and Fanslau and Bortfeldt (INFORMS Journal on Computing 22(2), 2010). Simple blocks repeat one thing in one
position; others join two blocks side by side when hardly any room is lost.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from quartermaster.shipping.rules.packing.pieces import Piece, Placed, Size

FULL_ENOUGH = 0.98  # of a joined block's box, at least


class Grid(NamedTuple):
    """One thing repeated along three axes."""

    piece: int
    each: Size
    times: tuple[int, int, int]


class Pair(NamedTuple):
    """Two blocks, the second right behind the first along one axis."""

    axis: int
    first: "Block"
    second: "Block"


class Block(NamedTuple):
    """`volume` is of the things, `size` of the box around them, `uses` is (piece, how many) by piece;
    `is_top`: nothing may lie on it."""

    volume: int
    size: Size
    uses: tuple[tuple[int, int], ...]
    made: Grid | Pair
    is_top: bool = False

    def placed(self, x: int, y: int, z: int) -> Iterator[Placed]:
        """Everything in it, when its corner is put there."""
        if isinstance(self.made, Pair):
            axis, first, second = self.made
            yield from first.placed(x, y, z)
            behind = [x, y, z]
            behind[axis] += first.size[axis]
            yield from second.placed(*behind)
            return
        piece, each, (along, across, up) = self.made
        for i in range(along):
            for j in range(across):
                for k in range(up):
                    at = (x + i * each.length, y + j * each.width, z + k * each.height)
                    yield Placed(piece, *at, each)


def blocks(room: Size, pieces: Sequence[Piece], *, limit: int, is_over: Callable[[], bool]) -> list[Block]:
    """Blocks that fit the room, largest first. All simple ones; joined ones until `limit` or `is_over`."""
    found = {(block.size, block.uses): block for block in _simple(room, pieces)}
    counts = [piece.units for piece in pieces]
    fresh = list(found.values())
    while fresh and len(found) < limit and not is_over():
        known, last, fresh = list(found.values()), fresh, []
        for block in _joined(room, counts, last, known, is_over):
            key = (block.size, block.uses)
            if key not in found:
                found[key] = block
                fresh.append(block)
                if len(found) >= limit:
                    break
    return sorted(found.values(), key=lambda block: (-block.volume, block.size, block.uses))


def _simple(room: Size, pieces: Sequence[Piece]) -> Iterator[Block]:
    for number, piece in enumerate(pieces):
        for each in piece.lies:
            if not each.fits(room):
                continue
            for along in range(1, min(piece.units, room.length // each.length) + 1):
                for across in range(1, min(piece.units // along, room.width // each.width) + 1):
                    most = 1 if piece.is_top else piece.units // along // across
                    for up in range(1, min(most, room.height // each.height) + 1):
                        size = Size(each.length * along, each.width * across, each.height * up)
                        uses = ((number, along * across * up),)
                        made = Grid(number, each, (along, across, up))
                        yield Block(size.volume, size, uses, made, piece.is_top)


def _joined(
    room: Size,
    counts: Sequence[int],
    firsts: Sequence[Block],
    known: Sequence[Block],
    is_over: Callable[[], bool],
) -> Iterator[Block]:
    for axis in range(3):
        one, other = (side for side in range(3) if side != axis)
        by_side = sorted(known, key=lambda block: block.size[one])
        sides = [block.size[one] for block in by_side]
        for first in firsts:
            if is_over():
                return
            near = first.size[one]
            low, high = bisect_left(sides, near * FULL_ENOUGH), bisect_right(sides, near / FULL_ENOUGH)
            for second in by_side[low:high]:
                if first.size[axis] + second.size[axis] <= room[axis] and (
                    first.size[other] * FULL_ENOUGH <= second.size[other] <= first.size[other] / FULL_ENOUGH
                ):
                    yield from _pair(axis, first, second, counts)


def _pair(axis: int, first: Block, second: Block, counts: Sequence[int]) -> Iterator[Block]:
    """The two as one block: nothing, when it would have too large gaps, use more than there is, or put
    something on what bears nothing."""
    if axis == 2 and first.is_top:
        return
    sides = [max(a, b) for a, b in zip(first.size, second.size, strict=True)]
    sides[axis] = first.size[axis] + second.size[axis]
    size, volume = Size(*sides), first.volume + second.volume
    if volume < FULL_ENOUGH * size.volume:
        return
    uses = dict(first.uses)
    for piece, count in second.uses:
        uses[piece] = uses.get(piece, 0) + count
        if uses[piece] > counts[piece]:
            return
    is_top = first.is_top or second.is_top
    yield Block(volume, size, tuple(sorted(uses.items())), Pair(axis, first, second), is_top)
