"""The life of a label, and what a label may be asked for."""

from enum import StrEnum

from quartermaster.core.steps import Steps


class State(StrEnum):
    QUEUED = "queued"
    UNKNOWN = "unknown"  # asked, no clear answer
    BOUGHT = "bought"
    REFUSED = "refused"
    VOIDING = "voiding"  # no parcel has it any more; the carrier is being told
    VOIDED = "voided"  # or never bought, because it was not wanted any more
    STRANDED = "stranded"  # paid, on no parcel, and the carrier does not take it back


class Turn(StrEnum):
    BUY = "buy"
    LOSE_TRACK = "lose_track"
    REFUSE = "refuse"
    DROP = "drop"
    ABANDON = "abandon"
    VOID = "void"
    STRAND = "strand"


LABEL: Steps[State, Turn] = Steps(
    {
        (State.QUEUED, Turn.BUY): State.BOUGHT,
        (State.QUEUED, Turn.LOSE_TRACK): State.UNKNOWN,
        (State.QUEUED, Turn.REFUSE): State.REFUSED,
        (State.QUEUED, Turn.DROP): State.VOIDED,
        (State.QUEUED, Turn.ABANDON): State.VOIDING,
        (State.UNKNOWN, Turn.BUY): State.BOUGHT,
        (State.UNKNOWN, Turn.LOSE_TRACK): State.UNKNOWN,
        (State.UNKNOWN, Turn.REFUSE): State.REFUSED,
        (State.UNKNOWN, Turn.DROP): State.VOIDED,
        (State.UNKNOWN, Turn.ABANDON): State.VOIDING,
        (State.BOUGHT, Turn.ABANDON): State.VOIDING,
        (State.VOIDING, Turn.VOID): State.VOIDED,
        (State.VOIDING, Turn.STRAND): State.STRANDED,
    }
)


def stands_in_the_way(
    *, parcel_state: str, is_cancelled: bool, is_held: bool, holds: tuple[str, ...] = ()
) -> str:
    """Why a parcel gets no label now; "" when nothing does."""
    if is_cancelled:
        return "the order was cancelled"
    if is_held:
        return f"the order is held ({', '.join(holds)})"
    if parcel_state != "packed":
        return {
            "packing": "the parcel is not closed",
            "labelled": "the parcel has its label",
            "handed_over": "the carrier has the parcel",
        }.get(parcel_state, "the parcel was cancelled")
    return ""
