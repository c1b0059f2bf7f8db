"""The life of a claim, and what may be claimed."""

from enum import StrEnum

from quartermaster.core.steps import Steps


class State(StrEnum):
    OPEN = "open"
    SENT = "sent"
    CREDITED = "credited"
    REJECTED = "rejected"
    DROPPED = "dropped"


class Turn(StrEnum):
    SEND = "send"
    CREDIT = "credit"
    REJECT = "reject"
    DROP = "drop"
    REOPEN = "reopen"


CLAIM: Steps[State, Turn] = Steps(
    {
        (State.OPEN, Turn.SEND): State.SENT,
        (State.OPEN, Turn.CREDIT): State.CREDITED,  # some carriers credit without being asked
        (State.OPEN, Turn.DROP): State.DROPPED,
        (State.SENT, Turn.CREDIT): State.CREDITED,
        (State.SENT, Turn.REJECT): State.REJECTED,
        (State.SENT, Turn.DROP): State.DROPPED,
        (State.REJECTED, Turn.SEND): State.SENT,  # an appeal
        (State.REJECTED, Turn.DROP): State.DROPPED,
        (State.DROPPED, Turn.REOPEN): State.OPEN,
    }
)

# What a person may claim of a parcel; the audit has kinds of its own.
BY_HAND = {
    "lost": "Lost on the way",
    "damaged": "Damaged on the way",
    "late": "Later than the service guarantees",
    "other": "Something else",
}
