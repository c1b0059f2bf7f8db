"""What shops are told, and whether they are told at all."""

from datetime import datetime
from typing import ClassVar

from quartermaster.core.events import Event
from quartermaster.events.accepted import Changed


class ChannelSwitched(Event, frozen=True, kw_only=True):
    """A shop is told what happens from now on, or only read; or how it is told has changed."""

    kind: ClassVar[str] = "connection"
    connection: str
    changed: Changed


class ShipmentTold(Event, frozen=True, kw_only=True):
    """The shop knows that a parcel left."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    connection: str
    theirs: str


class ShipmentRefused(Event, frozen=True, kw_only=True):
    """The shop will not know of a parcel: a person has to look."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    connection: str
    because: str


class ListingsRead(Event, frozen=True, kw_only=True):
    """All listings of a shop were read. `gone`: those that were not among them any more."""

    kind: ClassVar[str] = "connection"
    connection: str
    listings: int
    found: int
    gone: int
    unmapped: int


class ListingMapped(Event, frozen=True, kw_only=True):
    """A person said which SKU a listing is; "" when it is none of ours."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    sku: str


class ListingPolicyChanged(Event, frozen=True, kw_only=True):
    """What is kept back of a listing's stock was changed."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    changed: Changed


class ListingRefused(Event, frozen=True, kw_only=True):
    """A shop does not take the number of a listing, or has another one each time: a person has to look."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    wanted: int | None
    has: int | None
    because: str


class ListingsAsked(Event, frozen=True, kw_only=True):
    """A person had listings read or sent at once. `listings`: how many."""

    kind: ClassVar[str] = "connection"
    connection: str
    what: str  # pull | push
    listings: int


class BulkBegun(Event, frozen=True, kw_only=True):
    """A shop took many listings in one write, to be worked off later. `listings`: how many."""

    kind: ClassVar[str] = "connection"
    connection: str
    what: str  # stock | prices
    listings: int


class BulkEnded(Event, frozen=True, kw_only=True):
    """A bulk write is over: done; died (some of it may be written) or unclear, whose listings are looked at;
    void (nothing was written)."""

    kind: ClassVar[str] = "connection"
    connection: str
    what: str
    listings: int
    outcome: str
    because: str


class CancellationTold(Event, frozen=True, kw_only=True):
    """The shop knows that units of an order, or all of it, will not be sent."""

    kind: ClassVar[str] = "order"
    order_id: int
    cancellation_id: int
    connection: str
    is_whole: bool
    theirs: str


class CancellationRefused(Event, frozen=True, kw_only=True):
    """The shop will not have it that something is cancelled: a person has to look."""

    kind: ClassVar[str] = "order"
    order_id: int
    cancellation_id: int
    connection: str
    because: str


class ShopCompared(Event, frozen=True, kw_only=True):
    """What a shop lists was held against what we have. listed: orders; late: of those, orders that no message
    had told of in time; found, settled: differences that are new, and that are no more."""

    kind: ClassVar[str] = "connection"
    connection: str
    listed: int
    late: int
    found: int
    settled: int


class ShopDriftSettled(Event, frozen=True, kw_only=True):
    """A person decided about something that a shop and we see differently."""

    kind: ClassVar[str] = "connection"
    connection: str
    drift: str
    reference: str
    because: str


class RefundAsked(Event, frozen=True, kw_only=True):
    """A person let the shop give back a refund that is due."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    connection: str
    amount_minor: int
    currency: str


class RefundPaid(Event, frozen=True, kw_only=True):
    """The shop gave it back; it counts once the shop tells of it itself."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    connection: str
    amount_minor: int
    currency: str
    theirs: str


class RefundNotPaid(Event, frozen=True, kw_only=True):
    """The shop will not give it back: a person has to look."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    connection: str
    because: str


class HooksMended(Event, frozen=True, kw_only=True):
    """Subscriptions of a shop were made or switched on again. `switched_off`: of those, what it had switched
    off: messages of that time may be lost, and are fetched."""

    kind: ClassVar[str] = "connection"
    connection: str
    topics: tuple[str, ...]
    switched_off: tuple[str, ...]


class HintHeard(Event, frozen=True, kw_only=True):
    """A channel says that something changed, and not all of what: it is asked."""

    kind: ClassVar[str] = "connection"
    connection: str


class HooksOff(Event, frozen=True, kw_only=True):
    """A shop does not send some of its messages, and nobody but a person can mend it."""

    kind: ClassVar[str] = "connection"
    connection: str
    topics: tuple[str, ...]
    because: str


class PriceListChanged(Event, frozen=True, kw_only=True):
    """A price list was made, or many prices of it changed at once. what: made, changed (because says to
    what), written, held (nothing is written until a person lets it through, because says why), let,
    withdrawn. far: rows that move far."""

    kind: ClassVar[str] = "price_list"
    price_list: str
    what: str
    rows: int
    far: int
    because: str


class SalePlanned(Event, frozen=True, kw_only=True):
    """A SKU costs something else on a list for a time."""

    kind: ClassVar[str] = "price_list"
    price_list: str
    sku: str
    sale_id: int
    price_minor: int
    currency: str
    starts_at: datetime
    ends_at: datetime
    because: str


class SaleWithdrawn(Event, frozen=True, kw_only=True):
    """A person took a sale back before it ended."""

    kind: ClassVar[str] = "price_list"
    price_list: str
    sku: str
    sale_id: int


class SaleBegan(Event, frozen=True, kw_only=True):
    """A planned sale is on. began_at: its own moment; at: when that was noticed."""

    kind: ClassVar[str] = "price_list"
    price_list: str
    sku: str
    sale_id: int
    began_at: datetime


class SaleEnded(Event, frozen=True, kw_only=True):
    """A sale is over. ended_at: its own moment; at: when that was noticed."""

    kind: ClassVar[str] = "price_list"
    price_list: str
    sku: str
    sale_id: int
    ended_at: datetime


class PricingChanged(Event, frozen=True, kw_only=True):
    """How a shop makes its prices was changed, what they are held against, or whether it is told of them."""

    kind: ClassVar[str] = "connection"
    connection: str
    changed: Changed


class ListingPriceChanged(Event, frozen=True, kw_only=True):
    """A listing got a price of its own, or a rule of its own, or is not told of prices any more."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    changed: Changed


class PricesBlocked(Event, frozen=True, kw_only=True):
    """Guards hold back prices of a shop that were not held back so before. skus: some of them; because: of
    the first."""

    kind: ClassVar[str] = "connection"
    connection: str
    listings: int
    skus: list[str]
    because: str


class PriceLetThrough(Event, frozen=True, kw_only=True):
    """A person has a price sent that a guard held back. against: what the guard said."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    sku: str
    price_minor: int
    currency: str
    against: str
    because: str


class PriceRefused(Event, frozen=True, kw_only=True):
    """A shop does not take the price of a listing, or has another one each time: a person has to look."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    wanted_minor: int | None
    has_minor: int | None
    currency: str
    because: str


class ContentAsked(Event, frozen=True, kw_only=True):
    """A person has a shop told what listings of it are to say. field: title, barcode or weight_g. push: its
    number; undoes: the push whose listings are to say again what they said before."""

    kind: ClassVar[str] = "connection"
    connection: str
    push: int
    field: str
    listings: int
    because: str
    undoes: int | None


class ContentTold(Event, frozen=True, kw_only=True):
    """A listing was seen to say what its shop was told."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    field: str
    before: str
    after: str


class ContentNotTold(Event, frozen=True, kw_only=True):
    """A listing does not say what it was to say: the shop refused it or kept what it had, or somebody changed
    it there meanwhile."""

    kind: ClassVar[str] = "connection"
    connection: str
    listing: str
    field: str
    wanted: str
    because: str
