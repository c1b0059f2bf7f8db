"""Kits in several parcels: a kit has left when its last part has, whichever parcel that was in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from quartermaster.stock.rules.claims import Held
from quartermaster.warehouse.rules.boxes import whole_in


class Item(NamedTuple):
    """Units of a part in a closed parcel. `line_units`: kits of the line that this item stands for."""

    id: int
    line_id: int
    sku_id: int
    quantity: int
    line_units: int
    is_gone: bool


class Shift(NamedTuple):
    """Kits that one item stood for, and another stands for from now on."""

    source: int
    target: int
    units: int


def shifts(items: Iterable[Item], parts: Mapping[int, Sequence[Held]]) -> list[Shift]:
    """Where items that leave stand for more kits than have left with all their parts, the rest is stood for
    by items that stay. `parts`: line -> what was promised to it."""
    lines: defaultdict[int, list[Item]] = defaultdict(list)
    for item in items:
        lines[item.line_id].append(item)
    found = []
    for line_id, mine in sorted(lines.items()):
        gone: Counter[int] = Counter()
        for item in mine:
            gone[item.sku_id] += item.quantity if item.is_gone else 0
        surplus = sum(item.line_units for item in mine if item.is_gone) - whole_in(parts[line_id], gone)
        stays = next((item for item in mine if not item.is_gone), None)
        for item in mine:
            if item.is_gone and item.line_units and surplus > 0 and stays is not None:
                units = min(surplus, item.line_units)
                found.append(Shift(item.id, stays.id, units))
                surplus -= units
    return found
