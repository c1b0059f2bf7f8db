"""Orders as JSON: the document of the contract, and what may be sent to change one."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from quartermaster.api.shapes import (
    Because,
    Count,
    Country,
    Moment,
    Money,
    Quantity,
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
    """items is gross of discounts; refundable is what was paid and not given back yet."""

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

    sku is the channel's own text while `is_known` is false. parked says why open units wait.
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


class AllocatedPiece(Shape):
    sku: str
    quantity: int


class Allocation(Shape):
    """What one site serves. A kit shows as its components."""

    id: str
    location: str
    state: Literal["waiting", "released", "shipped"]
    because: list[str]
    at: datetime
    lines: list[AllocatedPiece]


class Parcel(Shape):
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
    parcels: list[Parcel]
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
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class UnitsWanted(Sent):
    id: RowId
    ordered: Count


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
    """What is left out stays as it is. lines: units wanted per line, never more than were sold."""

    because: Because
    lines: Annotated[list[UnitsWanted], Field(min_length=1, max_length=1000)] | None = None
    ship_to: AddressWanted | None = None
    priority: Annotated[int, Field(ge=-100, le=100)] | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Rerouting(Sent):
    """With `location` it is served from there by hand; without, the rules are asked again."""

    because: Because
    location: Text | None = None
