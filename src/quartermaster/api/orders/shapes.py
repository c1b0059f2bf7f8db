"""Orders as JSON: the document of the contract, and what may be sent to change one."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from quartermaster.api.shapes import (
    Because,
    Code,
    Count,
    Country,
    Minor,
    Moment,
    Money,
    Quantity,
    Revision,
    RowId,
    Sent,
    Shape,
    Text,
)
from quartermaster.orders.rules.holds import KINDS

Status = Literal[
    "on_hold",
    "open",
    "backordered",
    "allocated",
    "picking",
    "packed",
    "shipped",
    "delivered",
    "cancelled",
    "returned",
]


class Hold(Shape):
    kind: str
    because: str
    since: datetime
    owner: str
    placed_by: str
    expires_at: datetime | None


class Totals(Shape):
    """As sold and as changed here, together: total less adjusted is the total as sold. items is gross of
    discounts; refundable is what was paid and not given back yet. Of what was changed here, due is still to
    be collected, owed to be given back."""

    items: Money
    discount: Money
    shipping: Money
    tax: Money
    fees: Money
    tip: Money
    rounding: Money
    total: Money
    paid: Money
    refunded: Money
    refundable: Money
    adjusted: Money
    due: Money
    owed: Money


class Adjustment(Shape):
    """A step of what was changed here, signed: by people, or because the channel took it over."""

    at: datetime
    actor: str
    because: str
    items: Money
    discount: Money
    shipping: Money
    tax: Money
    fees: Money
    total: Money
    waived: Money


class Customer(Shape):
    name: str
    email: str
    phone: str


class Address(Shape):
    name: str
    company: str
    line1: str
    line2: str
    city: str
    region: str
    postcode: str
    country: str
    phone: str


class Line(Shape):
    """ordered = open + allocated + picked + shipped + cancelled; returned counts within shipped.

    sku is the channel's own text while `is_known` is false. parked says why open units wait. Its amounts are
    as sold and as changed here, together; `is_ours`: people here put it on the order.
    """

    id: str
    position: int
    sku: str
    is_known: bool
    title: str
    is_shippable: bool
    ordered: int
    open: int
    allocated: int
    picked: int
    packed: int
    shipped: int
    delivered: int
    cancelled: int
    returned: int
    parked: Literal["", "backorder", "preorder", "shortage", "routing"]
    unit_price: Money
    discount: Money
    tax: Money
    is_ours: bool


class AllocatedPiece(Shape):
    sku: str
    quantity: int


class Allocation(Shape):
    """What one site serves. A kit shows as its components."""

    id: str
    location: str
    state: Literal["waiting", "released", "picking", "packed", "shipped"]
    because: list[str]
    at: datetime
    lines: list[AllocatedPiece]


class OrderParcel(Shape):
    """state: packing | packed | labelled | handed_over, then as the carrier tells it."""

    id: str
    state: str
    carrier: str
    service: str
    tracking_number: str
    promised_on: date | None


class Order(Shape):
    number: str
    connection: str
    external_id: str
    external_name: str
    placed_at: datetime
    captured_at: datetime
    currency: str
    status: Status
    payment_state: str
    priority: int
    is_test: bool
    is_tax_included: bool
    shipping_method: str
    cancelled_at: datetime | None
    cancelled_because: str
    holds: list[Hold]
    totals: Totals
    customer: Customer
    ship_to: Address | None
    lines: list[Line]
    allocations: list[Allocation]
    parcels: list[OrderParcel]
    adjustments: list[Adjustment]
    version: int


class PossibleChange(Shape):
    """answer: free | undo (with these steps) | return (it becomes an intercept or a return) | no."""

    change: str
    is_possible: bool
    answer: Literal["free", "undo", "return", "no"]
    becomes: str
    costs: list[str]


class PossibleChanges(Shape):
    number: str
    version: int
    changes: list[PossibleChange]


class HoldWanted(Sent):
    kind: Annotated[Text, Field(json_schema_extra={"enum": list(KINDS)})]
    because: Because
    owner: Text = ""
    expires_at: Moment | None = None


class UnitsOff(Sent):
    id: RowId
    quantity: Quantity


class Cancellation(Sent):
    """Without `lines` everything is cancelled that has not left."""

    because: Because
    lines: Annotated[list[UnitsOff], Field(min_length=1, max_length=1000)] | None = None
    version: Revision | None = None


class Price(Sent):
    """In the order's currency."""

    minor: Minor
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class LineWanted(Sent):
    """What is left out stays. ordered: units wanted; discount: on the whole line, beside the channel's."""

    id: RowId
    ordered: Count | None = None
    unit_price: Price | None = None
    discount: Price | None = None


class NewLine(Sent):
    """Without `unit_price` at the price the order has for this SKU. instead_of: id of a line whose units all
    come off for it; without `quantity` as many."""

    sku: Code
    quantity: Quantity | None = None
    unit_price: Price | None = None
    instead_of: RowId | None = None


class ShippingWanted(Sent):
    method: Code | None = None
    price: Price | None = None


class AddressWanted(Sent):
    name: Text = ""
    company: Text = ""
    line1: Text
    line2: Text = ""
    city: Text
    region: Text = ""
    postcode: Text = ""
    country: Country
    phone: Text = ""


class Edit(Sent):
    """What is left out stays as it is; all of it happens or nothing. waive_due: what is still to be collected
    is let go."""

    because: Because
    lines: Annotated[list[LineWanted], Field(min_length=1, max_length=1000)] | None = None
    add: Annotated[list[NewLine], Field(min_length=1, max_length=100)] | None = None
    shipping: ShippingWanted | None = None
    waive_due: bool = False
    ship_to: AddressWanted | None = None
    priority: Annotated[int, Field(ge=-100, le=100)] | None = None
    version: Revision | None = None


class Rerouting(Sent):
    """With `location` it is served from there by hand; without, the rules are asked again."""

    because: Because
    location: Text | None = None


class Deltas(Shape):
    """Signed: what is added to the order, or comes off."""

    items: Money
    discount: Money
    shipping: Money
    tax: Money
    fees: Money
    total: Money


class SitePiece(Shape):
    location: str
    quantity: int


class StockSeen(Shape):
    """Units of a line that have no site yet: how many could be promised now, and from where."""

    line: str
    sku: str
    units: int
    sites: list[SitePiece]
    waiting: int
    because: str


class EditSeen(Shape):
    """What a change comes to. deltas is this change alone; adjusted, due and owed are the order's after it.

    answer, becomes and costs are the point of no return's: what has to be undone for it. With `dry_run` it
    has not happened, and `version` is the one to name when it shall.
    """

    number: str
    version: int
    dry_run: bool
    deltas: Deltas
    adjusted: Money
    due: Money
    owed: Money
    answer: Literal["free", "undo", "return", "no"]
    becomes: str
    costs: list[str]
    stock: list[StockSeen]
