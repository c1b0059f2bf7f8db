"""Weights, sizes and units that are missing or cannot be. A fix is offered where one mistake explains it.

The plain mistakes are kilograms written where grams are asked for, and centimetres for millimetres. What
goods weigh for their volume tells them: hardly anything sold is lighter than 0.01 g/cm³ (an empty box) or
heavier than 22 g/cm³ (gold is 19.3).
"""

from collections.abc import Iterator
from math import prod

from quartermaster.catalog.rules.columns import shown
from quartermaster.quality.rules.goods import Fix, Found, Good

LIGHTEST, HEAVIEST = 0.01, 22.0  # g/cm³
LIKELY_MIN, LIKELY_MAX = 0.03, 12.0  # what a correction must come to
APART = 200  # times the usual weight of its variants
VARIANTS_MIN = 3
HEAVY_G, LARGE_MM = 30_000, 3_000  # what a person carries, what a parcel may be long
# base unit -> other unit -> how many of the base unit are in one
FACTORS = {
    "g": {"kg": 1000, "t": 1_000_000},
    "kg": {"t": 1000},
    "mm": {"cm": 10, "m": 1000},
    "cm": {"m": 100},
    "ml": {"cl": 10, "l": 1000},
    "each": {"pair": 2, "dozen": 12, "gross": 144},
}
_GRAMS = {"g": 1, "kg": 1000}


def measures(good: Good) -> Iterator[Found]:
    """Of a kit nothing is asked: its parts are weighed."""
    if good.is_kit:
        return
    if not good.weight_g:
        yield Found("no-weight", "it has no weight" if good.weight_g is None else "it weighs 0 g")
    if good.sides_mm is None:
        sides = (("length", good.length_mm), ("width", good.width_mm), ("height", good.height_mm))
        yield Found("no-size", f"no {', '.join(name for name, value in sides if not value)}")
    if good.weight_g:
        yield from _against_variants(good, good.weight_g) or _against_size(good, good.weight_g)


def units(good: Good) -> Iterator[Found]:
    """Units that everybody knows with another factor, and packs that no unit explains."""
    known = FACTORS.get(good.base_unit, {})
    for name, factor in sorted(good.units.items()):
        if known.get(name.lower(), factor) != factor:
            right = known[name.lower()]
            cell = shown("units", {"units": {**good.units, name: right}})
            because = f"one {name} is {right} {good.base_unit}"
            fix = Fix("units", shown("units", {"units": good.units}), cell, because)
            yield Found("unit-off", f"one {name} stands for {factor} {good.base_unit}; {because}", name, fix)
    grams = _GRAMS.get(good.base_unit)
    if grams and good.weight_g not in (None, 0, grams):
        because = f"its base unit is {good.base_unit}: one weighs {grams} g"
        fix = Fix("weight_g", str(good.weight_g), str(grams), because)
        yield Found("unit-off", f"one {good.base_unit} is said to weigh {good.weight_g} g", "weight", fix)
    packs = {1, *good.units.values()}
    for code, count in sorted(good.barcodes.items()):
        if good.units and count not in packs:
            yield Found("pack-off", f"{code} stands for {count}, and no unit of it is {count}", code)


def _against_variants(good: Good, weight_g: int) -> tuple[Found, ...]:
    usual = good.usual_weight_g
    if not usual or good.variants < VARIANTS_MIN or usual / APART < weight_g < usual * APART:
        return ()
    right = weight_g * 1000 if weight_g < usual else weight_g // 1000
    says = f"{weight_g} g, and its {good.variants} variants mostly weigh {usual} g"
    times = "1000 ×" if weight_g < usual else "a thousandth of"
    because = f"{times} {weight_g} g is {right} g, beside {usual} g"
    is_likely = usual / 5 <= right <= usual * 5
    return (Found("weight-off", says, fix=_weight(weight_g, right, because) if is_likely else None),)


def _against_size(good: Good, weight_g: int) -> tuple[Found, ...]:
    sides = good.sides_mm
    if sides is None or good.base_unit != "each":
        return ()
    volume = prod(sides) / 1000  # cm³
    density = weight_g / volume
    if LIGHTEST <= density <= HEAVIEST:
        return ()
    said = f"{weight_g} g in {' × '.join(map(str, sides))} mm is {density:.3g} g/cm³"
    if density > HEAVIEST:
        return (_too_heavy(good, weight_g, sides, volume, said),)
    if weight_g < 100 and _likely(weight_g * 1000 / volume):
        because = f"as kilograms it is {weight_g * 1000} g, {weight_g * 1000 / volume:.3g} g/cm³"
        return (Found("weight-off", said, fix=_weight(weight_g, weight_g * 1000, because)),)
    return (Found("size-off" if max(sides) > LARGE_MM else "weight-off", said),)


def _too_heavy(good: Good, weight_g: int, sides: tuple[int, int, int], volume: float, said: str) -> Found:
    """A weight a thousand times too large and sides ten times too small look the same: what a person can
    carry tells them apart. Only a side can be mended cell by cell, so all three are named."""
    if weight_g > HEAVY_G and weight_g % 1000 == 0 and _likely(weight_g / 1000 / volume):
        because = f"a thousandth of it is {weight_g // 1000} g, {weight_g / 1000 / volume:.3g} g/cm³"
        return Found("weight-off", said, fix=_weight(weight_g, weight_g // 1000, because))
    if weight_g <= HEAVY_G and _likely(weight_g / (volume * 1000)):
        right = "|".join(str(side * 10) for side in sides)
        because = (
            f"as centimetres they are {right.replace('|', ' × ')} mm, {weight_g / (volume * 1000):.3g} g/cm³"
        )
        return Found("size-off", said, fix=Fix("sides", "|".join(map(str, sides)), right, because))
    return Found("weight-off", said)


def _likely(density: float) -> bool:
    return LIKELY_MIN <= density <= LIKELY_MAX


def _weight(before: int, after: int, because: str) -> Fix:
    return Fix("weight_g", str(before), str(after), because)
