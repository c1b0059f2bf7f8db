"""What a count of a bin means for the ledger."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from quartermaster.stock.rules.moves import State

ADJUSTMENT = "world:adjustment"


class Lying(NamedTuple):
    """Units the ledger has in the bin, good to sell (`available`) or `missing`."""

    state: str
    lot: str
    serial: str
    units: int


class Correction(NamedTuple):
    """Units to post: from one state of the bin, or the world, to the other."""

    lot: str
    serial: str
    units: int
    source_state: str | None  # None: from world:adjustment
    target_state: str | None  # None: to world:adjustment


def corrections(lying: Sequence[Lying], counted: int, serials: Collection[str] = ()) -> list[Correction]:
    """Make the bin hold what was counted. Missing units that are there come back first, what is more was
    never known; what is missing still is written off, and what is not there and was thought to be, too. With
    `serials` (all that were seen) it goes unit by unit."""
    if serials:
        return _by_serial(lying, serials)
    there = [one for one in lying if one.state == State.AVAILABLE]
    missing = [one for one in lying if one.state == State.MISSING]
    more = counted - sum(one.units for one in there)
    found: list[Correction] = []
    for one in missing:
        back = min(max(0, more), one.units)
        more -= back
        found += _moved(one, back, State.MISSING, State.AVAILABLE)
        found += _moved(one, one.units - back, State.MISSING, None)
    if more > 0:
        found.append(Correction(there[0].lot if there else "", "", more, None, State.AVAILABLE))
    less = max(0, -more)
    for one in reversed(there):
        gone = min(less, one.units)
        less -= gone
        found += _moved(one, gone, State.AVAILABLE, None)
    return found


def _by_serial(lying: Sequence[Lying], serials: Collection[str]) -> list[Correction]:
    found: list[Correction] = []
    for one in lying:
        if one.serial in serials:
            if one.state == State.MISSING:
                found += _moved(one, 1, State.MISSING, State.AVAILABLE)
        else:
            found += _moved(one, one.units, one.state, None)
    known = {one.serial for one in lying}
    found += [Correction("", new, 1, None, State.AVAILABLE) for new in sorted(set(serials) - known)]
    return found


def _moved(one: Lying, units: int, source: str, target: str | None) -> list[Correction]:
    return [Correction(one.lot, one.serial, units, source, target)] if units else []
