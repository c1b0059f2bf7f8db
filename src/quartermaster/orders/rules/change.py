"""The point of no return: for every stage a unit can be in and every
change a person may ask for, one honest answer.

One matrix drives edit, cancel, address change, hold and merge. The steps are what has to be undone, in
this order; a page shows the sentence before anything happens.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Stage(StrEnum):
    """How far a unit has come. Order of members is the order of the river."""

    OPEN = "open"
    ALLOCATED = "allocated"  # reserved, the floor does not have it
    RELEASED = "released"  # the floor may pick it
    PICKED = "picked"
    PACKED = "packed"
    LABELLED = "labelled"
    SHIPPED = "shipped"
    DELIVERED = "delivered"


class Change(StrEnum):
    EDIT = "edit"  # other units, lines or prices
    CANCEL = "cancel"
    ADDRESS = "address"
    SHIPPING = "shipping"  # another way to ship, or another price for it
    HOLD = "hold"
    MERGE = "merge"


class Answer(StrEnum):
    FREE = "free"  # nothing has to be undone
    UNDO = "undo"  # possible, with the steps named
    RETURN = "return"  # too late for itself: it becomes an intercept or a return
    NO = "no"


class Verdict(NamedTuple):
    answer: Answer
    steps: tuple[str, ...]
    sentence: str


_FREE = Verdict(Answer.FREE, (), "Possible: nothing has been done yet that must be undone.")
_GONE = "Too late: the carrier has it."


def _undo(sentence: str, *steps: str) -> Verdict:
    return Verdict(Answer.UNDO, steps, sentence)


_CANCEL = {
    Stage.OPEN: _FREE,
    Stage.ALLOCATED: _undo("Possible: reserved units go back to stock.", "release_stock"),
    Stage.RELEASED: _undo(
        "Possible: taken off the floor, reserved units go back to stock.", "recall", "release_stock"
    ),
    Stage.PICKED: _undo("Possible: the picker puts the units back.", "recall", "put_back"),
    Stage.PACKED: _undo("Possible: the parcel is opened and the units put back.", "unpack", "put_back"),
    Stage.LABELLED: _undo(
        "Possible: the label is voided, the parcel opened, the units put back.",
        "void_label",
        "unpack",
        "put_back",
    ),
    Stage.SHIPPED: Verdict(Answer.RETURN, ("intercept",), f"{_GONE} It becomes an intercept, else a return."),
    Stage.DELIVERED: Verdict(Answer.RETURN, ("return",), "Too late: it was delivered. It becomes a return."),
}

_ADDRESS = {
    Stage.OPEN: _FREE,
    Stage.ALLOCATED: _undo("Possible: routing is asked again for the new address.", "reroute"),
    Stage.RELEASED: _undo("Possible: taken off the floor and routed again.", "recall", "reroute"),
    Stage.PICKED: _undo("Possible: packed for the new address; the carrier may change.", "rate"),
    Stage.PACKED: _undo("Possible: rated again for the new address.", "rate"),
    Stage.LABELLED: _undo(
        "Possible: the old label is voided, a new one bought.", "void_label", "rate", "buy_label"
    ),
    Stage.SHIPPED: Verdict(
        Answer.RETURN, ("redirect",), f"{_GONE} It can only be asked to redirect the parcel."
    ),
    Stage.DELIVERED: Verdict(Answer.NO, (), "Not possible: it was delivered."),
}

_SHIPPING = {
    **dict.fromkeys((Stage.OPEN, Stage.ALLOCATED, Stage.RELEASED, Stage.PICKED), _FREE),
    Stage.PACKED: _undo("Possible: rated again for the new way of shipping.", "rate"),
    Stage.LABELLED: _undo(
        "Possible: the old label is voided, a new one bought.", "void_label", "rate", "buy_label"
    ),
    Stage.SHIPPED: Verdict(Answer.NO, (), f"Not possible. {_GONE}"),
    Stage.DELIVERED: Verdict(Answer.NO, (), "Not possible: it was delivered."),
}

_HOLD = {
    Stage.OPEN: _FREE,
    Stage.ALLOCATED: Verdict(Answer.FREE, (), "Possible: reserved units stay reserved."),
    Stage.RELEASED: _undo("Possible: taken off the floor until the hold is released.", "recall"),
    Stage.PICKED: _undo("Possible: the tote is stopped where it is.", "stop_tote"),
    Stage.PACKED: _undo("Possible: the parcel is set aside.", "set_aside"),
    Stage.LABELLED: _undo("Possible: the parcel is set aside; its label stays valid.", "set_aside"),
    Stage.SHIPPED: Verdict(Answer.NO, (), f"Not possible. {_GONE}"),
    Stage.DELIVERED: Verdict(Answer.NO, (), "Not possible: it was delivered."),
}

_MERGE = {
    stage: _FREE
    if stage is Stage.OPEN
    else _CANCEL[stage]
    if stage in (Stage.ALLOCATED, Stage.RELEASED)
    else Verdict(Answer.NO, (), "Not possible: the floor has already picked it.")
    for stage in Stage
}

MATRIX: dict[Change, dict[Stage, Verdict]] = {
    Change.EDIT: _CANCEL,
    Change.CANCEL: _CANCEL,
    Change.ADDRESS: _ADDRESS,
    Change.SHIPPING: _SHIPPING,
    Change.HOLD: _HOLD,
    Change.MERGE: _MERGE,
}


def verdict(change: Change, stages: Iterable[Stage]) -> Verdict:
    """The answer for units in several stages: the furthest one decides. No units at all is free."""
    order = list(Stage)
    furthest = max(stages, key=order.index, default=Stage.OPEN)
    return MATRIX[change][furthest]
