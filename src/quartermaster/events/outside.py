"""What warehouses of others are asked and what they say."""

from typing import ClassVar

from quartermaster.core.events import Event
from quartermaster.events.accepted import Changed


class OutsideSiteChanged(Event, frozen=True, kw_only=True):
    """A site is worked by others from now on, or by us again, or its terms changed."""

    kind: ClassVar[str] = "location"
    location: str
    changed: Changed


class SentOutside(Event, frozen=True, kw_only=True):
    """Released units are to be shipped by an outside site: it is asked to, under this reference."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    reference: str
    units: int


class OutsideAnswered(Event, frozen=True, kw_only=True):
    """They acknowledged, refused or cancelled it."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    reference: str
    state: str  # acknowledged | refused | cancelled | cancel_refused
    because: str


class OutsideShipped(Event, frozen=True, kw_only=True):
    """A parcel left there, and is ours from now on to follow."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    reference: str
    parcel_id: int
    units: int


class OutsideShort(Event, frozen=True, kw_only=True):
    """They are done with it and shipped fewer units than they were sent: the rest is allocated anew."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    sku: str
    units: int


class CancelAsked(Event, frozen=True, kw_only=True):
    """An outside site is asked not to ship what it was sent."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    reference: str
    because: str


class CancelCameLate(Event, frozen=True, kw_only=True):
    """It was to be cancelled, and left all the same."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    reference: str
    parcel_id: int
    because: str


class OutsideUnclear(Event, frozen=True, kw_only=True):
    """What is said of an order there cannot be true as we know it, or cannot be asked. Nothing was done."""

    kind: ClassVar[str] = "order"
    order_id: int
    location: str
    reference: str
    because: str


class DriftFound(Event, frozen=True, kw_only=True):
    """A stock report of theirs differs from the ledger."""

    kind: ClassVar[str] = "location"
    location: str
    report_id: int
    skus: int
    units: int  # differences without their signs


class DriftSettled(Event, frozen=True, kw_only=True):
    """A difference was decided: `units` were added to the ledger by a counter-entry (0: left as it was)."""

    kind: ClassVar[str] = "location"
    location: str
    drift_id: int
    sku: str
    units: int
    because: str


class NoticeAsked(Event, frozen=True, kw_only=True):
    """An outside site is to be told what will come in, what changed of it, or that it does not come."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    location: str
    reference: str
    revision: int
    units: int
    is_withdrawn: bool


class NoticeAnswered(Event, frozen=True, kw_only=True):
    """They were told, or said something of it: told, acknowledged, refused, withdrawn, or kept: they had
    begun to receive it when it was changed or withdrawn."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    location: str
    reference: str
    revision: int
    state: str
    because: str
