"""Named holds. Several may be active at once; each blocks one thing and says why."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Blocks(StrEnum):
    ALLOCATION = "allocation"  # nothing is reserved: we do not know what is really wanted
    RELEASE = "release"  # units stay reserved, but the floor does not get them


class Reserved(StrEnum):
    """What becomes of units that were reserved before a hold came, and are not picked yet. What is picked
    stays where it is under every hold: the floor stops, and goes on when the hold is gone."""

    GIVEN_BACK = "given back"
    KEPT = "kept"


class Hold(NamedTuple):
    """A hold some check wants placed: its kind and why, for a person."""

    kind: str
    because: str


class Kind(NamedTuple):
    title: str
    blocks: Blocks
    is_automatic: bool  # placed and taken back by checks; people may place the others

    @property
    def reserved(self) -> Reserved:
        """The same as of units it would find when it came first, so that the sequence makes no difference:
        what may not be reserved is given back, what may be is kept."""
        return Reserved.GIVEN_BACK if self.blocks is Blocks.ALLOCATION else Reserved.KEPT


KINDS: dict[str, Kind] = {
    "check": Kind("Cannot be understood", Blocks.ALLOCATION, True),
    "test": Kind("Test order", Blocks.ALLOCATION, True),
    "sku": Kind("Unknown SKU", Blocks.RELEASE, True),
    "payment": Kind("Payment", Blocks.RELEASE, True),
    "due": Kind("To be collected", Blocks.RELEASE, True),
    "address": Kind("Address", Blocks.RELEASE, True),
    "channel": Kind("Held by the channel", Blocks.RELEASE, True),
    "destination": Kind("Destination", Blocks.RELEASE, True),
    "restricted": Kind("Restricted goods", Blocks.RELEASE, True),
    "duplicate": Kind("Looks like a duplicate", Blocks.RELEASE, True),
    "margin": Kind("Margin", Blocks.RELEASE, True),
    "fraud": Kind("Fraud", Blocks.RELEASE, False),
    "stock": Kind("Stock", Blocks.RELEASE, False),
    "awaiting_return": Kind("Awaiting return", Blocks.RELEASE, False),
    "date": Kind("Not before a date", Blocks.RELEASE, False),
    "imported": Kind("Imported", Blocks.ALLOCATION, False),
    "undeliverable": Kind("Undeliverable address", Blocks.RELEASE, False),
    "recall": Kind("Recalled goods", Blocks.RELEASE, False),
    "manual": Kind("By hand", Blocks.RELEASE, False),
}


def blocking(kinds: set[str], what: Blocks) -> bool:
    """Does one of these holds stand in the way? What blocks allocation blocks release too."""
    return any(
        KINDS[kind].blocks is what or KINDS[kind].blocks is Blocks.ALLOCATION
        for kind in kinds
        if kind in KINDS
    )


def gives_back(kinds: Iterable[str]) -> bool:
    """Does one of these holds give reserved units back? One is enough, whatever the others keep."""
    return any(KINDS[kind].reserved is Reserved.GIVEN_BACK for kind in kinds if kind in KINDS)
