"""Amounts of an Amazon order: texts with their currency, by kinds of proceeds.

The kinds add up to the grand total, with the tax on top or inside, as the marketplace has it: the sum itself
tells which of both. Where Amazon keeps the tax to pay it on, neither the total nor we have it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from quartermaster.connectors.amazon.translate.bodies import Breakdown, Money, Order
from quartermaster.connectors.amazon.translate.status import Status
from quartermaster.connectors.amounts import Amounts, gap
from quartermaster.connectors.leaves import cut
from quartermaster.orders.ports import LineSold, PaymentState, Tender, Totals

_FEES = ("GIFT_WRAP", "COD_FEE", "OTHER")
_KNOWN = (*_FEES, "ITEM", "SHIPPING", "TAX", "DISCOUNT", "DELIVERY_TIP")
_KINDS = {"creditcard": "card", "debitcard": "card", "cashondelivery": "on_delivery", "giftcard": "gift_card"}
_STATES = {PaymentState.PAID: "captured", PaymentState.VOIDED: "voided"}


class Parts(NamedTuple):
    """Of an order, or of one line. `item_discount`, `item_tax`: what of them falls on the goods."""

    item: int | None = None
    shipping: int = 0
    fees: int = 0
    tip: int = 0
    discount: int = 0
    tax: int = 0
    item_discount: int = 0
    item_tax: int = 0


class Summed(NamedTuple):
    totals: Totals
    is_tax_included: bool
    withheld_minor: int = 0  # tax that Amazon takes and pays on


def minor(money: Money | None, what: str, amounts: Amounts, *, may_be_negative: bool = False) -> int:
    if money is None:
        return 0
    currency = (money.currency_code or "").strip().upper()
    if currency and currency != amounts.currency:
        amounts.doubts.append(
            f"{what} is in {currency[:8]}, the order in {amounts.currency[:8]}; taken as 0."
        )
        return 0
    return amounts.minor(money.amount, what, may_be_negative=may_be_negative)


def parts(breakdowns: Iterable[Breakdown], what: str, amounts: Amounts) -> Parts:
    sums = dict.fromkeys(_KNOWN, 0)
    item_discount = item_tax = 0
    has_item = False
    for one in breakdowns:
        kind = (one.type or "").upper()
        if kind not in _KNOWN:
            amounts.doubts.append(f"{what}: proceeds of the kind {kind[:40]!r} are not known.")
            continue
        amount = minor(one.subtotal, f"{what}: {kind}", amounts, may_be_negative=kind == "DISCOUNT")
        sums[kind] += abs(amount)
        has_item = has_item or kind == "ITEM"
        if kind == "DISCOUNT":
            item_discount += _of_goods(one, abs(amount), what, amounts)
        elif kind == "TAX":
            item_tax += _of_goods(one, amount, what, amounts)
    return Parts(
        item=sums["ITEM"] if has_item else None,
        shipping=sums["SHIPPING"],
        fees=sum(sums[kind] for kind in _FEES),
        tip=sums["DELIVERY_TIP"],
        discount=sums["DISCOUNT"],
        tax=sums["TAX"],
        item_discount=item_discount,
        item_tax=item_tax,
    )


def _of_goods(one: Breakdown, amount: int, what: str, amounts: Amounts) -> int:
    """All of it, unless it is told apart."""
    if not one.detailed_breakdowns:
        return amount
    name = f"{what}: {one.type} of the goods"
    told = (part for part in one.detailed_breakdowns if (part.subtype or "").upper() in ("ITEM", "DISCOUNT"))
    return min(amount, sum(abs(minor(part.value, name, amounts, may_be_negative=True)) for part in told))


def summed(
    order: Order,
    lines: tuple[LineSold, ...],
    of_lines: list[Parts],
    status: Status,
    amounts: Amounts,
    *,
    has_tax_inside: bool,
) -> Summed:
    """`has_tax_inside`: how the marketplace shows its prices; counts where the sums do not tell."""
    proceeds = order.proceeds
    told = parts(proceeds.breakdowns or (), "the order", amounts) if proceeds else Parts()
    is_told = proceeds is not None and bool(proceeds.breakdowns)
    each = [told] if is_told else of_lines
    found = Totals(
        items=sum(line.gross_minor for line in lines),
        discount=sum(part.discount for part in each),
        shipping=sum(part.shipping for part in each),
        tax=sum(part.tax for part in each),
        total=0,
        fees=sum(part.fees for part in each),
        tip=told.tip,
    )
    before_tax = -gap(found, is_tax_included=True)
    grand = proceeds.grand_total if proceeds else None
    if grand is None or grand.amount in (None, ""):
        if not (status.is_waiting or status.is_gone):
            amounts.doubts.append("No total is given.")
        total = max(0, before_tax + (0 if has_tax_inside else found.tax))
    else:
        total = minor(grand, "the total", amounts)
    return _settled(found, total, before_tax, status, amounts, has_tax_inside)


def _settled(
    found: Totals, total: int, before_tax: int, status: Status, amounts: Amounts, has_tax_inside: bool
) -> Summed:
    is_included, tax, withheld = has_tax_inside, found.tax, 0
    if tax and total == before_tax + tax:
        is_included = False
    elif tax and total == before_tax and not has_tax_inside:
        withheld, tax = tax, 0
    paid = total if status.payment is PaymentState.PAID else 0
    settled = Totals(
        items=found.items,
        discount=found.discount,
        shipping=found.shipping,
        tax=tax,
        total=total,
        fees=found.fees,
        tip=found.tip,
        paid=paid,
    )
    if missing := gap(settled, is_tax_included=is_included):
        said, came = amounts.told(total), amounts.told(total - missing)
        amounts.doubts.append(f"The total is {said}, but its parts come to {came}.")
    return Summed(settled, is_included, withheld)


def tenders(order: Order, total: int, status: Status, amounts: Amounts) -> tuple[Tender, ...]:
    """As the buyer paid Amazon. Where it does not say how, Amazon itself is who pays."""
    state = _STATES.get(status.payment, "pending")
    told = [
        one
        for one in (order.payment.payment_executions if order.payment else None) or ()
        if one.payment_amount
    ]
    if not told:
        return (Tender("amazon", "other", "Amazon", total, state),) if total else ()
    return tuple(
        Tender(
            external_id=f"{n}",
            kind=_KINDS.get((one.payment_method or "").lower(), "other"),
            gateway=cut(f"Amazon {one.payment_method or ''}".strip()),
            amount_minor=minor(one.payment_amount, "a payment", amounts),
            state=state,
        )
        for n, one in enumerate(told, 1)
    )
