"""A whole Shopify order, whatever topic or answer it came with."""

from collections.abc import Iterable
from datetime import datetime

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import cut, identity, moment, texts
from quartermaster.connectors.shapes import fit
from quartermaster.connectors.shopify.translate import bodies
from quartermaster.connectors.shopify.translate.addresses import address, buyer
from quartermaster.connectors.shopify.translate.lines import lines_sold, under_way
from quartermaster.connectors.shopify.translate.money import (
    payment_state,
    presentment,
    tenders,
    totals,
)
from quartermaster.connectors.shopify.translate.refunds import refunds_sold
from quartermaster.connectors.versions import UNDATED, seal
from quartermaster.orders.ports import LineSold, OrderSold, PaymentState, Totals, Unreadable

_RANK = {
    PaymentState.PENDING: 1,
    PaymentState.ON_DELIVERY: 1,
    PaymentState.AUTHORISED: 2,
    PaymentState.PARTLY_PAID: 3,
    PaymentState.PAID: 4,
    PaymentState.PARTLY_REFUNDED: 5,
    PaymentState.REFUNDED: 6,
    PaymentState.VOIDED: 7,
}

_MANY = 9_999_999
_CODE, _TAX, _ATTRIBUTE = ("code", "amount", "type"), ("title", "rate", "amount"), ("name", "value")


def order_sold(raw: dict[str, object], *, received_at: datetime, doubts: list[str]) -> OrderSold:
    """The order in our words. Unreadable only without a usable id; every other oddity is a doubt."""
    external_id = order_id(raw.get("id"))
    if not external_id:
        raise Unreadable(f"An order without a usable id (it is {str(raw.get('id'))[:40]!r}).")
    order = fit(raw, bodies.Order, doubts)
    amounts = Amounts((order.currency or _currency_within(raw)).strip().upper(), doubts)
    changed_at = moment(order.updated_at, "updated_at", doubts)
    placed_at = moment(order.processed_at, "processed_at", doubts) or moment(
        order.created_at, "created_at", doubts
    )
    placed_at = placed_at or changed_at
    if changed_at is None:
        doubts.append("It does not say when it was last changed: any dated version of it counts as newer.")
    if order.line_items is None:
        doubts.append("It has no list of lines: this is only a part of an order.")
        changed_at = None  # never replaces a whole one
    lines = lines_sold(order, amounts)
    refunds = refunds_sold(order.refunds or (), amounts, changed_at or placed_at or UNDATED)
    state = payment_state(order, doubts)
    found, sold = totals(order, lines, sum(refund.amount_minor for refund in refunds), state, amounts)
    currency, presented = presentment(order)
    told = OrderSold(
        external_id=external_id,
        external_name=cut(order.name or (f"#{identity(order.order_number)}" if order.order_number else "")),
        version="",
        placed_at=placed_at or UNDATED,
        updated_at=changed_at or placed_at or UNDATED,
        currency=amounts.currency[:8],
        totals=found,
        is_tax_included=bool(order.taxes_included),
        payment_state=state,
        lines=sold,
        buyer=buyer(order),
        ship_to=address(order.shipping_address, "shipping_address", doubts),
        bill_to=address(order.billing_address, "billing_address", doubts),
        tenders=tenders(order, found, state),
        refunds=refunds,
        presentment_currency=currency,
        presentment_total_minor=presented,
        shipping_method=cut(
            ", ".join(s.title for s in order.shipping_lines or () if s.title and not s.is_removed)
        ),
        is_test=bool(order.test),
        is_cancelled=bool(order.cancelled_at),
        cancelled_because=cut(order.cancel_reason) if order.cancelled_at else "",
        note=cut(order.note, 5_000),
        tags=_tags(order.tags),
        detail=_detail(order),
        doubts=tuple(dict.fromkeys(doubts)) if doubts else (),
        asks_hold=(waiting,) if (waiting := under_way(order)) else (),
    )
    return seal(told, changed_at=changed_at, progress=_progress(told, sold, found), received_at=received_at)


def order_id(value: object) -> str:
    """17, "17" and "gid://shopify/Order/17" are the same order."""
    text = identity(value)
    return (
        identity(text.removeprefix("gid://shopify/Order/").partition("?")[0])
        if text.startswith("gid:")
        else text
    )


def _progress(order: OrderSold, lines: Iterable[LineSold], found: Totals) -> str:
    """How far it has come: Shopify dates to the second, and a checkout makes several versions in one."""
    ordered = fulfilled = gone = 0
    for line in lines:
        ordered += line.ordered
        fulfilled += line.fulfilled
        gone += line.cancelled + line.returned
    return (
        f"{order.is_cancelled:d}{_RANK.get(order.payment_state, 0)}"
        f"{min(ordered, _MANY):07}{min(fulfilled, _MANY):07}{min(gone, _MANY):07}{found.refunded:016}"
    )


def _currency_within(value: object) -> str:
    """The first shop currency an amount inside names, for bodies with only some fields of the order."""
    if isinstance(value, dict):
        shop = value.get("shop_money")
        named = shop.get("currency_code") if isinstance(shop, dict) else None
        if isinstance(named, str):
            return named
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for item in inside if (found := _currency_within(item))), "")


def _tags(value: object) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(
        dict.fromkeys(cut(tag.strip()) for tag in names[:250] if isinstance(tag, str) and tag.strip())
    )


def _detail(order: bodies.Order) -> dict[str, object]:
    """What is shown with the order and never computed with: texts as they were written."""
    found: dict[str, object] = {}
    if order.discount_codes:
        found["discount_codes"] = [texts(_CODE, c.code, c.amount, c.type) for c in order.discount_codes]
    if order.tax_lines:
        found["tax_lines"] = [texts(_TAX, t.title, t.rate, t.price) for t in order.tax_lines]
    if order.note_attributes:
        found["note_attributes"] = [texts(_ATTRIBUTE, a.name, a.value) for a in order.note_attributes[:100]]
    if order.source_name:
        found["source"] = cut(order.source_name)
    if order.po_number:
        found["po_number"] = cut(order.po_number)
    return found
