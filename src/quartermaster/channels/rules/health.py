"""Whether all is well with a shop, in one look."""

from datetime import date, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from quartermaster.inbox.rules import ENDS_NEAR, ENDS_SOON, is_silent

SLOW: Final = timedelta(minutes=5)
FAILURES: Final = 3  # in a row: a shop that misses one answer is nobody's business


class Health(Struct, frozen=True):
    """How a shop stands.

    Of the last day, among its newest 1,000 messages: used, troubled (unreadable or stuck), and fetched: of
    the used ones, those that no webhook brought. waiting: messages not read yet, the oldest of `oldest_at`.
    queued, refused: parcels it is to be told of, or will not hear of; told_at: when it heard of the last.
    drifts: what differs now; late: orders of seven days that only a comparison brought. full_again_at: when
    it may be asked as often as ever. keys_because: why its keys are not accepted; keys_end_on: when the first
    of them ends, if known. hooks_off: topics it does not send any more. is_selling: its listings are known;
    of those, stock_waiting have a number to be sent, and of stock_refused it does not take it. queue_because:
    why what waits in its queue could not be fetched, the last time.
    """

    slug: str
    kind: str
    is_active: bool
    mode: Literal["observe", "live"] | None
    heard_at: datetime | None
    messages: int
    gap_s: float | None
    used: int
    troubled: int
    fetched: int
    waiting: int
    oldest_at: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    failures: int
    because: str
    told_at: datetime | None
    queued: int
    refused: int
    drifts: int
    late: int
    compared_at: datetime | None
    full_again_at: datetime | None
    keys_because: str = ""
    keys_end_on: date | None = None
    hooks_off: str = ""
    is_selling: bool = False
    stock_waiting: int = 0
    stock_refused: int = 0
    queue_because: str = ""


class Light(Struct, frozen=True):
    """What is wrong, the worst first; nothing: all is well."""

    tone: Literal["good", "warn", "bad", "off"]
    because: tuple[str, ...]


def light(seen: Health, at: datetime) -> Light:
    """What a person has to know of a shop now."""
    if not seen.is_active:
        return Light("off", ("paused: nothing is taken in or told",))
    bad, warn = [], []
    if seen.keys_because:
        bad.append(f"waits for new keys, and is neither asked nor told: {seen.keys_because}")
    elif seen.failures >= FAILURES:
        bad.append(f"cannot be asked: {seen.because}")
    elif seen.failures:
        warn.append(f"did not answer: {seen.because}")
    if seen.heard_at is not None and is_silent(
        (at - seen.heard_at).total_seconds(), gap_s=seen.gap_s, messages=seen.messages
    ):
        bad.append("silent for more than twice its normal gap")
    if seen.oldest_at is not None and at - seen.oldest_at > SLOW:
        bad.append(f"{seen.waiting:,} messages wait to be read")
    if seen.refused:
        bad.append(f"will not hear of {_many(seen.refused, 'parcel')}")
    if seen.stock_refused:
        bad.append(f"does not take the stock of {_many(seen.stock_refused, 'listing')}")
    if seen.keys_end_on is not None:
        days = (seen.keys_end_on - at.date()).days
        if days <= ENDS_NEAR:
            ends = f"ended {_many(-days, 'day')} ago" if days < 0 else f"end in {_many(days, 'day')}"
            (bad if days <= ENDS_SOON else warn).append(f"its keys {ends}")
    if seen.hooks_off:
        warn.append(f"does not send {seen.hooks_off} by itself")
    if seen.queue_because:
        warn.append(f"what waits in its queue cannot be fetched: {seen.queue_because}")
    if seen.troubled:
        warn.append(f"{_many(seen.troubled, 'message')} could not be read")
    if seen.drifts:
        warn.append(f"{_many(seen.drifts, 'difference')} to look at")
    if seen.late:
        warn.append(f"{_many(seen.late, 'order')} of seven days came by comparison alone")
    if bad or warn:
        return Light("bad" if bad else "warn", (*bad, *warn))
    return Light("good", ())


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"
