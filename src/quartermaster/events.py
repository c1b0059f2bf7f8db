"""Every fact the business records, in the order it happens. Past tense, ids and plain values only."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from quartermaster.core.events import Event

Changed = Mapping[str, tuple[object, object]]  # field -> (before, after)


class ConnectionChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "connection"
    changed: Changed  # secrets appear as "set" / "not set", never as values


class MessageReplayed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "message"
    message_id: int


class SkuChanged(Event, frozen=True, kw_only=True):
    """A SKU was created or changed, or gained a barcode, alias or kit
    part: orders that waited for it may be healed."""

    kind: ClassVar[str] = "sku"
    sku_id: int
    changed: Changed


class LocationChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "location"
    location_id: int
    changed: Changed


class CustomersMerged(Event, frozen=True, kw_only=True):
    """A person found that two customers are one; orders keep the customer they were recognised with."""

    kind: ClassVar[str] = "customer"
    customer_id: int
    into_id: int
    because: str


class CustomersUnmerged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "customer"
    customer_id: int
    into_id: int


class OrderAccepted(Event, frozen=True, kw_only=True):
    """An order was captured: stored, checked, its holds named."""

    kind: ClassVar[str] = "order"
    order_id: int
    holds: tuple[str, ...] = ()
    checks_passed: int = 0


class OrderChanged(Event, frozen=True, kw_only=True):
    """The order wants something else than before: units, address, holds or payment."""

    kind: ClassVar[str] = "order"
    order_id: int
    changed: Changed = {}
    because: str = ""


class OrderCancelled(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    because: str = ""


class OrderRefunded(Event, frozen=True, kw_only=True):
    """The channel gave money back."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund: str
    amount_minor: int
    currency: str


class HoldPlaced(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    hold: str
    because: str


class HoldReleased(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    hold: str
    because: str


class StockArrived(Event, frozen=True, kw_only=True):
    """Units of a SKU became free to promise somewhere: waiting orders may be served. `after` is the place in
    the queue (priority, placed at, order id) from which on they have not been looked at yet."""

    kind: ClassVar[str] = "sku"
    sku_id: int
    after: tuple[int, datetime, int] | None = None


class StockShortened(Event, frozen=True, kw_only=True):
    """Less is there than was promised: reservations were broken, their owners must be served again."""

    kind: ClassVar[str] = "sku"
    sku_id: int
    claims: tuple[int, ...]
    because: str


class StockCounted(Event, frozen=True, kw_only=True):
    """Rows of a counted list were taken for the truth, and what differed was posted."""

    kind: ClassVar[str] = "count"
    rows: tuple[int, ...]


class StockPolicyChanged(Event, frozen=True, kw_only=True):
    """How units of a SKU may be promised was changed: safety stock, incoming units, the date of a lot."""

    kind: ClassVar[str] = "sku"
    sku_id: int
    location: str = ""  # code of the site; "" when it concerns all of them
    changed: Changed


class ChecksChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "checks"
    version: int
    because: str


class RulesChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "rules"
    version: int
    because: str


class RoutingReconsidered(Event, frozen=True, kw_only=True):
    """Waiting orders are asked again, those after this order id in the next page."""

    kind: ClassVar[str] = "routing"
    after: int = 0


class OrderAllocated(Event, frozen=True, kw_only=True):
    """Units were promised to the order at one or more sites."""

    kind: ClassVar[str] = "order"
    order_id: int
    decision_id: int
    locations: tuple[str, ...]
    waiting: int = 0  # units that could not be served yet


class PromiseMoved(Event, frozen=True, kw_only=True):
    """What all units of the order can be had by now is later than the day it was promised for. The order
    keeps the day it was told."""

    kind: ClassVar[str] = "order"
    order_id: int
    promised_on: date
    expected_on: date


class OrderParked(Event, frozen=True, kw_only=True):
    """Nothing more can be promised now; the reasons say what is missing."""

    kind: ClassVar[str] = "order"
    order_id: int
    decision_id: int
    waiting: int
    because: tuple[str, ...]


class AllocationReleased(Event, frozen=True, kw_only=True):
    """The warehouse may pick it: no hold stands in the way."""

    kind: ClassVar[str] = "order"
    order_id: int
    allocation_ids: tuple[int, ...]


class AllocationCancelled(Event, frozen=True, kw_only=True):
    """Promised units were given back."""

    kind: ClassVar[str] = "order"
    order_id: int
    units: int
    because: str


class OrderShippedElsewhere(Event, frozen=True, kw_only=True):
    """The channel handed units over itself; our stock followed."""

    kind: ClassVar[str] = "order"
    order_id: int
    units: int


class PickListMade(Event, frozen=True, kw_only=True):
    """Released work went to the floor as one list, in the order of the path."""

    kind: ClassVar[str] = "pick_list"
    pick_list_id: int
    location: str
    order_ids: tuple[int, ...]


class UnitsPicked(Event, frozen=True, kw_only=True):
    """Units left their bin for a tote. A part of a kit counts as its own SKU here."""

    kind: ClassVar[str] = "order"
    order_id: int
    pick_list_id: int
    sku: str
    units: int
    place: str


class PickedShort(Event, frozen=True, kw_only=True):
    """Fewer units lay there than the ledger said."""

    kind: ClassVar[str] = "order"
    order_id: int
    pick_list_id: int
    sku: str
    missing: int
    place: str
    because: str  # what is done about it


class PickCancelled(Event, frozen=True, kw_only=True):
    """Units on a pick list are not to be picked any more."""

    kind: ClassVar[str] = "order"
    order_id: int
    pick_list_id: int
    units: int
    because: str


class PutBackWanted(Event, frozen=True, kw_only=True):
    """Picked units that nobody wants any more are to be carried back."""

    kind: ClassVar[str] = "order"
    order_id: int
    sku: str
    units: int
    because: str


class UnitsPutBack(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    sku: str
    units: int
    place: str


class CountWanted(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "count"
    count_task_id: int
    sku: str
    place: str
    because: str


class CountDone(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "count"
    count_task_id: int
    sku: str
    place: str
    counted: int
    difference: int  # counted minus what the ledger said


class ParcelPacked(Event, frozen=True, kw_only=True):
    """A parcel was closed with everything in it scanned."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    location: str


class ParcelOpened(Event, frozen=True, kw_only=True):
    """A closed parcel was opened again; what was in it is picked, not packed."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    because: str


class LabelBought(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    carrier: str
    service: str
    tracking_number: str
    cost_minor: int
    currency: str


class LabelRefused(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    because: str


class LabelVoided(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    because: str


class ParcelHandedOver(Event, frozen=True, kw_only=True):
    """The carrier has it: the units have left our stock."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    carrier: str
    tracking_number: str


class ManifestClosed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "manifest"
    manifest_id: int
    carrier: str
    location: str
    parcels: int


class RatesChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "rates"
    version: int
    because: str


class ParcelScanned(Event, frozen=True, kw_only=True):
    """What is known of a parcel under way has changed."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    status: str


class ParcelDelivered(Event, frozen=True, kw_only=True):
    """`at` is the moment of delivery, as the carrier tells it."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int


class ParcelUndelivered(Event, frozen=True, kw_only=True):
    """A carrier took its word back: what was delivered is not."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    status: str


class HistoryImported(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "import"
    import_id: int
    what: str
    rows: int
    file: str


class HistoryWithdrawn(Event, frozen=True, kw_only=True):
    """An import was undone."""

    kind: ClassVar[str] = "import"
    import_id: int
    rows: int
    because: str
