"""How many units a shop could sell before it hears that they are gone."""

from math import ceil

from msgspec import Struct

DAY_S = 86_400
PUSHES_MIN = 20  # fewer measure nothing


class Suggested(Struct, frozen=True):
    """A buffer, and why. None: too little was measured."""

    buffer: int | None
    because: str


def suggest(*, lag_s: float | None, pushes: int, units_a_day: float) -> Suggested:
    """Lag × velocity, rounded up: the units that all shops together sell of a SKU while a number is under
    way to this one. `lag_s`: seconds from a change until the shop took it, which 95 of 100 do not exceed, of
    `pushes` that were measured. Shown, never applied."""
    if lag_s is None or pushes < PUSHES_MIN:
        return Suggested(None, f"{pushes} numbers were measured, and it takes {PUSHES_MIN} to say something")
    units = ceil(lag_s * units_a_day / DAY_S - 1e-9)
    told = f"19 of 20 numbers arrive within {lag_s:.1f} s, and {units_a_day:.1f} units are sold a day"
    return Suggested(units, f"{told}: {lag_s * units_a_day / DAY_S:.3f} units in that time")
