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


class ReturnLabelBought(Event, frozen=True, kw_only=True):
    """A parcel can come back by it. The cost is 0 until it is scanned when it is paid then."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    carrier: str
    service: str
    tracking_number: str
    cost_minor: int
    currency: str
    is_paid_on_scan: bool


class ReturnLabelEnded(Event, frozen=True, kw_only=True):
    """`state`: refused, voided, or stranded: paid, and the carrier does not take it back."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    state: str
    because: str


class AddressChecked(Event, frozen=True, kw_only=True):
    """A carrier said what it thinks of the order's address: good, doubtful or bad. The address itself is not
    kept here, only what tells it from another."""

    kind: ClassVar[str] = "order"
    order_id: int
    account: str
    verdict: str
    because: tuple[str, ...]
    address_sha256: str


class AddressPolicyChanged(Event, frozen=True, kw_only=True):
    """Carriers are asked about the addresses of orders by themselves, or no more. countries: only there."""

    kind: ClassVar[str] = "settings"
    is_on: bool
    countries: tuple[str, ...]
    because: str


class PlaybookWritten(Event, frozen=True, kw_only=True):
    """What is done when a carrier fails. fires_on: by itself, once it lets so many parcels lie."""

    kind: ClassVar[str] = "carrier"
    carrier: str
    because: str
    moves_labels: bool
    fires_on: int | None
    ends_after_h: int | None
