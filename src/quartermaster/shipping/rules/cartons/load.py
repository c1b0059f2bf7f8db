"""One carton and some goods: whether they go in, and as much as goes in."""

from collections.abc import Mapping
from typing import NamedTuple

from quartermaster.shipping.rules.cartons.shapes import Goods, Lying
from quartermaster.shipping.rules.packing import Piece, Placed, Size, faults, fill, turned
from quartermaster.warehouse.rules.packaging import Carton, Packaging

LOOKS = 60  # steps of the search in one carton; the same number always gives the same answer


class Unit(NamedTuple):
    """Goods with what one unit of them takes, measured or guessed. `lies`: empty for what only fills room."""

    goods: Goods
    weight_g: int
    mm3: int
    lies: tuple[Size, ...]


class Load(NamedTuple):
    """SKU -> units in a carton. `volume` in mm3."""

    carton: Carton
    counts: Mapping[str, int]
    lying: tuple[Lying, ...]
    loose: tuple[tuple[str, int], ...]
    weight_g: int
    volume: int


def measured(goods: Goods, packaging: Packaging) -> tuple[Unit, list[str]]:
    """Goods ready to be packed, and what had to be guessed, in words."""
    weight_g, guesses = goods.weight_g, []
    if goods.size_mm is not None:
        sides = goods.size_mm
        mm3 = sides[0] * sides[1] * sides[2]
        lies = () if goods.is_soft else turned(Size(*sides), stays_upright=goods.is_upright)
    else:
        lies = ()
        ml = -(-weight_g * 1000 // packaging.guess_g_per_l) if weight_g else packaging.guess_ml
        mm3 = ml * 1000
        by = "by its weight" if weight_g else "as anything nobody measured"
        guesses.append(f"{goods.sku}: its size is not known; taken as {ml / 1000:g} l, {by}")
    if weight_g is None:
        weight_g = -(-mm3 * packaging.guess_g_per_l // 1_000_000)
        guesses.append(f"{goods.sku}: its weight is not known; taken as {weight_g:,} g, by its volume")
    return Unit(goods, weight_g, mm3, lies), guesses


def whole(carton: Carton, units: Mapping[str, Unit], counts: Mapping[str, int]) -> Load | None:
    """All of them in this carton; None when they do not go in, or no way was found."""
    weight_g = sum(units[sku].weight_g * count for sku, count in counts.items())
    volume = sum(_volume(units[sku], count) for sku, count in counts.items())
    if weight_g > carton.weight_max_g or volume > _usable(carton):
        return None
    room = Size(*carton.inner_mm)
    stacks = _stacks(room, units, counts)
    if stacks is None:
        return None
    placed = _placed(room, stacks)
    if len(placed) < sum(piece.units for _, _, piece in stacks):
        return None
    return Load(carton, dict(counts), _told(stacks, placed), _loose(units, counts), weight_g, volume)


def most(
    carton: Carton, units: Mapping[str, Unit], counts: Mapping[str, int], *, cap_g: int | None = None
) -> Load | None:
    """As many of them as go in by weight, volume and shape, the bulkiest first; None when that is nothing.
    `cap_g`: what it may weigh with the carton."""
    room, weight_left, left = Size(*carton.inner_mm), carton.weight_max_g, _usable(carton)
    if cap_g is not None:
        weight_left = max(0, min(weight_left, cap_g - carton.tare_g))
    some: dict[str, int] = {}
    for sku in sorted(counts, key=lambda sku: (-units[sku].mm3, sku)):
        one = units[sku]
        if one.lies and not any(size.fits(room) for size in one.lies):
            continue
        count = min(counts[sku], weight_left // one.weight_g if one.weight_g else counts[sku])
        while count and _volume(one, count) > left:
            count = min(count - 1, left // max(1, _volume(one, count) // count))
        if count > 0:
            some[sku] = count
            weight_left, left = weight_left - count * one.weight_g, left - _volume(one, count)
    stacks = _stacks(room, units, some) or []
    placed = _placed(room, stacks)
    into = {sku: count for sku, count in some.items() if not units[sku].lies}
    for place in placed:
        sku, in_stack, _ = stacks[place.piece]
        into[sku] = into.get(sku, 0) + in_stack
    if not into:
        return None
    weight_g = sum(units[sku].weight_g * count for sku, count in into.items())
    volume = sum(_volume(units[sku], count) for sku, count in into.items())
    return Load(carton, into, _told(stacks, placed), _loose(units, into), weight_g, volume)


def _usable(carton: Carton) -> int:
    length, width, height = carton.inner_mm
    return length * width * height * (10_000 - carton.void_bp) // 10_000


def _volume(unit: Unit, count: int) -> int:
    """Of so many units: those that go into each other take less."""
    nest_mm, size = unit.goods.nest_mm, unit.goods.size_mm
    if nest_mm is None or size is None or count == 0:
        return unit.mm3 * count
    return size[0] * size[1] * (size[2] + (count - 1) * min(nest_mm, size[2]))


def _stacks(
    room: Size, units: Mapping[str, Unit], counts: Mapping[str, int]
) -> list[tuple[str, int, Piece]] | None:
    """(SKU, units in each, piece) of what is placed; None when one unit alone does not fit the room."""
    found = []
    for sku, count in counts.items():
        unit = units[sku]
        if not unit.lies:
            continue
        for height, times in _nested(room, unit, count):
            size = unit.goods.size_mm
            assert size is not None, "what can lie was measured"
            size = (*size[:2], size[2] + (height - 1) * min(unit.goods.nest_mm or 0, size[2]))
            lies = unit.lies if height == 1 else turned(Size(*size), stays_upright=unit.goods.is_upright)
            fitting = tuple(each for each in lies if each.fits(room))
            if not fitting:
                return None
            found.append((sku, height, Piece(fitting, times, is_top=unit.goods.is_fragile)))
    return found


def _nested(room: Size, unit: Unit, count: int) -> list[tuple[int, int]]:
    """(units in a stack, stacks): as high as the room allows, the rest in one lower stack."""
    nest_mm, size = unit.goods.nest_mm, unit.goods.size_mm
    if nest_mm is None or size is None or count == 1:
        return [(1, count)]
    highest = room.height if unit.goods.is_upright else max(room)
    high = min(count, 1 + max(0, highest - size[2]) // max(1, nest_mm))
    return [pair for pair in ((high, count // high), (count % high, 1)) if pair[0]]


def _placed(room: Size, stacks: list[tuple[str, int, Piece]]) -> tuple[Placed, ...]:
    """Where they lie: nothing that the check finds fault with."""
    pieces = [piece for _, _, piece in stacks]
    if sum(piece.units for piece in pieces) == 1:
        placed: tuple[Placed, ...] = (Placed(0, 0, 0, 0, pieces[0].lies[0]),)
    elif pieces:
        left, joins = iter(range(LOOKS)), iter(range(LOOKS))
        placed = fill(
            room,
            pieces,
            is_over=lambda: next(left, None) is None,
            blocks_over=lambda: next(joins, None) is None,
        ).placed
    else:
        return ()
    return () if faults(room, pieces, placed) else placed


def _told(stacks: list[tuple[str, int, Piece]], placed: tuple[Placed, ...]) -> tuple[Lying, ...]:
    return tuple(
        Lying(stacks[one.piece][0], stacks[one.piece][1], (one.x, one.y, one.z), (*one.size,))
        for one in sorted(placed, key=lambda one: (one.z, one.x, one.y))
    )


def _loose(units: Mapping[str, Unit], counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((sku, count) for sku, count in counts.items() if count and not units[sku].lies))
