"""Effects outside: what a stage must offer so that the outbox can
carry out its wishes, and the life of a wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

from quartermaster.core.outside import AuthExpired, NotDone, Throttled, retry_at
from quartermaster.core.steps import Steps


class State(StrEnum):
    QUEUED = "queued"
    SENT = "sent"  # handed over, no answer yet
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # no clear answer: the other side is asked, nothing is guessed


class Turn(StrEnum):
    SEND = "send"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    LOSE_TRACK = "lose_track"  # time-out, broken answer, or the worker died in between
    FIND_UNDONE = "find_undone"  # the other side says it never happened
    FAIL_SAFELY = "fail_safely"  # the other side surely did nothing: try again later


WISH: Steps[State, Turn] = Steps(
    {
        (State.QUEUED, Turn.SEND): State.SENT,
        (State.SENT, Turn.CONFIRM): State.CONFIRMED,
        (State.SENT, Turn.REFUSE): State.REFUSED,
        (State.SENT, Turn.FAIL_SAFELY): State.QUEUED,
        (State.SENT, Turn.LOSE_TRACK): State.UNKNOWN,
        (State.UNKNOWN, Turn.CONFIRM): State.CONFIRMED,
        (State.UNKNOWN, Turn.REFUSE): State.REFUSED,
        (State.UNKNOWN, Turn.FIND_UNDONE): State.QUEUED,
        (State.UNKNOWN, Turn.LOSE_TRACK): State.UNKNOWN,
    }
)


class Told(NamedTuple):
    """What the other side said: a turn of the wish, a sentence for people, and what to keep of the answer.

    `retry_at`: when it is tried again, not before this moment. `waits`: it was not its turn; that counts as
    no attempt. `waits_for`: what lets it go on sooner ("keys:acme"; core.actions.outbox.go_on).
    """

    turn: Turn
    because: str
    answer: Mapping[str, object] | None = None
    retry_at: datetime | None = None
    waits: bool = False
    waits_for: str = ""


def later(error: NotDone) -> Told:
    """Surely nothing happened: try again, not before the moment the other side has named. To wait for one's
    turn, or for keys that count, is no attempt."""
    if isinstance(error, AuthExpired):
        return without_keys(error, Turn.FAIL_SAFELY)
    is_throttled = isinstance(error, Throttled)
    return Told(Turn.FAIL_SAFELY, str(error), retry_at=retry_at(error), waits=is_throttled)


def without_keys(error: AuthExpired, turn: Turn) -> Told:
    """It waits until somebody gives the keys that are missing."""
    waits_for = f"keys:{error.slug}" if error.slug else ""
    return Told(turn, str(error), waits=True, waits_for=waits_for)


class Effect(Protocol):
    """One kind of effect, by the name its wishes carry. Called outside every transaction."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        """Do it, under this idempotency key. CONFIRM, REFUSE or
        FAIL_SAFELY; an exception means it is not known."""
        ...

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        """Was it done? CONFIRM, REFUSE or FIND_UNDONE; an exception means
        it is still not known. Changes nothing."""
        ...


class Asked(NamedTuple):
    """A wish as its effect sees it."""

    key: str
    body: Mapping[str, object]


@runtime_checkable
class FromWithin(Protocol):
    """An effect that may be nothing but rows of our own: then many are done in the transaction that settles
    their wishes, and none of them can be unknown."""

    def perform_within(self, wishes: Sequence[Asked]) -> Mapping[str, Told]:
        """Do those that need nobody outside, in the caller's transaction and in a constant number of
        statements: what became of them (CONFIRM or REFUSE) by key. Those left out are performed one by one.
        """
        ...


effects: dict[str, Effect] = {}  # task -> effect; filled once at start by the flow
