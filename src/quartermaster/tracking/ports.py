"""What tracking is told, and what it needs of a carrier: what its codes mean. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct


class ScanTold(Struct, frozen=True, kw_only=True):
    """One thing told of a parcel, named by its id or by its tracking number.

    at: when it happened. status: when the teller knows our words (rules.STATUSES); else `code` is read.
    key: the carrier's id of it; without one, moment, code and place make it the same.
    """

    at: datetime
    parcel_id: int | None = None
    tracking_number: str = ""
    carrier: str = ""
    status: str = ""
    code: str = ""
    message: str = ""
    place: str = ""
    key: str = ""


class ScanCodes(Protocol):
    """The codes of one carrier, offered by the plug whose kind is the carrier's name. Asking has no effect
    and needs no retry."""

    def statuses(self) -> Mapping[str, str]:
        """The carrier's code -> one of rules.STATUSES. A code that is not here stays unknown: a plug never
        guesses. Codes are compared without regard to case."""
        ...
