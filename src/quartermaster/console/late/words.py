"""What the lists of late parcels and the statuses of carriers are called on a page."""

from typing import NamedTuple

from quartermaster.console.orders.words import Word
from quartermaster.tracking.queries import followers


class List(NamedTuple):
    """since: what the time is counted from. empty: what an empty list says."""

    title: str
    since: str
    about: str
    empty: str


KINDS: dict[str, List] = {
    "late": List(
        "Late",
        "Promise over since",
        "The promised day is over, and it is not delivered.",
        "No promise is broken: everything that is due has arrived.",
    ),
    "will_be_late": List(
        "Will be late",
        "Should have left",
        "Still in the house, and the cut-off it was promised with is over.",
        "Everything that should have been handed over by now has been.",
    ),
    "no_scan": List(
        "No scan",
        "Silent since",
        "Handed over longer ago than its lane allows, and the carrier has not scanned it once.",
        "Carriers have scanned all they were given.",
    ),
    "stuck": List(
        "Stuck",
        "Silent since",
        "On its way, and not scanned for longer than its lane allows.",
        "Everything that is on its way moves.",
    ),
    "lost": List(
        "Lost",
        "Silent since",
        "No sign of life for so long that a claim is proposed.",
        "Nothing was silent for so long.",
    ),
    "foreseen": List(
        "Likely late",
        "Foreseen",
        "On its way and still in time, but less likely than not to be there by the promised day.",
        "Every lane with enough parcels to judge by keeps its promises.",
    ),
    "exceptions": List(
        "Exceptions",
        "Reported",
        "The carrier reports trouble, or brings it back.",
        "No carrier reports trouble.",
    ),
}

STATUS: dict[str, Word] = {
    "unknown": Word("Not understood", "?", "is-warn"),
    "pre_transit": Word("Not scanned yet", "○", ""),
    "accepted": Word("Accepted", "◔", "is-accent"),
    "in_transit": Word("In transit", "◑", "is-accent"),
    "out_for_delivery": Word("Out for delivery", "◕", "is-accent"),
    "available_for_pickup": Word("To be collected", "◕", "is-warn"),
    "exception": Word("Exception", "!", "is-bad"),
    "return_to_sender": Word("Coming back", "↩", "is-bad"),
    "cancelled": Word("Label void", "–", ""),
    "delivered": Word("Delivered", "✓", "is-good"),
    # of a part that is still in the house
    "waiting": Word("Held", "!", "is-bad"),
    "released": Word("To pick", "○", "is-warn"),
    "picking": Word("Picking", "◔", "is-warn"),
    "packed": Word("Packed", "◑", "is-warn"),
}

_GIVEN = {
    "queued": "will be given to them",
    "sent": "is being given to them",
    "unknown": "no clear answer yet: they are asked whether they follow it",
    "refused": "they do not follow it",
}


def given(parcel_id: int) -> list[tuple[str, str]]:
    """Who follows a parcel for us, each with a sentence."""
    return [(each.slug, _told(each)) for each in followers.given(f"P-{parcel_id}")]


def _told(given: followers.Given) -> str:
    if given.state == "confirmed":
        return given.because
    return f"{_GIVEN[given.state]}: {given.because}".rstrip(": ")
