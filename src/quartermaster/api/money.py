"""/api/refunds: what is to be given back, what it is made of, and what of an order still can be."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Count,
    Items,
    Limit,
    Minor,
    Money,
    Sent,
    Shape,
)
from quartermaster.core.queries.versions import in_force
from quartermaster.money.actions import write_policy
from quartermaster.money.queries import refunds as read
from quartermaster.money.queries.policy import POLICY
from quartermaster.money.rules.returned import Policy
from quartermaster.orders.queries import document

router = Router(tags=["Refunds"])
READ = Bearer("orders:read")


class RefundLine(Shape):
    """What goes back for a line; the tax is within its amounts or on top, as the order was sold."""

    line: str
    sku: str
    units: int
    items: Money
    discount: Money
    tax: Money


class Refund(Shape):
    """amount = items − discount + shipping + fees (+ tax, where it is on top) − withheld − covered. `sum` is
    the same in words. cause: change (our people changed or cancelled) or return_to_origin, with the parcel in
    `cause_key`. state: due, settled (the channel says it was given back), withdrawn (owed no more), nothing
    (looked at, and nothing was to be given back). No money moves by itself: a due refund is carried out
    where the money was taken, or by its shop when somebody asks for that (POST /refunds/R-12/payout)."""

    number: str
    order: str
    cause: str
    cause_key: str
    state: str
    amount: Money
    items: Money
    discount: Money
    shipping: Money
    tax: Money
    fees: Money
    withheld: Money
    covered: Money
    is_tax_included: bool
    sum: str
    because: str
    at: datetime
    actor: str
    settled_at: datetime | None
    settled_because: str
    lines: list[RefundLine]


class RefundableLine(Shape):
    """refundable = worth − refunded − due."""

    line: str
    sku: str
    worth: Money
    refunded: Money
    due: Money
    refundable: Money


class OrderRefunds(Shape):
    """refundable = paid − refunded − due."""

    order: str
    paid: Money
    refunded: Money
    due: Money
    refundable: Money
    lines: list[RefundableLine]
    refunds: list[Refund]


@router.get("/refunds", auth=READ, response=Items[Refund], summary="List refunds")
def refunds(
    request: HttpRequest,
    state: Literal["", "due", "settled", "withdrawn", "nothing"] = "due",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first. Without a state: what is due."""
    found = read.refunds(state=state, after=after, limit=limit)
    return {"items": [_refund(one) for one in found.items], "next": found.next}


@router.get(
    "/orders/{number}/refunds", auth=READ, response=OrderRefunds, summary="Ask what can be given back"
)
def refunds_of_order(request: HttpRequest, number: str) -> dict[str, Any]:
    """By line, with every refund of the order so far."""
    order_id = document(number).id
    left = read.refundable(order_id)
    names = ("paid", "refunded", "due", "refundable")
    lines = [
        {"line": line.line, "sku": line.sku}
        | _amounts(line, left.currency, ("worth", "refunded", "due", "refundable"))
        for line in left.lines
    ]
    told = [_refund(one) for one in read.refunds_of([order_id])]
    return {"order": left.order, **_amounts(left, left.currency, names), "lines": lines, "refunds": told}


class RefundPolicy(Shape):
    """For parcels nobody took. fee_minor: currency -> what is kept of each, in minor units. What was never
    paid (cash on delivery) is not given back."""

    version: int
    refunds: bool
    refunds_shipping: bool
    fee_minor: dict[str, int]
    because: str


class RefundPolicyWanted(Sent):
    """basis: the version it was made from; null asks nothing."""

    refunds: bool = True
    refunds_shipping: bool = False
    fee_minor: Annotated[dict[str, Minor], Field(max_length=50)] = {}
    basis: Count | None = None
    because: Because


@router.get("/refund-policy", auth=READ, response=RefundPolicy, summary="Read the refund policy")
def policy(request: HttpRequest) -> dict[str, Any]:
    """The one in force."""
    found = in_force(POLICY)
    return {**msgspec.to_builtins(found.content), "version": found.version, "because": found.because}


@router.put(
    "/refund-policy", auth=Bearer("orders:write"), response=RefundPolicy, summary="Set the refund policy"
)
def change_policy(request: HttpRequest, wanted: RefundPolicyWanted) -> dict[str, Any]:
    """For parcels that come back from now on. 409 when another version is in force."""
    write_policy(
        Policy(wanted.refunds, wanted.refunds_shipping, wanted.fee_minor),
        basis=wanted.basis,
        because=wanted.because,
        at=now(),
        by=actor(request),
    )
    return policy(request)


def _refund(one: read.RefundShown) -> dict[str, Any]:
    plain = ("number", "order", "cause", "cause_key", "state", "is_tax_included", "sum", "because", "at")
    amounts = ("amount", "items", "discount", "shipping", "tax", "fees", "withheld", "covered")
    lines = [
        {"line": line.line, "sku": line.sku, "units": line.units}
        | _amounts(line, one.currency, ("items", "discount", "tax"))
        for line in one.lines
    ]
    told = {name: getattr(one, name) for name in (*plain, "actor", "settled_at", "settled_because")}
    return told | _amounts(one, one.currency, amounts) | {"lines": lines}


def _amounts(found: object, currency: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"minor": getattr(found, f"{name}_minor"), "currency": currency} for name in names}
