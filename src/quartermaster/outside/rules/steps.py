"""The life of what was sent to an outside site, and what may still be changed about it."""

from enum import StrEnum
from typing import NamedTuple

from quartermaster.core.steps import Steps


class State(StrEnum):
    QUEUED = "queued"
    SENT = "sent"  # the call was begun: they may have it
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"


class Turn(StrEnum):
    SEND = "send"
    DROP = "drop"  # it was never sent, and is not wanted any more
    ACKNOWLEDGE = "acknowledge"
    REFUSE = "refuse"
    CANCEL = "cancel"
    FINISH = "finish"  # all they will ever ship has left


OPEN = (State.QUEUED, State.SENT, State.ACKNOWLEDGED)

OUTSIDE: Steps[State, Turn] = Steps(
    {
        (State.QUEUED, Turn.SEND): State.SENT,
        (State.QUEUED, Turn.DROP): State.CANCELLED,
        (State.SENT, Turn.SEND): State.SENT,
        (State.SENT, Turn.DROP): State.CANCELLED,  # it surely never arrived
        (State.SENT, Turn.ACKNOWLEDGE): State.ACKNOWLEDGED,
        (State.SENT, Turn.REFUSE): State.REFUSED,
        (State.SENT, Turn.CANCEL): State.CANCELLED,
        (State.SENT, Turn.FINISH): State.SHIPPED,
        (State.ACKNOWLEDGED, Turn.ACKNOWLEDGE): State.ACKNOWLEDGED,
        (State.ACKNOWLEDGED, Turn.REFUSE): State.REFUSED,
        (State.ACKNOWLEDGED, Turn.CANCEL): State.CANCELLED,
        (State.ACKNOWLEDGED, Turn.FINISH): State.SHIPPED,
    }
)


class Standing(NamedTuple):
    """What of an outside order decides whether it has to be asked back."""

    is_cancelled: bool  # the order, as a whole
    is_held: bool
    surplus: int  # units of the order nobody wants, at most those that are there
    is_elsewhere: bool  # the address is not the one that was sent


def ask_back_because(seen: Standing) -> str:
    """Why they must not ship it as it was sent; "" when they may. An order is asked back as a whole: what is
    still wanted is sent anew, as it is then."""
    if seen.is_cancelled:
        return "the order was cancelled"
    if seen.is_held:
        return "the order is on hold"
    if seen.surplus:
        return "fewer units are wanted"
    if seen.is_elsewhere:
        return "the address changed"
    return ""
