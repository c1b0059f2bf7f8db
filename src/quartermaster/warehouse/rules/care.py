"""What people say of something late, and until when that counts. Pure.

A row is a parcel ("P-17") or a part of an order that is still in the house ("A-33", its allocation). An
answer stands on a rung of the row's ladder, and counts for that rung and the ones below it: what was
acknowledged as stuck is news again when it is lost.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

ROWS_MAX: Final = 200
NOTE_MAX: Final = 500
SNOOZED_AT_MOST: Final = timedelta(days=90)
ANSWERS: Final = ("acknowledged", "snoozed", "open")
SHOWS: Final = ("all", "open", "unassigned", "snoozed", "acknowledged")

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


def errors_in(answer: str, note: str, until: datetime | None, at: datetime) -> dict[str, str]:
    """Field -> what is wrong with it."""
    wrong = {}
    if answer not in ANSWERS:
        wrong["answer"] = f"one of {', '.join(ANSWERS)}"
    if answer == "acknowledged" and not note.strip():
        wrong["note"] = "say what is known or done about it"
    if len(note) > NOTE_MAX:
        wrong["note"] = f"at most {NOTE_MAX} characters"
    if answer == "snoozed" and (until is None or not at < until <= at + SNOOZED_AT_MOST):
        wrong["until"] = f"a moment within the next {SNOOZED_AT_MOST.days} days"
    if answer != "snoozed" and until is not None:
        wrong["until"] = "only what is snoozed comes back at a moment"
    return wrong
