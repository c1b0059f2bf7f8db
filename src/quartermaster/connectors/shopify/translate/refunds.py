"""Money Shopify has given back, read the same from a refund on its own and from a refund inside its order."""

from collections.abc import Iterable
from datetime import datetime

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import counted, cut, identity, moment
from quartermaster.connectors.shopify.translate.bodies import MoneySet, Refund, Transaction
from quartermaster.orders.ports import RefundLine, RefundSold, Restock

RESTOCK = {
    "cancel": Restock.CANCEL,
    "return": Restock.RETURN,
    "no_restock": Restock.NONE,
    "legacy_restock": Restock.CANCEL,  # put back on the shelf; whether it had left it is not said
}


def restock_type(refund: Refund, told: str | None) -> str:
    """Bodies before 2018 say once for the whole refund whether it was restocked."""
    return told or ("legacy_restock" if refund.restock else "no_restock")


def refunds_sold(refunds: Iterable[Refund], amounts: Amounts, at: datetime) -> tuple[RefundSold, ...]:
    """The refunds that gave back money; the others only took units off. `at` is for those without a date."""
    told = (refund_sold(refund, amounts, at) for refund in refunds)
    return tuple(refund for refund in told if refund is not None)


def refund_sold(refund: Refund, amounts: Amounts, at: datetime) -> RefundSold | None:
    """One refund in the currency of `amounts`; None when no money has gone back (yet)."""
    external_id = identity(refund.id)
    name = f"refund {external_id or '?'}"
    amount = _given_back(refund, amounts, name)
    if not amount:
        return None
    if not external_id:
        amounts.doubts.append(f"A refund of {amounts.told(amount)} has no id.")
        return None
    return RefundSold(
        external_id=external_id,
        at=_at(refund, amounts.doubts) or at,
        amount_minor=amount,
        lines=_lines(refund, amounts, name),
        shipping_minor=_shipping(refund, amounts, name),
        because=cut(
            refund.note or next((a.reason for a in refund.order_adjustments or () if a.reason), ""), 500
        ),
    )


def paid_back(refund: Refund) -> list[Transaction]:
    """The transactions that moved money to the customer: not the pending, failed and suggested ones."""
    return [t for t in refund.transactions or () if t.kind == "refund" and t.status == "success"]


def shop_currency(refund: Refund) -> str:
    """The shop's currency as the refund's own amounts name it, else that of its transactions, else ""."""
    sets = [refund.total_duties_set]
    for line in refund.refund_line_items or ():
        sets.append(line.subtotal_set)
    for adjustment in refund.order_adjustments or ():
        sets.append(adjustment.amount_set)
    named = [s.shop_money.currency_code for s in sets if s and s.shop_money and s.shop_money.currency_code]
    named += [t.currency for t in refund.transactions or () if t.currency]
    return named[0].upper() if named else ""


def _given_back(refund: Refund, amounts: Amounts, name: str) -> int:
    """Transactions are in the currency the buyer paid in; when that is another, the shop's own sums count."""
    moved = paid_back(refund)
    if all((t.currency or amounts.currency).upper() == amounts.currency for t in moved):
        return sum(amounts.minor(t.amount, f"{name}: a transaction") for t in moved)
    if not _names_shop_money(refund):
        paid = ", ".join(f"{t.amount} {t.currency}" for t in moved)
        amounts.doubts.append(f"{name} gave back {paid}; what that is in {amounts.currency} is not said.")
        return 0
    return max(
        0, _goods(refund, amounts, name) + _shipping(refund, amounts, name) - _adjusted(refund, amounts, name)
    )


def _names_shop_money(refund: Refund) -> bool:
    lines = [line.subtotal_set for line in refund.refund_line_items or ()]
    shipping = [line.subtotal_amount_set for line in refund.refund_shipping_lines or ()]
    return any([*lines, *shipping, *(a.amount_set for a in refund.order_adjustments or ())])


def _goods(refund: Refund, amounts: Amounts, name: str) -> int:
    lines = sum(line.amount_minor + line.tax_minor for line in _lines(refund, amounts, name))
    duties = _shop(refund.total_duties_set, None, amounts, f"{name}: duties")
    return lines + duties + _shop(refund.total_additional_fees_set, None, amounts, f"{name}: fees")


def _adjusted(refund: Refund, amounts: Amounts, name: str) -> int:
    """What adjustments other than shipping take off (positive) or add (negative)."""
    what = f"{name}: an adjustment"
    return sum(
        _shop(a.amount_set, a.amount, amounts, what, may_be_negative=True)
        + _shop(a.tax_amount_set, a.tax_amount, amounts, what, may_be_negative=True)
        for a in refund.order_adjustments or ()
        if a.kind != "shipping_refund"
    )


def _shipping(refund: Refund, amounts: Amounts, name: str) -> int:
    what = f"{name}: shipping"
    given = sum(
        _shop(line.subtotal_amount_set, None, amounts, what) + _shop(line.tax_amount_set, None, amounts, what)
        for line in refund.refund_shipping_lines or ()
    )
    for a in refund.order_adjustments or ():
        if a.kind == "shipping_refund":
            given -= _shop(a.amount_set, a.amount, amounts, what, may_be_negative=True)
            given -= _shop(a.tax_amount_set, a.tax_amount, amounts, what, may_be_negative=True)
    return max(0, given)


def _lines(refund: Refund, amounts: Amounts, name: str) -> tuple[RefundLine, ...]:
    what = f"{name}: a line"
    return tuple(
        RefundLine(
            line_external_id=identity(line.line_item_id),
            quantity=counted(line.quantity),
            restock=RESTOCK.get(restock_type(refund, line.restock_type), Restock.NONE),
            amount_minor=_shop(line.subtotal_set, line.subtotal, amounts, what),
            tax_minor=_shop(line.total_tax_set, line.total_tax, amounts, what),
        )
        for line in refund.refund_line_items or ()
    )


def _shop(
    money: MoneySet | None, plain: object, amounts: Amounts, what: str, *, may_be_negative: bool = False
) -> int:
    given = money.shop_money.amount if money and money.shop_money else plain
    return amounts.minor(given, what, may_be_negative=may_be_negative)


def _at(refund: Refund, doubts: list[str]) -> datetime | None:
    return moment(refund.processed_at or refund.created_at, "processed_at of a refund", doubts)
