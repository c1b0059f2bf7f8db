"""What happens to an order until the floor may have it; and to what it is sold from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from quartermaster.core.events import Event

Changed = Mapping[str, tuple[object, object]]  # field -> (before, after)


class ConnectionChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "connection"
    changed: Changed  # secrets appear as "set" / "not set", never as values


class KeysRefused(Event, frozen=True, kw_only=True):
    """A connection is neither asked nor told any more, until it has other keys."""

    kind: ClassVar[str] = "connection"
    connection: str
    because: str


class KeysAccepted(Event, frozen=True, kw_only=True):
    """A connection whose keys were refused is asked and told again. freed: wishes that had waited for it."""

    kind: ClassVar[str] = "connection"
    connection: str
    freed: int


class MessageReplayed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "message"
    message_id: int


class ReplayMoved(Event, frozen=True, kw_only=True):
    """A replay of many messages was asked for, is rehearsed, is read, was stopped, is done or was ended.
    messages: how many it has, as far as they are gathered. reads: which of them: "", changing or all."""

    kind: ClassVar[str] = "connection"
    connection: str
    replay_id: int
    phase: str
    messages: int
    reads: str
    is_stopped: bool


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


class SiteCalendarChanged(Event, frozen=True, kw_only=True):
    """A site works, closes or takes orders otherwise from a day on."""

    kind: ClassVar[str] = "location"
    location_id: int
    version: int
    from_on: date
    because: str


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


class PaymentChanged(Event, frozen=True, kw_only=True):
    """The channel tells another amount paid or given back than before, and no refund that would say why."""

    kind: ClassVar[str] = "order"
    order_id: int
    paid_minor: int
    refunded_minor: int
    currency: str


class DifferenceChanged(Event, frozen=True, kw_only=True):
    """What our people's changes come to is another amount: signed, beside what was sold. Of it,
    `due_minor` is still to be collected or `owed_minor` to be given back."""

    kind: ClassVar[str] = "order"
    order_id: int
    total_minor: int
    due_minor: int
    owed_minor: int
    currency: str
    because: str = ""


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


class StockCountWithdrawn(Event, frozen=True, kw_only=True):
    """Rows of a counted list were taken back: their movements were posted the other way."""

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


class LanesLearned(Event, frozen=True, kw_only=True):
    """Days of lanes were learned anew from parcels that arrived. share: of those that are to arrive in
    time."""

    kind: ClassVar[str] = "lanes"
    lanes: int
    share: float


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
