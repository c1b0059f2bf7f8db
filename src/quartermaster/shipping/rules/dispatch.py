"""What a carrier has on its list against what it was given, and the life of a pickup."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from quartermaster.core.steps import Steps

WINDOW_MIN, WINDOW_MAX = timedelta(minutes=30), timedelta(hours=24)
AHEAD_MAX = timedelta(days=14)
GRACE = timedelta(minutes=30)  # a van that is this much late has not come


class Compared(NamedTuple):
    """missing: we scanned it out and the carrier does not list it. surplus: it lists what we did not give."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]


def compare(given: Collection[str], listed: Collection[str]) -> Compared:
    """Both by the carrier's names for labels."""
    return Compared(
        tuple(sorted(set(given) - set(listed))),
        tuple(sorted(set(listed) - set(given))),
    )


class State(StrEnum):
    ASKED = "asked"
    BOOKED = "booked"
    REFUSED = "refused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"  # the carrier's manifest was closed since
    MISSED = "missed"


class Turn(StrEnum):
    BOOK = "book"
    REFUSE = "refuse"
    CANCEL = "cancel"
    CANCELLED = "cancelled"
    COME = "come"
    MISS = "miss"


PICKUP: Steps[State, Turn] = Steps(
    {
        (State.ASKED, Turn.BOOK): State.BOOKED,
        (State.ASKED, Turn.REFUSE): State.REFUSED,
        (State.BOOKED, Turn.CANCEL): State.CANCELLING,
        (State.BOOKED, Turn.COME): State.DONE,
        (State.BOOKED, Turn.MISS): State.MISSED,
        (State.MISSED, Turn.COME): State.DONE,
        (State.MISSED, Turn.CANCEL): State.CANCELLING,
        (State.CANCELLING, Turn.CANCELLED): State.CANCELLED,
        (State.CANCELLING, Turn.REFUSE): State.BOOKED,
    }
)


def wrong_with(starts_at: datetime, ends_at: datetime, *, at: datetime) -> Iterator[tuple[str, str]]:
    """Field and what is wrong with it."""
    if ends_at <= at:
        yield "ends_at", "is in the past"
    elif starts_at > at + AHEAD_MAX:
        yield "starts_at", f"is more than {AHEAD_MAX.days} days ahead"
    if not WINDOW_MIN <= ends_at - starts_at <= WINDOW_MAX:
        yield "ends_at", "must be 30 minutes to 24 hours after the beginning"
