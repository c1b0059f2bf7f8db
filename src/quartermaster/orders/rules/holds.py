"""Named holds. Several may be active at once; each blocks one thing and says why."""

from enum import StrEnum
from typing import NamedTuple


class Blocks(StrEnum):
    ALLOCATION = "allocation"  # nothing is reserved: we do not know what is really wanted
    RELEASE = "release"  # units stay reserved, but the floor does not get them


class Hold(NamedTuple):
    """A hold some check wants placed: its kind and why, for a person."""

    kind: str
    because: str


class Kind(NamedTuple):
    title: str
    blocks: Blocks
    is_automatic: bool  # placed and taken back by checks; people may place the others


KINDS: dict[str, Kind] = {
    "check": Kind("Cannot be understood", Blocks.ALLOCATION, True),
    "test": Kind("Test order", Blocks.ALLOCATION, True),
    "sku": Kind("Unknown SKU", Blocks.RELEASE, True),
    "payment": Kind("Payment", Blocks.RELEASE, True),
    "due": Kind("To be collected", Blocks.RELEASE, True),
    "address": Kind("Address", Blocks.RELEASE, True),
    "channel": Kind("Held by the channel", Blocks.RELEASE, True),
    "destination": Kind("Destination", Blocks.RELEASE, True),
    "duplicate": Kind("Looks like a duplicate", Blocks.RELEASE, True),
    "margin": Kind("Margin", Blocks.RELEASE, True),
    "fraud": Kind("Fraud", Blocks.RELEASE, False),
    "stock": Kind("Stock", Blocks.RELEASE, False),
    "awaiting_return": Kind("Awaiting return", Blocks.RELEASE, False),
    "date": Kind("Not before a date", Blocks.RELEASE, False),
    "imported": Kind("Imported", Blocks.ALLOCATION, False),
    "manual": Kind("By hand", Blocks.RELEASE, False),
}


def blocking(kinds: set[str], what: Blocks) -> bool:
    """Does one of these holds stand in the way? What blocks allocation blocks release too."""
    return any(
        KINDS[kind].blocks is what or KINDS[kind].blocks is Blocks.ALLOCATION
        for kind in kinds
        if kind in KINDS
    )
