"""Whether what was packed can be packed so: asked independently of how it was found."""

from collections import Counter
from collections.abc import Iterator, Sequence

from quartermaster.shipping.rules.packing.pieces import Piece, Placed, Size


def faults(room: Size, pieces: Sequence[Piece], placed: Sequence[Placed]) -> list[str]:
    """What is wrong, in words; empty when everything lies in the room, as it may, beside the
    others, and nothing over what bears nothing."""
    return list(_faults(room, pieces, placed))


def _faults(room: Size, pieces: Sequence[Piece], placed: Sequence[Placed]) -> Iterator[str]:
    for piece, count in sorted(Counter(one.piece for one in placed).items()):
        if count > pieces[piece].units:
            yield f"{count} of piece {piece} are packed, there are {pieces[piece].units}"
    for one in placed:
        if one.size not in pieces[one.piece].lies:
            yield f"{one} must not lie so"
        corner = (one.x, one.y, one.z)
        ends = (at + side for at, side in zip(corner, one.size, strict=True))
        if min(corner) < 0 or any(end > side for end, side in zip(ends, room, strict=True)):
            yield f"{one} sticks out"
    for one, other in _side_by_side(placed):
        if not _overlap(one, other, 1):
            continue
        if _overlap(one, other, 2):
            yield f"{one} and {other} are in each other"
        below = min(one, other, key=lambda each: each.z)
        if pieces[below.piece].is_top:
            yield f"{one} and {other}: the lower one bears nothing"


def _side_by_side(placed: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Pairs that share some of the length; each is only looked at next to those that begin before it ends."""
    along = sorted(placed, key=lambda one: one.x)
    for n, one in enumerate(along):
        for other in along[n + 1 :]:
            if other.x >= one.x + one.size.length:
                break
            yield one, other


def _overlap(one: Placed, other: Placed, axis: int) -> bool:
    a, b = (one.x, one.y, one.z)[axis], (other.x, other.y, other.z)[axis]
    return a < b + other.size[axis] and b < a + one.size[axis]
