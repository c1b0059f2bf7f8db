"""Totals, tenders and refunds of a Magento order, in the shop's own currency.

base_grand_total = subtotal - discount + shipping + tax, less what gift cards and credit paid. Discounts are
told below zero and, with prices that include tax, with the tax that is in them.
"""

from datetime import datetime

from msgspec.structs import replace

from quartermaster.connectors.amounts import Amounts, gap
from quartermaster.connectors.leaves import counted, cut, identity, moment, whole
from quartermaster.connectors.magento.translate.bodies import Extension, Memo, MemoItem, Order
from quartermaster.connectors.magento.translate.state import ON_DELIVERY, Paid, method
from quartermaster.connectors.shapes import as_text
from quartermaster.orders.ports import LineSold, PaymentState, RefundLine, RefundSold, Restock, Tender, Totals

_CANCELLED = 3  # the state of a credit memo that was taken back
_KINDS = {
    "checkmo": "other",
    "banktransfer": "other",
    "purchaseorder": "other",
    "braintree": "card",
    "stripe_payments": "card",
    "payflowpro": "card",
    "adyen_cc": "card",
}
_STATES = {
    PaymentState.PENDING: "pending",
    PaymentState.ON_DELIVERY: "pending",
    PaymentState.AUTHORISED: "authorised",
    PaymentState.VOIDED: "voided",
}


def totals(
    order: Order, lines: tuple[LineSold, ...], refunds: tuple[RefundSold, ...], amounts: Amounts
) -> Totals:
    if order.base_grand_total is None or order.base_grand_total == "":
        amounts.doubts.append("No base_grand_total is given.")
    due = amounts.minor(order.base_grand_total, "base_grand_total")
    credit = sum(minor for _, _, minor in credits(order, amounts))
    refunded = sum(refund.amount_minor for refund in refunds)
    found = Totals(
        items=sum(line.gross_minor for line in lines),
        discount=_discount(order, amounts),
        shipping=amounts.minor(order.base_shipping_amount, "base_shipping_amount"),
        tax=amounts.minor(order.base_tax_amount, "base_tax_amount"),
        total=due + credit,
        paid=max(amounts.minor(order.base_total_paid, "base_total_paid") + credit, refunded),
        refunded=refunded,
    )
    return _adding_up(order, found, len(lines), amounts)


def _adding_up(order: Order, found: Totals, lines: int, amounts: Amounts) -> Totals:
    """Taxes that are no percentage (WEEE) are fees here; and every row was rounded by itself."""
    missing = gap(found, is_tax_included=False)
    fixed = sum(
        amounts.minor(item.base_weee_tax_applied_row_amnt, "a fixed tax")
        for item in order.items or ()
        if not identity(item.parent_item_id)
    )
    if missing and missing == fixed:
        return replace(found, fees=fixed)
    if missing and abs(missing) <= (lines + 1) // 2 and found.tax:
        return replace(found, rounding=missing)
    if missing:
        told, parts = amounts.told(found.total), amounts.told(found.total - missing)
        amounts.doubts.append(f"The total is {told}, but its parts come to {parts}.")
    return found


def _discount(order: Order, amounts: Amounts) -> int:
    off = amounts.minor(order.base_discount_amount, "base_discount_amount", may_be_negative=True)
    inside = sum(
        amounts.minor(told, "the tax in discounts", may_be_negative=True)
        for told in (
            order.base_discount_tax_compensation_amount,
            order.base_shipping_discount_tax_compensation_amnt,
        )
    )
    return max(0, abs(off) - inside)


def credits(order: Order, amounts: Amounts) -> list[tuple[str, str, int]]:
    """What was paid before the grand total: Adobe Commerce's kind, our kind, minor units."""
    told = order.extension_attributes or Extension()
    found = (
        ("giftcard", "gift_card", told.base_gift_cards_amount),
        ("customerbalance", "store_credit", told.base_customer_balance_amount),
        ("rewardpoints", "store_credit", told.base_reward_currency_amount),
    )
    read = [(theirs, ours, amounts.minor(amount, theirs)) for theirs, ours, amount in found]
    return [each for each in read if each[2]]


def paid(order: Order, found: Totals, amounts: Amounts) -> Paid:
    authorised = order.payment.base_amount_authorized if order.payment else None
    refunded = max(found.refunded, amounts.minor(order.base_total_refunded, "base_total_refunded"))
    return Paid(found.total, found.paid, refunded, amounts.minor(authorised, "the amount authorised"))


def tenders(order: Order, found: Totals, state: PaymentState, amounts: Amounts) -> tuple[Tender, ...]:
    """Magento knows one means of payment an order, besides cards and credit of its own."""
    made = [
        Tender(theirs, ours, theirs, minor, "captured") for theirs, ours, minor in credits(order, amounts)
    ]
    gateway, rest = method(order), found.total - sum(tender.amount_minor for tender in made)
    if gateway and rest > 0:
        reference = identity(order.payment.last_trans_id if order.payment else None)
        taken = {tender.external_id for tender in made}
        name = reference if reference and reference not in taken else f"{gateway[:200]} payment"
        kind = "on_delivery" if gateway in ON_DELIVERY else _KINDS.get(gateway, "other")
        made.append(Tender(name, kind, cut(gateway), rest, _STATES.get(state, "captured")))
    return tuple(made)


def refunds_sold(order: Order, at: datetime, amounts: Amounts) -> tuple[RefundSold, ...]:
    """The credit memos that were put beside the order. One without a date bears the order's."""
    found: dict[str, RefundSold] = {}
    for memo in order.creditmemos or ():
        if whole(memo.state) == _CANCELLED:
            continue
        external_id = identity(memo.entity_id)
        amount = amounts.minor(memo.base_grand_total, f"credit memo {external_id}")
        if amount and not external_id:
            amounts.doubts.append(f"A credit memo of {amounts.told(amount)} has no id.")
        elif amount:
            found[external_id] = _refund(memo, external_id, at, amount, amounts)
    told = amounts.minor(order.base_total_refunded, "base_total_refunded")
    if told and not found:
        amounts.doubts.append(f"{amounts.told(told)} was refunded; by which credit memos is not told.")
    return tuple(found.values())


def _refund(memo: Memo, external_id: str, at: datetime, amount: int, amounts: Amounts) -> RefundSold:
    comments = [text for each in memo.comments or () if (text := (as_text(each.comment) or "").strip())]
    return RefundSold(
        external_id=external_id,
        at=moment(memo.created_at, "date of a credit memo", amounts.doubts) or at,
        amount_minor=amount,
        lines=tuple(
            _refund_line(item, amounts)
            for item in memo.items or ()
            if identity(item.order_item_id) and counted(item.qty)
        ),
        shipping_minor=amounts.minor(memo.base_shipping_amount, "shipping refunded"),
        because=cut("; ".join(comments), 500),
    )


def _refund_line(item: MemoItem, amounts: Amounts) -> RefundLine:
    """Whether the units had left is read from the order's own counts, not from here."""
    inside = amounts.minor(item.base_discount_tax_compensation_amount, "a refund", may_be_negative=True)
    off = abs(amounts.minor(item.base_discount_amount, "a refund", may_be_negative=True))
    return RefundLine(
        line_external_id=identity(item.order_item_id),
        quantity=counted(item.qty),
        restock=Restock.NONE,
        amount_minor=max(0, amounts.minor(item.base_row_total, "a refund") - max(0, off - inside)),
        tax_minor=amounts.minor(item.base_tax_amount, "a refund"),
    )
