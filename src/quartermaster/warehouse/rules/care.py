"""On which rung of its ladder something late stands. Pure. What is said of it: core.care.

A row is a parcel ("P-17") or a part of an order that is still in the house ("A-33", its allocation). An
answer stands on a rung of the row's ladder, and counts for that rung and the ones below it: what was
acknowledged as stuck is news again when it is lost.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

# From what is least to what is worst.
OF_A_PARCEL: Final = ("foreseen", "late", "no_scan", "stuck", "exceptions", "lost")
OF_A_PART: Final = ("breaching", "pick", "pack", "dispatch", "will_be_late", "late")
LADDERS: Mapping[str, tuple[str, ...]] = {"P": OF_A_PARCEL, "A": OF_A_PART}

_ROW = re.compile(r"([PA])-([1-9][0-9]{0,17})")


class Row(NamedTuple):
    """ladder: P or A; id: that of the parcel or the allocation."""

    ladder: str
    id: int


def row_of(name: str) -> Row | None:
    """P-17 or A-33; None for anything else."""
    read = _ROW.fullmatch(name)
    return Row(read[1], int(read[2])) if read else None


def rank(ladder: str, kind: str) -> int:
    """1 for the lowest rung. Raises ValueError for one the ladder does not have."""
    return LADDERS[ladder].index(kind) + 1
