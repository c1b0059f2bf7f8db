"""What becomes of a listing when its shop has answered, or was looked at."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.channels.rules.readings import Reading, Verdict, judge
from quartermaster.core.money import Money

SAMPLE = 20  # one of so many that were taken is read back: a shop may say yes and do nothing
LOOK = timedelta(seconds=30)  # until it is looked whether it did what it accepted or took
UNCLEAR = timedelta(seconds=2)
LATER, LATER_MAX = timedelta(seconds=5), timedelta(minutes=15)


class Row(Struct, frozen=True):
    """A listing as it stands. is_open: it is sold, mapped and pushed. sent_*: the write that is answered.
    currency: of a price; its numbers are minor units, and what is less was not sold. tells_was: what it was
    before is one value with it: wanted_was and sent_was beside what is wanted and was sent."""

    id: int
    state: str
    asks: str
    turn: int
    version: int
    wanted: int | None
    confirmed: int | None
    confirmed_version: int
    sent_version: int
    sent_quantity: int | None
    sent_at: datetime | None
    tries: int
    waits: int
    is_open: bool
    is_doubted: bool
    currency: str = ""
    tells_was: bool = False
    wanted_was: int | None = None
    sent_was: int | None = None


class Answer(Struct, frozen=True):
    """What a shop said about a row that was taken in this turn. outcome: those of channels.ports.Taken, or
    unclear; read: it was looked at, and `has` is what it has. is_look: nothing was written. was, has_was: of
    a price, what it was before, as sent and as the shop shows it."""

    id: int
    turn: int
    outcome: str
    has: int | None = None
    because: str = ""
    version: int = 0  # what was sent, with the following
    quantity: int = 0
    expected: int | None = None
    wanted_at: datetime | None = None
    sent_at: datetime | None = None
    is_look: bool = False
    was: int | None = None
    has_was: int | None = None


class Next(Struct, frozen=True):
    """What is written of it."""

    id: int
    state: str
    next_at: datetime
    asks: str = ""
    confirmed: int | None = None
    is_confirmed: bool = False  # `confirmed` is news
    confirmed_was: int | None = None
    confirmed_version: int = 0
    tries: int = 0
    waits: int = 0
    is_gone: bool = False
    is_raise: bool = False
    is_doubted: bool = False
    because: str = ""


def settle(row: Row, answer: Answer, at: datetime) -> Next | None:
    """None: nothing changes. An answer counts for whoever holds the row; one that comes late only makes
    somebody look what the shop has now, for it may stand over what was written after it."""
    if row.turn != answer.turn or row.state != ("asked" if answer.is_look else "sent"):
        return _late(row, answer, at)
    plain = Next(
        row.id, "idle", at, confirmed_version=row.confirmed_version, tries=row.tries, because=answer.because
    )
    if answer.outcome == "missing":
        return replace(plain, is_gone=True, because=answer.because or "The shop knows no such listing.")
    if answer.outcome == "unclear" or (row.is_doubted and not answer.is_look):
        return replace(plain, state="asked", asks="unclear", next_at=at + UNCLEAR)
    if answer.outcome == "taken":
        return _taken(row, answer, at, plain)
    if not row.is_open or row.wanted is None:
        has = {"confirmed": answer.has, "confirmed_was": answer.has_was}
        return replace(plain, **has, is_confirmed=answer.has is not None, because="")
    if answer.outcome in ("stale", "read"):
        return _read(row, answer, at, plain)
    if answer.outcome == "later":
        wait = min(LATER * (1 << min(row.waits, 10)), LATER_MAX)
        return replace(plain, state="due", next_at=at + wait, waits=row.waits + 1, is_raise=_is_raise(row))
    if row.version > answer.version:
        return replace(plain, state="due", is_raise=_is_raise(row), because="")
    if answer.outcome == "accepted":
        return replace(plain, state="asked", asks="accepted", next_at=at + LOOK, because="")
    return replace(
        plain, state="refused", because=answer.because or "The shop refused it and does not say why."
    )


def _taken(row: Row, answer: Answer, at: datetime, plain: Next) -> Next:
    """One that had another number before is always looked at."""
    told = replace(
        plain,
        confirmed=answer.quantity,
        confirmed_was=answer.was,
        is_confirmed=True,
        confirmed_version=max(row.confirmed_version, answer.version),
        because="",
    )
    if not row.is_open or row.wanted is None:
        return replace(told, confirmed_version=min(told.confirmed_version, row.version))
    if row.version > answer.version:
        return replace(told, state="due", is_raise=row.wanted >= answer.quantity)
    if row.tries or (row.id + answer.version) % SAMPLE == 0:
        return replace(told, state="asked", asks="sample", next_at=at + LOOK)
    return told


def _read(row: Row, answer: Answer, at: datetime, plain: Next) -> Next:
    assert row.wanted is not None
    is_stale = answer.outcome == "stale"
    verdict, wait = judge(
        Reading(
            answer.has,
            row.wanted,
            None if is_stale else row.sent_quantity,
            row.tries,
            at - row.sent_at if row.asks == "accepted" and row.sent_at and not is_stale else None,
            answer.has if row.currency else row.confirmed,
            not row.tells_was or answer.has_was == row.wanted_was,
            not row.tells_was or answer.has_was == row.sent_was,
        )
    )
    told = replace(plain, confirmed=answer.has, confirmed_was=answer.has_was, is_confirmed=True, because="")
    match verdict:
        case Verdict.AS_WANTED:
            return replace(told, confirmed_version=row.version, tries=0)
        case Verdict.OLDER:
            newest = max(row.confirmed_version, row.sent_version)
            return replace(told, state="due", confirmed_version=newest, tries=0, is_raise=_over(row, answer))
        case Verdict.NOT_YET:
            return replace(told, state="asked", asks="accepted", next_at=at + wait)
        case Verdict.OTHERWISE:
            return replace(
                told,
                state="due",
                next_at=at + wait,
                tries=row.tries + 1,
                is_raise=_over(row, answer),
                because=_both(row, answer),
            )
        case Verdict.TOO_OFTEN:
            return replace(told, state="stuck", tries=row.tries + 1, because=_both(row, answer))


def _both(row: Row, answer: Answer) -> str:
    if row.currency and row.wanted is not None:
        price = Money(answer.has, row.currency) if answer.has is not None else "nothing that it says"
        there, here = f"It costs {price} there", f"it is to cost {Money(row.wanted, row.currency)}"
        if row.tells_was and answer.has_was != row.wanted_was:
            there += _before(answer.has_was, row.currency)
            here += _before(row.wanted_was, row.currency)
        return f"{there}; {here}."
    has = "no number" if answer.has is None else str(answer.has)
    expected = f", expected were {answer.expected}" if answer.expected is not None else ""
    return f"The shop has {has}{expected}; it is to have {row.wanted}."


def _before(was: int | None, currency: str) -> str:
    return " with nothing beside it" if was is None else f" instead of {Money(was, currency)}"


def _over(row: Row, answer: Answer) -> bool:
    return row.wanted is not None and answer.has is not None and row.wanted >= answer.has


def _is_raise(row: Row) -> bool:
    return row.wanted is not None and (row.confirmed is None or row.wanted >= row.confirmed)


def _late(row: Row, answer: Answer, at: datetime) -> Next | None:
    if answer.outcome not in ("taken", "accepted", "unclear") or answer.is_look or row.wanted is None:
        return None
    same = Next(
        row.id,
        row.state,
        at,
        asks=row.asks,
        confirmed_version=row.confirmed_version,
        tries=row.tries,
        waits=row.waits,
    )
    if row.state == "sent":
        return replace(same, is_doubted=True)
    return replace(same, state="asked", asks="unclear")
