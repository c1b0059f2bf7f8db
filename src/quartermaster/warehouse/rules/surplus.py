"""Which units go back when a line wants fewer than were picked for it."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quartermaster.stock.rules.claims import Held, Part, by_holder, whole


class OnFloor(NamedTuple):
    """Picked units of a line at a site, of one SKU, lot and serial. `parcel_id` 0: in no parcel yet.
    `parcel_state`: packing, or closed as packed or labelled."""

    line_id: int
    location_id: int
    sku_id: int
    lot: str
    serial: str
    units: int
    parcel_id: int = 0
    item_id: int = 0
    parcel_state: str = ""


class Back(NamedTuple):
    """Units to be put back, where they are now, and the units of the line that end with them."""

    there: OnFloor
    units: int
    line_units: int = 0


_TURN = ("", "packing", "packed", "labelled")


def forgone(held: Iterable[Held], units: int) -> list[Part]:
    """The parts of `units` whole units of a claim, those of the newest holder first."""
    gone: list[Part] = []
    for _, parts in sorted(by_holder(held).items(), reverse=True):
        goes = min(units, whole(parts))
        units -= goes
        gone += [Part(part.claim, part.sku_id, goes * part.per_unit) for part in parts if goes]
    return gone


def whole_there(there: Iterable[OnFloor], held: Iterable[Held]) -> dict[int, int]:
    """Line -> its units of which every part is among these."""
    units: Counter[tuple[int, int]] = Counter()
    for one in there:
        units[one.line_id, one.sku_id] += one.units
    lines = {line_id for line_id, _ in units}
    needed = {(part.claim, part.sku_id): part.per_unit for part in held if part.claim in lines}
    return {
        line_id: min(units[key] // per_unit for key, per_unit in needed.items() if key[0] == line_id)
        for line_id in sorted({claim for claim, _ in needed})
    }


class Floor:
    """Picked units, to be taken one after the other: those in no parcel first, then from open parcels, from
    closed ones only when there is no other way."""

    def __init__(self, there: Iterable[OnFloor]) -> None:
        self._of: defaultdict[tuple[int, int], deque[OnFloor]] = defaultdict(deque)
        for one in sorted(there, key=lambda f: (_TURN.index(f.parcel_state), -f.parcel_id, f.lot, f.serial)):
            self._of[one.line_id, one.sku_id].append(one)

    def take(self, parts: Iterable[Part]) -> list[Back]:
        """The units that go back for these parts. What is not on the floor is left out."""
        back = []
        for part in parts:
            left, queue = part.units, self._of[part.claim, part.sku_id]
            while left and queue:
                one = queue.popleft()
                units = min(left, one.units)
                back.append(Back(one, units))
                left -= units
                if one.units > units:
                    queue.appendleft(one._replace(units=one.units - units))
        return back


def shared_out(back: Sequence[Back], line_units: int) -> list[Back]:
    """Say how many units of the line end with each: those of its first SKU end them all."""
    first = back[0].there.sku_id if back else 0
    total = sum(one.units for one in back if one.there.sku_id == first)
    shared, before = [], 0
    for one in back:
        after = before + (one.units if one.there.sku_id == first else 0)
        share = line_units * after // total - line_units * before // total
        shared.append(one._replace(line_units=share))
        before = after
    return shared
