"""What a wave can be made of: what orders want, what aisles hold, and how many units a wave may have."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Shelves(NamedTuple):
    """`orders`: for each, SKU number -> units wanted; `aisles`: for each, SKU number -> units that lie there.
    A wave has `units_min` to `units_max` units. `sizes`: what each order counts where that is not its units.
    `entered`: units that lie where people walk anyway, SKU number -> units."""

    orders: Sequence[Mapping[int, int]]
    aisles: Sequence[Mapping[int, int]]
    units_min: int
    units_max: int
    sizes: Sequence[int] | None = None
    entered: Mapping[int, int] | None = None


class Wave(NamedTuple):
    """Orders to pick together and the aisles that hold all of them, as indexes; and why these."""

    orders: tuple[int, ...]
    aisles: tuple[int, ...]
    units: int
    because: tuple[str, ...]

    @property
    def units_per_aisle(self) -> float:
        return self.units / len(self.aisles) if self.aisles else 0.0
