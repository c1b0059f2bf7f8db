"""The end of the day: what carriers were told left with them, and the vans that were called."""

from datetime import datetime
from typing import ClassVar

from quartermaster.core.events import Event


class ManifestTold(Event, frozen=True, kw_only=True):
    """The carrier has its list. `missing`: parcels we gave it that are not on it; `surplus`: labels that are
    on it and were not given."""

    kind: ClassVar[str] = "manifest"
    manifest_id: int
    account: str
    carrier_ref: str
    parcels: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]


class ManifestNotTold(Event, frozen=True, kw_only=True):
    """The carrier does not take the list."""

    kind: ClassVar[str] = "manifest"
    manifest_id: int
    account: str
    because: str


class PickupAsked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "pickup"
    pickup_id: int
    carrier: str
    account: str
    location: str
    starts_at: datetime
    ends_at: datetime
    parcels: int


class PickupMoved(Event, frozen=True, kw_only=True):
    """`state`: booked, refused, cancelling, cancelled, done, or missed: the van did not come in its time."""

    kind: ClassVar[str] = "pickup"
    pickup_id: int
    carrier: str
    location: str
    state: str
    because: str
