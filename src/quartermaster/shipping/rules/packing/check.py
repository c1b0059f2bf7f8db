"""Whether what was packed can be packed so: asked independently of how it was found."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from quartermaster.shipping.rules.packing.pieces import Piece, Placed, Size


def faults(room: Size, pieces: Sequence[Piece], placed: Sequence[Placed]) -> list[str]:
    """What is wrong, in words; empty when everything lies in the room, as it may, and beside the others."""
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
    for one, other in combinations(placed, 2):
        if all(_overlap(one, other, axis) for axis in range(3)):
            yield f"{one} and {other} are in each other"


def _overlap(one: Placed, other: Placed, axis: int) -> bool:
    a, b = (one.x, one.y, one.z)[axis], (other.x, other.y, other.z)[axis]
    return a < b + other.size[axis] and b < a + one.size[axis]
