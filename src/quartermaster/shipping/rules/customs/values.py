"""What the units of an order line in one parcel are worth, so that parts and parcels add up to the line."""

from collections.abc import Sequence

from msgspec import Struct

from quartermaster.core.money import share


class Part(Struct, frozen=True):
    """A SKU of a whole line: its own, or a part of a kit. units: of all the units the line ever had."""

    sku: str
    units: int
    cost_minor: int | None = None


def shares(value_minor: int, parts: Sequence[Part]) -> list[int]:
    """A line's value shared by what its parts cost, or by their number where a cost is not known."""
    is_known = all(part.cost_minor for part in parts)
    return share(value_minor, [(part.cost_minor or 0 if is_known else 1) * part.units for part in parts])


def of_parcel(value_minor: int, units: int, *, before: int, here: int) -> int:
    """Of a part's value what falls on `here` of its units when `before` are in earlier parcels. Over all
    parcels nothing is lost to rounding."""
    return value_minor * (before + here) // units - value_minor * before // units
