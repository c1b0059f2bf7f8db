"""What orders need from a channel: the order as sold, in our words, read from the channel's own bytes.

A reading never guesses: what the channel says and we do not understand
becomes a `doubt`, and the order is held with it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Unreadable(Exception):
    """These bytes are no message of this channel, or miss what an order cannot be without. str() says why."""


class PaymentState(StrEnum):
    PENDING = "pending"
    AUTHORISED = "authorised"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    ON_DELIVERY = "on_delivery"  # cash on delivery: nothing is due before the door
    UNKNOWN = "unknown"


class Restock(StrEnum):
    """What a refund did with the units: CANCEL never left, RETURN came back, NONE is money only."""

    NONE = "none"
    CANCEL = "cancel"
    RETURN = "return"


class Address(Struct, frozen=True, omit_defaults=True):
    """As given by the customer. `country` is ISO 3166-1 alpha-2 in capitals, or "" when unknown."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Buyer(Struct, frozen=True, omit_defaults=True):
    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


class LineSold(Struct, frozen=True):
    """One line as sold. Quantities are whole units of the SKU as sold; money is per line, in minor units.

    ordered: units ever ordered on this line, so ordered >= cancelled + fulfilled (else it is a doubt).
    cancelled: units the channel has taken off again (edited away, cancelled, refunded before shipping).
    fulfilled: units the channel says have been handed over already. returned: of those, units that came
    back. gross_minor: unit price times ordered, before any discount. discount_minor: all discounts on the
    line, order-level shares included, as a positive number. tax_minor: tax on the line, included in gross
    or on top as the order says.
    """

    external_id: str
    code: str  # the channel's SKU text, "" when the line has none
    title: str
    ordered: int
    unit_price_minor: int
    gross_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    cancelled: int = 0
    fulfilled: int = 0
    returned: int = 0
    is_shippable: bool = True  # false: gift card, download, service; never allocated
    channel_product: str = ""  # the channel's product/variant id: an alias when there is no SKU text


class Tender(Struct, frozen=True):
    """One means of payment on the order. Negative never: money back is a RefundSold."""

    external_id: str
    kind: str  # card | gift_card | on_delivery | store_credit | other; its own name is in `gateway`
    gateway: str
    amount_minor: int
    state: str  # "pending" | "authorised" | "captured" | "voided" | "failed"


class RefundLine(Struct, frozen=True):
    line_external_id: str
    quantity: int
    restock: Restock
    amount_minor: int  # goods value given back, after discount, without tax on top
    tax_minor: int = 0


class RefundSold(Struct, frozen=True):
    """Money the channel has given back. amount_minor is what the customer got, everything included."""

    external_id: str
    at: datetime
    amount_minor: int
    lines: tuple[RefundLine, ...] = ()
    shipping_minor: int = 0
    because: str = ""


class Totals(Struct, frozen=True):
    """Order totals in minor units, all >= 0 as given by the channel (rounding may be negative).

    When tax is included: total = items - discount + shipping + fees + tip + rounding.
    When it is on top:    total = items - discount + shipping + fees + tip + rounding + tax.
    items is gross of discounts; discount holds line, order and shipping discounts; fees are duties,
    payment and other fees.
    """

    items: int
    discount: int
    shipping: int
    tax: int
    total: int
    fees: int = 0
    tip: int = 0
    rounding: int = 0
    paid: int = 0
    refunded: int = 0
    outstanding: int | None = (
        None  # still to come in, after all that was taken off or refunded; None: not told
    )


class OrderSold(Struct, frozen=True):
    """An order as the channel tells it in one message: always the whole order, never a difference.

    version: a text that sorts (byte-wise) by age of the content; same content gives the same version
    whatever the topic; two different contents never have the same version. doubts: sentences about what
    could not be understood. asks_hold: sentences for which the channel itself wants the order held;
    asks_hold_until: when they are over by themselves, None: only the channel's own word ends them. ship_by:
    until when the channel wants it handed over. is_shipped_by_channel: it goes with a label of the channel's,
    on which alone the address may stand. tells_refunds: what was given back stands in it; False: it comes on
    its own, as RefundNotice. All times are aware (UTC).
    """

    external_id: str
    external_name: str
    version: str
    placed_at: datetime
    updated_at: datetime
    currency: str
    totals: Totals
    is_tax_included: bool
    payment_state: PaymentState
    lines: tuple[LineSold, ...]
    buyer: Buyer = Buyer()
    ship_to: Address | None = None
    bill_to: Address | None = None
    tenders: tuple[Tender, ...] = ()
    refunds: tuple[RefundSold, ...] = ()
    presentment_currency: str = ""
    presentment_total_minor: int | None = None
    shipping_method: str = ""
    is_test: bool = False
    is_cancelled: bool = False
    cancelled_because: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    detail: Mapping[
        str, object
    ] = {}  # tax lines, discount codes, fee lines as given: shown, never computed with
    doubts: tuple[str, ...] = ()
    asks_hold: tuple[str, ...] = ()
    asks_hold_until: datetime | None = None
    ship_by: datetime | None = None
    is_shipped_by_channel: bool = False
    tells_refunds: bool = True


class RefundNotice(Struct, frozen=True):
    """A refund told on its own, for an order that has to be known first. Applied once by refund id."""

    order_external_id: str
    refund: RefundSold
    currency: str = ""  # of the refund's amounts; "" when the message does not say


class OrderRemoved(Struct, frozen=True):
    """The channel took the whole order away (deleted, trashed). Says nothing of its content."""

    order_external_id: str
    at: datetime
    because: str


class Ignored(Struct, frozen=True):
    """A message that changes nothing here; `because` is shown on the Messages page. `is_hint`: it says that
    something changed and not all of what, so the channel is asked at once."""

    because: str
    is_hint: bool = False


type Reading = tuple[OrderSold | RefundNotice | OrderRemoved, ...] | Ignored


class OrderSource(Protocol):
    """A channel that sends orders. Pure and total: the same bytes always give the same reading."""

    def read_orders(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Reading:
        """What the message says. Raises Unreadable, never anything else, for hostile or foreign input."""
        ...
