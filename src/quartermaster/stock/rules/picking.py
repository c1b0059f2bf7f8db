"""Which units are taken when only the site is known."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from quartermaster.stock.rules.posting import At, NotEnoughStock


class Shelf(NamedTuple):
    """Available units of a SKU at one place of a site."""

    sku_id: int
    location_id: int
    sku: str
    place: str
    lot: str
    serial: str
    quantity: int


class Need(NamedTuple):
    sku_id: int
    location_id: int
    quantity: int


class Pick(NamedTuple):
    shelf: Shelf
    quantity: int


def pick(needs: Iterable[Need], shelves: Iterable[Shelf]) -> list[Pick]:
    """Take what is needed from the shelves in the order they are given. Raises NotEnoughStock, which means
    that a level counts units its places do not have."""
    of: defaultdict[At, list[Shelf]] = defaultdict(list)
    for shelf in shelves:
        of[shelf.sku_id, shelf.location_id].append(shelf)
    picks = []
    for need in needs:
        left = need.quantity
        for shelf in of[need.sku_id, need.location_id]:
            if left:
                units = min(left, shelf.quantity)
                picks.append(Pick(shelf, units))
                left -= units
        if left:
            raise NotEnoughStock(
                source=f"site {need.location_id}",
                quantity=need.quantity,
                sku=f"SKU {need.sku_id}",
                held=need.quantity - left,
                move="consume",
            )
    return picks
