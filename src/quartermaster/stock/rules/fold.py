"""Balances and levels are folds of the movements: this is the fold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from quartermaster.stock.rules.chain import Written
from quartermaster.stock.rules.moves import State


class Spot(NamedTuple):
    """Where and in what condition units are: the key of a balance."""

    sku_id: int
    place_id: int
    state: str
    lot: str
    serial: str


class Count(NamedTuple):
    """Units of a SKU at a site: all of them, and those in state available."""

    on_hand: int
    sellable: int


def balances(movements: Iterable[Written]) -> dict[Spot, int]:
    """Units at every spot after these movements. Empty spots are left out; the world's may be negative."""
    found: defaultdict[Spot, int] = defaultdict(int)
    for m in movements:
        found[Spot(m.sku_id, m.source_id, m.source_state, m.lot, m.serial)] -= m.quantity
        found[Spot(m.sku_id, m.target_id, m.target_state, m.lot, m.serial)] += m.quantity
    return {spot: quantity for spot, quantity in found.items() if quantity}


def levels(there: Mapping[Spot, int], location_of: Mapping[int, int]) -> dict[tuple[int, int], Count]:
    """(sku_id, location_id) -> units there. `location_of` gives a place's location; the world has none."""
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for spot, quantity in there.items():
        if location := location_of.get(spot.place_id):
            count = found[spot.sku_id, location]
            count[0] += quantity
            count[1] += quantity if spot.state == State.AVAILABLE else 0
    return {key: Count(*count) for key, count in found.items()}
