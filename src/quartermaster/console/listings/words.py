"""What is said of a listing, and of a shop's listings."""

from collections.abc import Iterator
from typing import NamedTuple

from quartermaster.channels.queries.listings import COUNTED_MAX, ListingShown, Shelf

SHOWS = {
    "all": "All",
    "differs": "Different there",
    "waiting": "Under way",
    "trouble": "Refused",
    "unmapped": "Not mapped",
    "held": "Not pushed",
    "gone": "Gone",
}
NOTHING = {
    "all": "Nothing was read of this shop yet. It is read once a day, or at once by the button above.",
    "differs": "Every listing has there what it is to have.",
    "waiting": "Nothing waits to be sent or looked at.",
    "trouble": "The shop takes every number.",
    "unmapped": "Every listing is one of our SKUs, or was said to be none.",
    "held": "Every listing is pushed.",
    "gone": "Nothing has vanished from the shop.",
}
MAPPED = {"code": "by its code", "alias": "by an alias", "person": "by hand", "": ""}
OUTCOMES = {
    "taken": "taken",
    "accepted": "accepted, to be looked at",
    "stale": "it had another number",
    "missing": "no such listing",
    "refused": "refused",
    "later": "later",
    "unclear": "no clear answer",
    "read": "looked at",
}


class Word(NamedTuple):
    """A tag: its text and its tone."""

    text: str
    tone: str


def stands(row: ListingShown) -> Word:
    """One word for how a listing stands."""
    if row.gone_at is not None:
        return Word("gone", "")
    if row.sku is None:
        return Word("not mapped", "is-warn" if not row.mapped_by else "")
    if not row.is_pushed:
        return Word("not pushed", "")
    told = {"refused": Word("refused", "is-bad"), "stuck": Word("another number", "is-bad")}
    if row.state in told:
        return told[row.state]
    if row.state == "idle":
        return Word("in step", "is-good") if row.wanted == row.confirmed else Word("differs", "is-warn")
    if not row.is_told:
        return Word("would be sent", "is-warn")
    return Word("to be looked at" if row.state == "asked" else "on its way", "is-accent")


def kept_back(row: ListingShown) -> str:
    """The policy of a listing in a few words."""
    return ", ".join(_kept_back(row))


def _kept_back(row: ListingShown) -> Iterator[str]:
    if row.share_percent != 100:
        yield f"{row.share_percent} %"
    if row.buffer:
        yield f"buffer {row.buffer:,}"
    if row.cap is not None:
        yield f"at most {row.cap:,}"
    if row.least:
        yield f"none below {row.least:,}"


def sentence(shelf: Shelf) -> str:
    """How a shop's listings stand."""
    if not shelf.listings:
        return "Nothing was read of this shop yet."
    parts = [f"{shelf.listings:,} listing{'s' if shelf.listings != 1 else ''}"]
    told = (
        (shelf.unmapped, "not mapped"),
        (shelf.differing, "different there"),
        (shelf.waiting, "under way" if shelf.mode == "live" else "would be sent"),
        (shelf.in_trouble, "refused"),
    )
    parts += [f"{counted(count)} {what}" for count, what in told if count]
    return f"{', '.join(parts)}."


def counted(count: int) -> str:
    """1,284, or 10,000+ where counting stopped."""
    return f"{COUNTED_MAX:,}+" if count > COUNTED_MAX else f"{count:,}"
