"""What becomes of a field that a shop is told, when it has answered or was looked at.

Unlike a number of units, a text that somebody typed into the shop meanwhile may be meant: it is never written
over. And nothing counts as done because the shop says so: it is looked at.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.channels.rules.settling import LATER, LATER_MAX, UNCLEAR

OPEN = ("due", "sent", "asked")
CLOSED = ("confirmed", "refused", "changed", "stuck", "withdrawn")
TRIES_MAX = 5  # it said yes and kept what it had, each time
ACCEPTED_MAX = timedelta(minutes=15)  # a shop that said it will, has
TAKEN_LOOK, ACCEPTED_LOOK = timedelta(seconds=5), timedelta(seconds=30)


class Row(Struct, frozen=True):
    """A field as it stands. expected: what the shop had when a person asked; wanted: what it is to have.
    is_open: the listing is there, and still that product. has_another: a later wish for the same field is
    under way."""

    id: int
    state: str
    asks: str
    turn: int
    field: str
    expected: str
    wanted: str
    sent_at: datetime | None
    tries: int
    waits: int
    is_open: bool
    is_doubted: bool
    has_another: bool


class Answer(Struct, frozen=True):
    """What a shop said about a row that was taken in this turn. outcome: those of channels.ports.Taken, or
    unclear; read: it was looked at. has: what it has, None where nobody looked. is_look: nothing was written.
    """

    id: int
    turn: int
    outcome: str
    has: str | None = None
    because: str = ""
    is_look: bool = False


class Next(Struct, frozen=True):
    """What is written of it. has: None: nothing new is known."""

    id: int
    state: str
    next_at: datetime
    asks: str = ""
    has: str | None = None
    tries: int = 0
    waits: int = 0
    is_doubted: bool = False
    is_gone: bool = False
    because: str = ""


def same(field: str, one: str, other: str) -> bool:
    """Whether two texts say the same of a product: what rounding of ounces, zeros that scanners leave out and
    spaces around make different is not."""
    if field == "weight_g" and one.isdecimal() and other.isdecimal():
        return abs(int(one) - int(other)) <= 1
    if field == "barcode":
        return one.strip().lstrip("0") == other.strip().lstrip("0")
    return one.strip() == other.strip()


def settle(row: Row, answer: Answer, at: datetime) -> Next | None:
    """None: nothing changes. An answer counts for whoever holds the row; one that comes late only makes
    somebody look what the shop has now."""
    if row.turn != answer.turn or row.state != ("asked" if answer.is_look else "sent"):
        return _late(row, answer, at)
    plain = Next(row.id, "asked", at, has=answer.has, tries=row.tries, because=answer.because)
    if answer.outcome == "missing":
        because = answer.because or "The shop knows no such listing."
        return replace(plain, state="refused", is_gone=True, because=because)
    if answer.outcome == "unclear" or (row.is_doubted and not answer.is_look):
        return replace(plain, asks="unclear", next_at=at + UNCLEAR)
    if answer.has is not None:
        return _read(row, answer.has, at, plain)
    if answer.outcome == "later":
        wait = min(LATER * (1 << min(row.waits, 10)), LATER_MAX)
        return replace(plain, state="due", next_at=at + wait, waits=row.waits + 1)
    if answer.outcome == "refused":
        because = answer.because or "The shop refused it and does not say why."
        return replace(plain, state="refused", because=because)
    if answer.outcome == "accepted":
        return replace(plain, asks="accepted", next_at=at + ACCEPTED_LOOK, because="")
    return replace(plain, asks="taken", next_at=at + TAKEN_LOOK, because="")


def _read(row: Row, has: str, at: datetime, plain: Next) -> Next:
    """Somebody looked."""
    if same(row.field, has, row.wanted):
        return replace(plain, state="confirmed", because="")
    if not same(row.field, has, row.expected):
        return replace(plain, state="changed", because=changed(row.field, has, row.expected))
    if row.asks == "accepted" and row.sent_at is not None and at - row.sent_at < ACCEPTED_MAX:
        wait = max(ACCEPTED_LOOK, (at - row.sent_at) / 2)
        return replace(plain, asks="accepted", next_at=at + wait, because="")
    if not row.is_open:
        return replace(plain, state="refused", because="The listing is another product by now.")
    if row.tries + 1 >= TRIES_MAX:
        because = f"The shop still says {shown(row.field, has)}, though it did not refuse the change."
        return replace(plain, state="stuck", tries=row.tries + 1, because=because)
    return replace(plain, state="due", tries=row.tries + 1, because="")


def _late(row: Row, answer: Answer, at: datetime) -> Next | None:
    if answer.outcome not in ("taken", "accepted", "unclear") or answer.is_look or answer.has is not None:
        return None
    kept = Next(row.id, row.state, at, asks=row.asks, tries=row.tries, waits=row.waits)
    if row.state == "sent":
        return replace(kept, is_doubted=True)
    if row.has_another:
        return None  # which is read back before it counts as done
    return replace(kept, state="asked", asks="unclear")


def changed(field: str, has: str, expected: str) -> str:
    """Why nothing is written over."""
    return f"The shop says {shown(field, has)} by now; it said {shown(field, expected)}."


def shown(field: str, text: str) -> str:
    """A value in a sentence."""
    if not text:
        return "nothing"
    return f"{text} g" if field == "weight_g" else f"“{text[:120]}”"
