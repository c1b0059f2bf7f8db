"""Exact quantities: whole base units, and units of measure that convert without remainder or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from quartermaster.core.errors import Refused

QUANTITY_MAX = 10**12  # beyond it a quantity is a broken number


class NotWhole(Refused):
    code = "not-whole"
    status = 422
    message = "{quantity} {unit} is not a whole number of {target}."
    remedy = "Use a unit that divides evenly, or set the conversion of {unit} for this SKU."


class UnknownUnit(Refused):
    code = "unknown-unit"
    status = 422
    message = "{unit} is not a unit of this SKU."
    remedy = "Use one of: {known}."


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count of a unit. Stock is always counted in base units (`each`, `g`, `mm`)."""

    count: int
    unit: str = "each"

    def to(self, unit: str, factors: Mapping[str, int]) -> "Quantity":
        """The same quantity in another unit. `factors` gives base units per unit: {"each": 1, "case": 12}."""
        for name in (self.unit, unit):
            if name not in factors:
                raise UnknownUnit(unit=name, known=", ".join(sorted(factors)))
        whole, rest = divmod(self.count * factors[self.unit], factors[unit])
        if rest:
            raise NotWhole(quantity=self.count, unit=self.unit, target=unit)
        return Quantity(whole, unit)
