"""Orders that are to be picked together, and what that takes."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quartermaster.warehouse.rules.routing.lengths import Lengths


class Work(NamedTuple):
    """Orders by index: where their stops are (as `lengths` knows them) and how much room they take on the
    device.
    """

    stops: Sequence[int]
    room: Sequence[int]
    capacity: int
    lengths: Lengths

    def joined(self, orders: Iterable[int]) -> int:
        found = 0
        for order in orders:
            found |= self.stops[order]
        return found


class Batch:
    """Orders of one tour, with its length kept up to date."""

    __slots__ = ("length", "load", "orders", "stops")

    def __init__(self, work: Work, orders: Iterable[int]) -> None:
        self.set(work, orders)

    def set(self, work: Work, orders: Iterable[int]) -> None:
        self.orders = list(orders)
        self.load = sum(work.room[order] for order in self.orders)
        self.stops = work.joined(self.orders)
        self.length = work.lengths.of(self.stops)


def walked(batches: Iterable[Batch]) -> float:
    return sum(batch.length for batch in batches)
