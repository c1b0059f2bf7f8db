"""What tracking is told, and what it needs of the outside: what a carrier's codes mean, and somebody who
follows parcels for us. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from quartermaster.orders.ports import Ignored
from quartermaster.shipping.ports import Account


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


class NotFollowed(Exception):
    """They will not follow this parcel, and will not when asked again. str() is the reason, for a person."""


class ToFollow(Struct, frozen=True, kw_only=True):
    """A parcel somebody is to follow. Nothing of the person it goes to: a number, a day and a region are
    enough.

    reference: our name of it, P-17; what comes back names the parcel by it.
    """

    reference: str
    order: str
    carrier: str
    tracking_number: str
    country: str = ""
    postcode: str = ""
    promised_on: date | None = None
    left_on: date | None = None


class Told(Struct, frozen=True):
    """A page of what they know. next: where the next page begins, "" on the last one."""

    scans: tuple[ScanTold, ...]
    next: str = ""


class Follower(Protocol):
    """Somebody who asks carriers for us. Every adapter passes quartermaster.testing.conformance.followers.

    Each call ends within 20 seconds. Besides what is named, NotDone (surely nothing happened: try again) and
    Unclear (it may have happened: look it up) are raised.
    """

    def follow(self, *, account: Account, parcel: ToFollow) -> str:
        """From now on they ask its carrier. Idempotent: a number that is followed already stays so. Returns
        their name of it. Raises NotFollowed."""
        ...

    def find(self, *, account: Account, parcel: ToFollow) -> str | None:
        """Their name of it; None when they do not follow it. Changes nothing."""
        ...

    def changed(self, *, account: Account, since: datetime, after: str) -> Told:
        """All scans of the parcels of which anything is new since then, page by page: after "" the first.
        Changes nothing."""
        ...


class ScanSource(Protocol):
    """A system whose webhooks tell of parcels."""

    def read_scans(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> tuple[ScanTold, ...] | Ignored:
        """All scans a message tells of. Raises orders.ports.Unreadable. Pure: the same bytes, the same
        scans."""
        ...
