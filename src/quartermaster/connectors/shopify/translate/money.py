"""Totals and payment of a Shopify order, in the shop's currency.

Shopify gives most sums twice: on the order, and in parts on lines, shipping lines and tax lines. The parts
count when they add up to the total; when they do not, the order's own figure is tried in their place; when
nothing adds up, both numbers are named in a doubt and the parts stay.
"""

from itertools import product
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.connectors.amounts import Amounts, gap, with_shares
from quartermaster.connectors.shopify.translate.bodies import MoneySet, Order
from quartermaster.connectors.shopify.translate.lines import Lines, discounts
from quartermaster.core.currencies import EXPONENT
from quartermaster.orders.ports import LineSold, PaymentState, Tender, Totals

PAYMENT_STATE = {
    "pending": PaymentState.PENDING,
    "unpaid": PaymentState.PENDING,
    "authorized": PaymentState.AUTHORISED,
    "partially_paid": PaymentState.PARTLY_PAID,
    "paid": PaymentState.PAID,
    "partially_refunded": PaymentState.PARTLY_REFUNDED,
    "refunded": PaymentState.REFUNDED,
    "voided": PaymentState.VOIDED,
    "expired": PaymentState.VOIDED,  # the authorisation ran out: nothing can be captured with it any more
}
_NOTHING_PAID = (PaymentState.PENDING, PaymentState.AUTHORISED, PaymentState.VOIDED, PaymentState.ON_DELIVERY)
_TENDER_KIND = {
    "gift_card": "gift_card",
    "shopify_store_credit": "store_credit",
    "store_credit": "store_credit",
    "shopify_payments": "card",
    "stripe": "card",
    "bogus": "card",
}


_TENDER_STATE = {
    PaymentState.AUTHORISED: "authorised",
    PaymentState.VOIDED: "voided",
    PaymentState.PENDING: "pending",
    PaymentState.ON_DELIVERY: "pending",
}


class Shipping(NamedTuple):
    price: int
    discount: int


def payment_state(order: Order, doubts: list[str]) -> PaymentState:
    told = order.financial_status or ""
    state = PAYMENT_STATE.get(told.lower(), PaymentState.UNKNOWN)
    if state is PaymentState.UNKNOWN:
        doubts.append(
            f"The financial status {told[:40]!r} is not known." if told else "No financial status is given."
        )
    if state is PaymentState.PENDING and any(_kind(name) == "on_delivery" for name in gateways(order)):
        return PaymentState.ON_DELIVERY
    return state


def gateways(order: Order) -> list[str]:
    """Names of the means of payment, once each, without the empty ones that payments by apps have."""
    told = order.payment_gateway_names if order.payment_gateway_names is not None else [order.gateway]
    return list(dict.fromkeys(name for name in told if isinstance(name, str) and name))


def totals(
    order: Order, lines: Lines, refunded: int, state: PaymentState, amounts: Amounts
) -> tuple[Totals, tuple[LineSold, ...]]:
    """The order's totals, and its lines with shares of any discount told only for the whole order."""
    shipping = _shipping(order, amounts)
    items = on_lines = 0
    for line in lines.sold:
        items += line.gross_minor
        on_lines += line.discount_minor
    total = _total(order, amounts)
    paid, outstanding = _paid(order, total, refunded, state, amounts)
    found = Totals(
        items=items,
        discount=on_lines + shipping.discount,
        shipping=shipping.price,
        tax=_tax(order, lines, amounts),
        total=total,
        fees=_fees(order, amounts),
        tip=lines.tip_minor or amounts.minor(order.total_tip_received, "total_tip_received"),
        paid=paid,
        refunded=refunded,
        outstanding=outstanding,
    )
    if not gap(found, is_tax_included=bool(order.taxes_included)):
        return found, lines.sold
    found = _reconciled(order, found, amounts)
    rest = found.discount - on_lines - shipping.discount
    return found, with_shares(lines.sold, rest)


def _reconciled(order: Order, found: Totals, amounts: Amounts) -> Totals:
    """`found` with the first of the order's own figures that make it add up; else as it is, with a doubt."""
    included = bool(order.taxes_included)
    rounding = _set(order.total_cash_rounding_payment_adjustment_set, amounts, "cash rounding", True)
    told_shipping = order.total_shipping_price_set
    choices = product(
        _choices(found.discount, amounts.minor(order.total_discounts, "total_discounts")),
        _choices(
            found.shipping, _set(told_shipping, amounts, "shipping") if told_shipping else found.shipping
        ),
        _choices(found.tax, sum(amounts.minor(tax.price, "tax") for tax in order.tax_lines or ())),
        _choices(found.fees, 0),  # duties that are included in the prices are told again here
        _choices(found.tip, amounts.minor(order.total_tip_received, "total_tip_received")),
        _choices(0, rounding),
    )
    for discount, shipping, tax, fees, tip, rounded in choices:
        other = replace(
            found, discount=discount, shipping=shipping, tax=tax, fees=fees, tip=tip, rounding=rounded
        )
        if not gap(other, is_tax_included=included):
            return other
    told, parts = amounts.told(found.total), amounts.told(found.total - gap(found, is_tax_included=included))
    amounts.doubts.append(f"The total is {told}, but its parts come to {parts}.")
    return found


def _choices(first: int, second: int) -> tuple[int, ...]:
    return (first,) if first == second else (first, second)


def _shipping(order: Order, amounts: Amounts) -> Shipping:
    """Before discounts. A shipping line that was taken off by an edit no longer costs anything."""
    price = discount = 0
    for line in order.shipping_lines or ():
        if not line.is_removed:
            full = amounts.minor(line.price, "shipping")
            price += full
            if line.discount_allocations:
                discount += discounts(line.discount_allocations, None, amounts, "shipping")
            elif line.discounted_price is not None:
                discount += max(0, full - amounts.minor(line.discounted_price, "shipping"))
    return Shipping(price, discount)


def _tax(order: Order, lines: Lines, amounts: Amounts) -> int:
    """The order's own figure, else its tax lines, else those of lines and shipping."""
    if order.total_tax is not None:
        return amounts.minor(order.total_tax, "total_tax")
    if order.tax_lines is not None:
        return sum(amounts.minor(tax.price, "tax") for tax in order.tax_lines)
    on_shipping = (tax for line in order.shipping_lines or () for tax in line.tax_lines or ())
    return sum(line.tax_minor for line in lines.sold) + sum(
        amounts.minor(t.price, "tax") for t in on_shipping
    )


def _total(order: Order, amounts: Amounts) -> int:
    if order.total_price is None or order.total_price == "":
        amounts.doubts.append("No total price is given.")
    return amounts.minor(order.total_price, "total_price")


def _fees(order: Order, amounts: Amounts) -> int:
    duties = _set(order.original_total_duties_set, amounts, "duties")
    return duties + _set(order.original_total_additional_fees_set, amounts, "additional fees")


def _paid(
    order: Order, total: int, refunded: int, state: PaymentState, amounts: Amounts
) -> tuple[int, int | None]:
    """Money that came in, before refunds, and what is still to come (None when that is not told).

    Outstanding is counted against the current total, which is the total less what was taken off or refunded.
    An authorisation counts for it as money, but none has moved.
    """
    outstanding = None
    if order.total_outstanding is not None:
        outstanding = amounts.minor(order.total_outstanding, "total_outstanding", may_be_negative=True)
    if state in _NOTHING_PAID:
        return refunded, outstanding
    if outstanding is not None:
        current = order.current_total_price
        due = total if current is None else amounts.minor(current, "current_total_price")
        return max(0, due - outstanding + refunded), outstanding
    if state is PaymentState.PARTLY_PAID:
        amounts.doubts.append("It is paid in part; how much is not said.")
    in_full = state in (PaymentState.PAID, PaymentState.PARTLY_REFUNDED, PaymentState.REFUNDED)
    return max(total, refunded) if in_full else refunded, None


def tenders(order: Order, found: Totals, state: PaymentState) -> tuple[Tender, ...]:
    """How it is paid. Shopify names the gateways, not their shares: several are one tender with all names."""
    names = gateways(order)
    amount = found.paid or (found.total if state in _NOTHING_PAID else 0)
    if not names or not amount:
        return ()
    kind = _kind(names[0])
    if any(_kind(name) != kind for name in names[1:]):
        kind = "other"
    return (
        Tender(
            "+".join(names)[:255], kind, " + ".join(names)[:255], amount, _TENDER_STATE.get(state, "captured")
        ),
    )


def _kind(gateway: str) -> str:
    """Shopify's own gateways by their handles, cash on delivery by its name: shops may write it out."""
    name = gateway.lower().replace("_", " ")
    is_on_delivery = "cash on delivery" in name or name == "cod"
    return "on_delivery" if is_on_delivery else _TENDER_KIND.get(gateway.lower(), "other")


def presentment(order: Order) -> tuple[str, int | None]:
    """The currency the buyer saw and the total in it, when it is another one than the shop's."""
    currency = (order.presentment_currency or "").upper()
    if not currency or currency == (order.currency or "").upper():
        return "", None
    money = order.total_price_set.presentment_money if order.total_price_set else None
    if currency not in EXPONENT or money is None:
        return currency[:8], None
    doubts: list[str] = []  # it is only shown, so a strange one is no doubt about the order
    minor = Amounts(currency, doubts).minor(money.amount, "presentment total")
    return currency, None if doubts else minor


def _set(money: MoneySet | None, amounts: Amounts, what: str, may_be_negative: bool = False) -> int:
    if money is None or money.shop_money is None:
        return 0
    return amounts.minor(money.shop_money.amount, what, may_be_negative=may_be_negative)
