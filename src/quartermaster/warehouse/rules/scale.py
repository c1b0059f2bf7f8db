"""What a parcel should weigh, and what a scale's other opinion most likely means."""

from collections.abc import Sequence
from typing import NamedTuple

from quartermaster.warehouse.rules.packaging import Packaging


class Weighed(NamedTuple):
    """Units of one SKU in the parcel; `weight_g` of one, None when nobody measured it."""

    sku: str
    units: int
    weight_g: int | None


class Reading(NamedTuple):
    """A scale's reading that is too far from what was expected, and the likely cause ("": nobody knows)."""

    expected_g: int
    tolerance_g: int
    cause: str


def expected(packed: Sequence[Weighed], tare_g: int) -> int | None:
    """Grams with the carton; None when something in it was never measured."""
    weights = [one.weight_g * one.units for one in packed if one.weight_g is not None]
    return sum(weights) + tare_g if len(weights) == len(packed) else None


def doubt(packed: Sequence[Weighed], tare_g: int, measured_g: int, packaging: Packaging) -> Reading | None:
    """None when the reading is right, or nobody can tell."""
    should = expected(packed, tare_g)
    if should is None:
        return None
    tolerance = packaging.tolerance_g + should * packaging.tolerance_bp // 10_000
    off = measured_g - should
    if abs(off) <= tolerance:
        return None
    return Reading(should, tolerance, _cause(packed, off, tolerance))


def _cause(packed: Sequence[Weighed], off: int, tolerance: int) -> str:
    """The fewest units of one SKU that would explain it. Ties: what comes nearest."""
    found = []
    for one in packed:
        if not one.weight_g:
            continue
        times = max(1, (abs(off) + one.weight_g // 2) // one.weight_g)
        rest = abs(abs(off) - times * one.weight_g)
        if rest <= tolerance and (off > 0 or times <= one.units):
            found.append((times, rest, one.sku))
    if not found:
        return ""
    times, _, sku = min(found)
    units = "one unit" if times == 1 else f"{times} units"
    return f"{units} of {sku} too {'many' if off > 0 else 'few'}"
