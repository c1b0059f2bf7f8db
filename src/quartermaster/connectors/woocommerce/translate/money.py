"""Totals of a WooCommerce order. Amounts are always without tax, with the tax beside them, however entered.

Printed amounts are each rounded: https://github.com/woocommerce/woocommerce/issues/25720, read 2026-11-23.
"""

from datetime import datetime

from msgspec.structs import replace

from quartermaster.connectors.amounts import Amounts, gap, with_shares
from quartermaster.connectors.leaves import cut, identity, moment
from quartermaster.connectors.woocommerce.translate.bodies import Order
from quartermaster.connectors.woocommerce.translate.status import Status, method
from quartermaster.connectors.woocommerce.translate.words import plain
from quartermaster.orders.ports import LineSold, PaymentState, RefundSold, Tender, Totals

_PAID = (PaymentState.PAID, PaymentState.PARTLY_REFUNDED, PaymentState.REFUNDED)
_KINDS = {
    "cod": "on_delivery",
    "cash_on_delivery": "on_delivery",
    "stripe": "card",
    "stripe_cc": "card",
    "woocommerce_payments": "card",
    "square_credit_card": "card",
    "braintree_credit_card": "card",
}


def totals(
    order: Order,
    lines: tuple[LineSold, ...],
    refunds: tuple[RefundSold, ...],
    status: Status,
    amounts: Amounts,
) -> tuple[Totals, tuple[LineSold, ...]]:
    """The order's totals, and its lines with shares of fees below zero, which are discounts on the order."""
    fees = off = 0
    for fee in order.fee_lines or ():
        amount = amounts.minor(fee.total, "a fee", may_be_negative=True)
        fees, off = (fees + amount, off) if amount >= 0 else (fees, off - amount)
    total = _total(order, amounts)
    refunded = sum(refund.amount_minor for refund in refunds)
    found = Totals(
        items=sum(line.gross_minor for line in lines),
        discount=sum(line.discount_minor for line in lines) + off,
        shipping=_shipping(order, amounts),
        tax=amounts.minor(order.total_tax, "total_tax"),
        total=total,
        fees=fees,
        paid=max(total, refunded) if status.payment in _PAID else refunded,
        refunded=refunded,
    )
    missing = gap(found, is_tax_included=False)
    # Every printed amount is rounded, the total was summed before: each line and fee may be half a unit off.
    if missing and abs(missing) <= (len(lines) + len(order.fee_lines or ()) + 1) // 2 and found.tax:
        found = replace(found, rounding=missing)
    elif missing:
        told, parts = amounts.told(found.total), amounts.told(found.total - missing)
        amounts.doubts.append(f"The total is {told}, but its parts come to {parts}.")
    return found, with_shares(lines, off)


def refunds_sold(order: Order, at: datetime, amounts: Amounts) -> tuple[RefundSold, ...]:
    """Amounts are told below zero. A refund without a date bears the order's: the same in every message."""
    found = []
    for refund in order.refunds or ():
        external_id = identity(refund.id)
        told = refund.total if refund.total not in (None, "") else refund.amount
        amount = abs(amounts.minor(told, f"refund {external_id}", may_be_negative=True))
        if amount and not external_id:
            amounts.doubts.append(f"A refund of {amounts.told(amount)} has no id.")
        elif amount:
            dated = moment(refund.date_created_gmt, "date of a refund", amounts.doubts)
            found.append(
                RefundSold(
                    external_id, dated or at, amount, because=plain(refund.reason or refund.refund, 500)
                )
            )
    return tuple(found)


def payment_after(state: PaymentState, total: int, refunds: tuple[RefundSold, ...]) -> PaymentState:
    """WooCommerce keeps the status when it gives back a part: what was refunded tells."""
    refunded = sum(refund.amount_minor for refund in refunds)
    if state is not PaymentState.PAID or not refunded:
        return state
    return PaymentState.REFUNDED if refunded >= total else PaymentState.PARTLY_REFUNDED


def tenders(order: Order, found: Totals, status: Status) -> tuple[Tender, ...]:
    """WooCommerce itself knows one means of payment an order."""
    gateway = method(order)
    if not gateway or not found.total:
        return ()
    states = {PaymentState.VOIDED: "voided"} | dict.fromkeys(_PAID, "captured")
    return (
        Tender(
            external_id=identity(order.transaction_id) or gateway[:255],
            kind=_KINDS.get(gateway, "other"),
            gateway=cut(gateway),
            amount_minor=found.total,
            state="failed" if status.name == "failed" else states.get(status.payment, "pending"),
        ),
    )


def _total(order: Order, amounts: Amounts) -> int:
    if order.total is None or order.total == "":
        amounts.doubts.append("No total is given.")
    return amounts.minor(order.total, "total")


def _shipping(order: Order, amounts: Amounts) -> int:
    told = order.shipping_total if order.shipping_total is not None else order.total_shipping
    if told is None or told == "":
        return sum(amounts.minor(line.total, "shipping") for line in order.shipping_lines or ())
    return amounts.minor(told, "shipping_total")
