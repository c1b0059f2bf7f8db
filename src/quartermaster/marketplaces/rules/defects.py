"""What buyers tell a marketplace of an order, and whether it counts against the seller."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct


class DefectKind(StrEnum):
    FEEDBACK = "feedback"
    CLAIM = "claim"
    CHARGEBACK = "chargeback"


class Outcome(StrEnum):
    OPEN = "open"  # nothing is decided yet
    GRANTED = "granted"  # the buyer was right
    DENIED = "denied"  # the seller was
    WITHDRAWN = "withdrawn"  # the buyer took it back
    REMOVED = "removed"  # the marketplace took it away


NEGATIVE_STARS: Final = 2
_LETS_OFF: Final = {
    # Amazon: a claim counts unless it is denied or withdrawn; feedback unless it is removed; a chargeback
    # counts because it was received, however it ends.
    DefectKind.FEEDBACK: {Outcome.WITHDRAWN, Outcome.REMOVED},
    DefectKind.CLAIM: {Outcome.DENIED, Outcome.WITHDRAWN, Outcome.REMOVED},
    DefectKind.CHARGEBACK: {Outcome.WITHDRAWN, Outcome.REMOVED},
}


class Defect(Struct, frozen=True):
    """stars: of feedback, None where they were not told and it was told as negative."""

    kind: DefectKind
    outcome: Outcome
    happened_at: datetime
    stars: int | None = None


def counts(defect: Defect) -> bool:
    if defect.kind is DefectKind.FEEDBACK and defect.stars is not None and defect.stars > NEGATIVE_STARS:
        return False
    return defect.outcome not in _LETS_OFF[defect.kind]


def told(defect: Defect) -> str:
    """claim of 3 Nov 2026, open."""
    stars = f" with {defect.stars} star{'' if defect.stars == 1 else 's'}" if defect.stars else ""
    on = f"{defect.happened_at.day} {defect.happened_at:%b %Y}"
    is_open = defect.kind is DefectKind.FEEDBACK and defect.outcome is Outcome.OPEN
    return f"{defect.kind}{stars} of {on}{'' if is_open else f', {defect.outcome}'}"


def wrong_with(kind: str, outcome: str, stars: int | None) -> dict[str, str]:
    """Field -> what is wrong with it."""
    errors = {}
    if kind not in list(DefectKind):
        errors["kind"] = f"one of {', '.join(DefectKind)}"
    if outcome not in list(Outcome):
        errors["outcome"] = f"one of {', '.join(Outcome)}"
    if stars is not None and (kind != DefectKind.FEEDBACK or not 1 <= stars <= 5):
        errors["stars"] = "from 1 to 5, and only of feedback"
    return errors
