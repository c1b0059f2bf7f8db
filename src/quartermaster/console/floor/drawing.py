"""A carton as a drawing: seen from above one corner, what lies in it from the back to the front."""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi
from typing import NamedTuple

from quartermaster.shipping.rules.cartons import Lying
from quartermaster.warehouse.rules.packaging import Sides

WIDE = 260  # of the drawing
DRAWN_MAX = 200  # things: more of them could not be told apart
_SLANT = cos(pi / 6)


class Face(NamedTuple):
    """A side of something: the corners as SVG wants them, and what it is (room | top | left | right)."""

    points: str
    kind: str
    tone: int


class Name(NamedTuple):
    """The number of a SKU, written on the top of a thing."""

    x: int
    y: int
    number: int


class Drawing(NamedTuple):
    wide: int
    high: int
    faces: tuple[Face, ...]
    names: tuple[Name, ...]


def drawn(inner_mm: Sides, lying: Sequence[Lying], numbers: Mapping[str, int]) -> Drawing:
    """`numbers`: of each SKU, from 1; also its tone."""
    length, width, height = inner_mm
    scale = WIDE / ((length + width) * _SLANT)
    left, top = width * _SLANT, height

    def at(x: int, y: int, z: int) -> tuple[int, int]:
        return round(((x - y) * _SLANT + left) * scale), round(((x + y) / 2 - z + top) * scale)

    def face(*corners: tuple[int, int, int], kind: str, tone: int = 0) -> Face:
        return Face(" ".join(f"{x},{y}" for x, y in (at(*corner) for corner in corners)), kind, tone)

    def sides(one: Lying) -> Iterator[Face]:
        (x, y, z), tone = one.at_mm, numbers.get(one.sku, 0)
        a, b, c = (near + side for near, side in zip(one.at_mm, one.size_mm, strict=True))
        yield face((x, y, c), (a, y, c), (a, b, c), (x, b, c), kind="top", tone=tone)
        yield face((x, b, z), (a, b, z), (a, b, c), (x, b, c), kind="left", tone=tone)
        yield face((a, y, z), (a, b, z), (a, b, c), (a, y, c), kind="right", tone=tone)

    room = (
        face((0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0), kind="room"),
        face((0, 0, 0), (length, 0, 0), (length, 0, height), (0, 0, height), kind="room"),
        face((0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height), kind="room"),
    )
    things = sorted(lying[:DRAWN_MAX], key=lambda one: (sum(one.at_mm), one.at_mm))
    names = [
        Name(*at(x + a // 2, y + b // 2, z + c), numbers.get(one.sku, 0))
        for one in things
        for (x, y, z), (a, b, c) in [(one.at_mm, one.size_mm)]
    ]
    high = round(((length + width) / 2 + height) * scale)
    faces = (*room, *(each for one in things for each in sides(one)))
    return Drawing(WIDE, high, faces, tuple(names))
