"""What goes into a parcel, and which units of a line are whole by it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from quartermaster.stock.rules.claims import Held, by_holder, whole
from quartermaster.warehouse.rules.surplus import OnFloor


class Put(NamedTuple):
    """Units to put into a parcel."""

    there: OnFloor
    units: int


def to_box(table: Iterable[OnFloor], units: int) -> list[Put]:
    """Units of one SKU from the table, the oldest line first. No more than lie there."""
    put, left = [], units
    for one in table:
        if left:
            put.append(Put(one, min(left, one.units)))
            left -= put[-1].units
    return put


def whole_in(held: Iterable[Held], boxed: Mapping[int, int]) -> int:
    """Units of a line of which every part is in boxes. `boxed`: SKU -> units of this line in them; `held`:
    all that was promised to it."""
    left, units = dict(boxed), 0
    for _, parts in sorted(by_holder(held).items()):
        done = min(whole(parts), *(left.get(part.sku_id, 0) // part.per_unit for part in parts))
        for part in parts:
            left[part.sku_id] = left.get(part.sku_id, 0) - done * part.per_unit
        units += done
    return units


def told(left: Sequence[tuple[str, int]]) -> str:
    """What an order still needs: "1 × MUG-RED and 2 × POT"."""
    names = [f"{units} × {sku}" for sku, units in left]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "nothing more"
