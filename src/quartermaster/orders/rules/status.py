"""The one status of an order, derived from its lines and holds. Partial states are read from the lines."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Counts(Protocol):
    """What the status is read from: `models.Line` and `Units` both are this."""

    @property
    def open(self) -> int: ...
    @property
    def allocated(self) -> int: ...
    @property
    def picked(self) -> int: ...
    @property
    def packed(self) -> int: ...
    @property
    def shipped(self) -> int: ...
    @property
    def delivered(self) -> int: ...
    @property
    def returned(self) -> int: ...


class Seen(NamedTuple):
    """A line as the status sees it."""

    units: Counts
    is_shippable: bool
    parked: str


def derive(lines: Iterable[Seen], *, is_held: bool, is_cancelled: bool = False) -> str:
    """An order status of models.Order.Status.

    Lines that are not shipped (gift cards, downloads) do not count: an
    order of nothing else is done when accepted. An order without any
    line stays where a person sees it.
    """
    seen = list(lines)
    if not seen and not is_cancelled:
        return "on_hold" if is_held else "open"
    goods = [line for line in seen if line.is_shippable]
    opened = sum(line.units.open for line in goods)
    allocated = sum(line.units.allocated for line in goods)
    picked = sum(line.units.picked for line in goods)
    shipped = sum(line.units.shipped for line in goods)
    live = opened + allocated + picked + shipped
    if is_cancelled and not shipped:
        return "cancelled"  # what is promised or picked is on its way back: the lines tell
    if live == 0:
        has_rest = any(line.units.open for line in seen)
        return "shipped" if has_rest else "cancelled"
    if shipped == live:
        if sum(line.units.returned for line in goods) == shipped:
            return "returned"
        return "delivered" if sum(line.units.delivered for line in goods) == shipped else "shipped"
    if is_held:
        return "on_hold"
    if picked:
        is_packed = picked == sum(line.units.packed for line in goods) and not opened and not allocated
        return "packed" if is_packed else "picking"
    if opened and any(line.parked for line in goods if line.units.open):
        return "backordered"
    return "open" if opened else "allocated"
