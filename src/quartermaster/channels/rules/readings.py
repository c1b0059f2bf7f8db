"""What follows from what a shop says it has of a listing."""

from datetime import timedelta
from enum import StrEnum

from msgspec import Struct

TRIES_MAX = 5  # another number each time: then somebody has to look
ACCEPTED_MAX = timedelta(minutes=15)  # a shop that said it will, has
SOON = timedelta(seconds=15)
# An order of the shop's own may be under way to us. Refused as stale, it was just placed; seen in a look of
# ours, it may have to be fetched. Doubled with each try.
SOLD_STALE, SOLD_SEEN = timedelta(seconds=5), timedelta(minutes=2)


class Verdict(StrEnum):
    AS_WANTED = "as_wanted"
    OLDER = "older"  # the shop has what it was sent, and more has changed since
    NOT_YET = "not_yet"  # it accepted, and has not done it yet
    OTHERWISE = "otherwise"  # it has another number: send again
    TOO_OFTEN = "too_often"  # the same, and enough tries were made


class Reading(Struct, frozen=True):
    """A look at what a shop has. sent: what it was last sent, None when it refused it as stale; tries: how
    often in a row it had another number; accepted_for: how long ago it said that it will do it, None when it
    did not; before: what it had before it was written to. is_beside, was_sent_beside: what stands beside the
    number (what a price was before) is as it is wanted, and as it was sent."""

    has: int | None
    wanted: int
    sent: int | None
    tries: int
    accepted_for: timedelta | None = None
    before: int | None = None
    is_beside: bool = True
    was_sent_beside: bool = True


def judge(reading: Reading) -> tuple[Verdict, timedelta]:
    """What it means, and how long to wait before the next step.

    A shop that has fewer than it should has most likely sold some, and its order is under way: to write at
    once would sell them twice. So each try waits longer than the one before. One that has more than it
    should is written to at once, and so is one where nothing has changed since before the write.
    """
    none = timedelta()
    if reading.has == reading.wanted and reading.is_beside:
        return Verdict.AS_WANTED, none
    if reading.sent is not None and reading.has == reading.sent and reading.was_sent_beside:
        return Verdict.OLDER, none
    if reading.accepted_for is not None and reading.accepted_for < ACCEPTED_MAX:
        return Verdict.NOT_YET, max(SOON, reading.accepted_for / 2)
    if reading.tries + 1 >= TRIES_MAX:
        return Verdict.TOO_OFTEN, none
    is_less = reading.has is not None and reading.has < reading.wanted and reading.has != reading.before
    sold = SOLD_STALE if reading.sent is None else SOLD_SEEN
    return Verdict.OTHERWISE, sold * (1 << reading.tries) if is_less else none
