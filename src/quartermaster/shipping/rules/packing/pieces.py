"""Things to be packed, and where they came to lie."""

from itertools import permutations
from typing import NamedTuple


class Size(NamedTuple):
    """Length, width and height in whole units of one kind, as the thing lies."""

    length: int
    width: int
    height: int

    @property
    def volume(self) -> int:
        return self.length * self.width * self.height

    def fits(self, room: "Size") -> bool:
        return self.length <= room.length and self.width <= room.width and self.height <= room.height


class Piece(NamedTuple):
    """`units` things of one size; `lies` are the ways in which one may lie. `is_top`: nothing over it."""

    lies: tuple[Size, ...]
    units: int
    is_top: bool = False


class Placed(NamedTuple):
    """One thing, the index of its piece, with its corner nearest to the origin."""

    piece: int
    x: int
    y: int
    z: int
    size: Size


def turned(size: Size, *, stays_upright: bool = False) -> tuple[Size, ...]:
    """All ways in which a thing may lie: six, or two when its top must stay on top."""
    ways = (
        {Size(*size), Size(size.width, size.length, size.height)}
        if stays_upright
        else {Size(*each) for each in permutations(size)}
    )
    return tuple(sorted(ways))
