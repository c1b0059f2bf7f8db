"""What an order needs from the shelf: every component counted once, however many lines or kits want it."""

from collections.abc import Mapping

from msgspec import Struct

from quartermaster.allocation.rules.facts import Order, Wanted


class Demand(Struct, frozen=True):
    """The open lines and what they add up to.

    need: SKU -> units over all lines. shapeless: lines made of no known part, which no site can serve.
    """

    lines: tuple[Wanted, ...]
    need: dict[str, int]
    shapeless: tuple[Wanted, ...]


class Line(Struct, frozen=True):
    """A line as the search over sites sees it: parts of the same SKU are added up, all counts > 0."""

    quantity: int
    value_minor: int
    needs: tuple[tuple[str, int], ...]  # SKU and units of it per unit of the line

    def worth(self, units: int) -> int:
        """Goods value of `units` of this line in minor units, rounded down."""
        return self.value_minor * units // self.quantity

    def room(self, free: Mapping[str, int]) -> int:
        """Whole units of the line, all parts together, that what is free can make: at most its quantity."""
        most = self.quantity if self.needs else 0
        for sku, per_unit in self.needs:
            here = free.get(sku, 0) // per_unit
            if here < most:
                most = here
        return max(most, 0)


def demand_of(order: Order) -> Demand:
    """Lines with nothing left to serve are dropped; a part of 0 or fewer units is no part."""
    lines: list[Wanted] = []
    shapeless: list[Wanted] = []
    need: dict[str, int] = {}
    for line in order.wanted:
        quantity = line.quantity
        if quantity <= 0:
            continue
        lines.append(line)
        is_shapeless = True
        for part in line.parts:
            if part.per_unit > 0:
                is_shapeless = False
                need[part.sku] = need.get(part.sku, 0) + quantity * part.per_unit
        if is_shapeless:
            shapeless.append(line)
    return Demand(tuple(lines), need, tuple(shapeless))


def line_of(wanted: Wanted) -> Line:
    needs: dict[str, int] = {}
    for part in wanted.parts:
        if part.per_unit > 0:
            needs[part.sku] = needs.get(part.sku, 0) + part.per_unit
    return Line(wanted.quantity, max(wanted.value_minor, 0), tuple(needs.items()))
