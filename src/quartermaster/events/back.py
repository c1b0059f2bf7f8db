"""What comes back, and what is given back for it."""

from typing import ClassVar

from quartermaster.core.events import Event


class RefundDue(Event, frozen=True, kw_only=True):
    """Money is to be given back, or another amount than before. cause: change, or return_to_origin."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    cause: str
    amount_minor: int
    currency: str
    because: str


class RefundSettled(Event, frozen=True, kw_only=True):
    """It was given back (settled), or is owed no more (withdrawn)."""

    kind: ClassVar[str] = "order"
    order_id: int
    refund_id: int
    state: str
    amount_minor: int
    currency: str
    because: str


class LotQuarantined(Event, frozen=True, kw_only=True):
    """Units of a lot at a place cannot be sold any more: it expired, or is recalled. They are to be carried
    to quarantine."""

    kind: ClassVar[str] = "sku"
    sku_id: int
    sku: str
    lot: str
    place: str
    units: int
    state: str
    because: str


class QuarantineCarried(Event, frozen=True, kw_only=True):
    """Expired or recalled units lie in quarantine now."""

    kind: ClassVar[str] = "sku"
    sku_id: int
    sku: str
    lot: str
    units: int
    source: str
    target: str


class RecallMade(Event, frozen=True, kw_only=True):
    """Nobody may get this lot any more. units: those here that cannot be sold by it."""

    kind: ClassVar[str] = "recall"
    recall_id: int
    sku: str
    lot: str
    units: int
    because: str


class RecallLifted(Event, frozen=True, kw_only=True):
    """The lot is good after all."""

    kind: ClassVar[str] = "recall"
    recall_id: int
    sku: str
    lot: str
    because: str


class NoticeTold(Event, frozen=True, kw_only=True):
    """A customer was told of a recall, by a person."""

    kind: ClassVar[str] = "order"
    order_id: int
    notice_id: int
    recall: str
    because: str


class ParcelReturning(Event, frozen=True, kw_only=True):
    """The carrier brings a parcel back: nobody took it, or it could not be delivered."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int


class ReturnExpected(Event, frozen=True, kw_only=True):
    """The units of a parcel that comes back undelivered are expected at the site it left."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    arrival_id: int
    location: str
    units: int


class RefundPolicyChanged(Event, frozen=True, kw_only=True):
    """What is given back for parcels nobody took is something else from now on."""

    kind: ClassVar[str] = "refund_policy"
    version: int
    because: str


class ShelfLifeChanged(Event, frozen=True, kw_only=True):
    """A channel asks for other days that must be left of a lot: of every SKU, or of one. None: none of its
    own."""

    kind: ClassVar[str] = "connection"
    channel: str
    sku: str
    before: int | None
    days: int | None
    because: str
