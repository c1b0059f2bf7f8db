"""Orders another system has finished or left open: as they are told to us, all at once or table by table.

An order is named by the connection it is remembered under and its `external_id` there. Money is in minor
units of the order's currency. Moments are aware.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

import msgspec
from msgspec import Struct

from quartermaster.core.money import MINOR_MAX
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.orders.ports import Address, Buyer

STATES: Final = ("open", "shipped", "delivered", "cancelled", "returned")
TENDERS: Final = ("card", "gift_card", "on_delivery", "store_credit", "other")
HOLD: Final = "imported"
_NUMBERS = ("items_minor", "discount_minor", "shipping_minor", "tax_minor", "total_minor", "paid_minor")


class PastOrder(Struct, frozen=True, kw_only=True):
    """state: one of STATES. told: their own word for it, kept as it is. Totals that are None follow from the
    lines, and what was paid from the payments."""

    external_id: str
    placed_at: datetime
    state: str
    currency: str
    told: str = ""
    external_name: str = ""
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None  # of a cancelled order; else the last moment that is known of it
    cancelled_because: str = ""
    promised_on: date | None = None
    promised_by: datetime | None = None
    buyer: Buyer = Buyer()
    ship_to: Address | None = None
    shipping_method: str = ""
    is_tax_included: bool = True
    items_minor: int | None = None
    discount_minor: int | None = None
    shipping_minor: int | None = None
    tax_minor: int | None = None
    total_minor: int | None = None
    paid_minor: int | None = None
    refunded_minor: int = 0


class PastLine(Struct, frozen=True, kw_only=True):
    """Where its units are follows from the state of its order. cancelled: units that never left; returned:
    units that came back."""

    order: str
    external_id: str
    code: str
    ordered: int = 1
    title: str = ""
    unit_price_minor: int = 0
    discount_minor: int = 0
    tax_minor: int = 0
    shipping_minor: int = 0
    cancelled: int = 0
    returned: int = 0
    is_shippable: bool = True


class PastTender(Struct, frozen=True, kw_only=True):
    """kind: one of TENDERS. gateway: their own word for it."""

    order: str
    external_id: str
    amount_minor: int
    kind: str = "other"
    gateway: str = ""
    at: datetime | None = None
    installments: int | None = None


class PastRefund(Struct, frozen=True, kw_only=True):
    """Money given back, for `units` of a line (its external id) or, with line "", for the order as a whole.
    restock: whether the units were taken off before they left ("cancel") or came back ("return")."""

    order: str
    external_id: str
    at: datetime
    amount_minor: int
    because: str = ""
    line: str = ""
    units: int = 0
    restock: str = "none"


def digest(order: PastOrder) -> str:
    """Equal for orders told alike."""
    return hashlib.blake2b(msgspec.json.encode(order), digest_size=8).hexdigest()


def last_moment(order: PastOrder) -> datetime:
    """The last moment that is known of an order that has ended."""
    return order.cancelled_at or max(order.placed_at, order.paid_at or order.placed_at)


def wrong_with_order(order: PastOrder) -> str:
    """What is wrong with it, in a sentence; "" when nothing is."""
    return "; ".join(_of_order(order))


def wrong_with_line(line: PastLine) -> str:
    return "; ".join(_of_line(line))


def wrong_with_tender(tender: PastTender) -> str:
    return "; ".join(_of_tender(tender))


def wrong_with_refund(refund: PastRefund) -> str:
    return "; ".join(_of_refund(refund))


def _of_order(order: PastOrder) -> Iterator[str]:
    yield from _key("order", order.external_id)
    if order.state not in STATES:
        yield f"status: {order.state[:40]!r} is none of {', '.join(STATES)}"
    for name in _NUMBERS:
        value = getattr(order, name)
        if value is not None and not 0 <= value <= MINOR_MAX:
            yield f"{name.removesuffix('_minor')}: not an amount of money from 0"


def _of_line(line: PastLine) -> Iterator[str]:
    yield from _key("order", line.order)
    yield from _key("line", line.external_id)
    if not 0 < line.ordered <= QUANTITY_MAX:
        yield f"quantity: a whole number from 1 to {QUANTITY_MAX}"
    elif min(line.cancelled, line.returned) < 0 or line.cancelled + line.returned > line.ordered:
        yield "cancelled, returned: together more than the line has"
    for name in ("unit_price_minor", "discount_minor", "tax_minor", "shipping_minor"):
        if not 0 <= getattr(line, name) <= MINOR_MAX:
            yield f"{name.removesuffix('_minor')}: not an amount of money from 0"


def _of_tender(tender: PastTender) -> Iterator[str]:
    yield from _key("order", tender.order)
    yield from _key("payment", tender.external_id)
    if not 0 <= tender.amount_minor <= MINOR_MAX:
        yield "amount: not an amount of money from 0"
    if tender.kind not in TENDERS:
        yield f"kind: {tender.kind[:40]!r} is none of {', '.join(TENDERS)}"
    if tender.installments is not None and not 0 <= tender.installments <= 1000:
        yield "installments: a whole number from 0 to 1000"


def _of_refund(refund: PastRefund) -> Iterator[str]:
    yield from _key("order", refund.order)
    yield from _key("refund", refund.external_id)
    if not 0 <= refund.amount_minor <= MINOR_MAX:
        yield "amount: not an amount of money from 0"
    if refund.line and not 0 < refund.units <= QUANTITY_MAX:
        yield f"quantity: a whole number from 1 to {QUANTITY_MAX}"
    if refund.restock not in ("none", "cancel", "return"):
        yield f"restock: {refund.restock[:40]!r} is none of none, cancel, return"


def _key(name: str, text: str) -> Iterator[str]:
    if not 0 < len(text) <= 255 or not text.isprintable():
        yield f"{name}: 1 to 255 printable characters"
