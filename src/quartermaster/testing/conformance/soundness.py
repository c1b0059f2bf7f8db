"""What holds for every order that was read, whatever was sent; the orders stage relies on it."""

from datetime import timedelta

import msgspec

from quartermaster.core.texts import storable
from quartermaster.orders.ports import LineSold, OrderSold, Reading, RefundNotice, RefundSold, Totals

MONEY_MAX = 10**16
UNITS_MAX = 2**31 - 1


def gap(totals: Totals, *, is_tax_included: bool) -> int:
    """How much more the total is than its parts, by the equation of `orders.ports.Totals`."""
    on_top = 0 if is_tax_included else totals.tax
    parts = (
        totals.items - totals.discount + totals.shipping + totals.fees + totals.tip + totals.rounding + on_top
    )
    return totals.total - parts


def assert_sound(reading: Reading) -> None:
    """Everything a reading promises, for each of its parts."""
    if not isinstance(reading, tuple):
        assert reading.because.strip(), "ignored without a reason"
        return
    assert reading, "neither an order nor a reason"
    for one in reading:
        text = msgspec.json.encode(one).decode()
        assert storable(text) == text, "text that no database can hold"
        assert "\\u0000" not in text, "text that no database can hold"
        if isinstance(one, OrderSold):
            _assert_order(one)
        else:
            assert 0 < len(one.order_external_id) <= 255
        if isinstance(one, RefundNotice):
            _assert_refund(one.refund)


def _assert_order(order: OrderSold) -> None:
    assert 0 < len(order.external_id) <= 255
    assert 0 < len(order.version) <= 255
    assert order.version.isascii()
    assert order.placed_at.utcoffset() == order.updated_at.utcoffset() == timedelta(0), "not in UTC"
    totals = order.totals
    parts = (
        totals.items,
        totals.discount,
        totals.shipping,
        totals.tax,
        totals.total,
        totals.fees,
        totals.tip,
    )
    assert all(0 <= amount <= MONEY_MAX for amount in (*parts, totals.paid, totals.refunded))
    if gap(totals, is_tax_included=order.is_tax_included):
        assert order.doubts, "the total is not the sum of its parts, and nothing says so"
    ids = [line.external_id for line in order.lines]
    assert len(set(ids)) == len(ids), "two lines with one id"
    assert len({tender.external_id for tender in order.tenders}) == len(order.tenders)
    assert all(tender.amount_minor >= 0 for tender in order.tenders)
    assert totals.refunded == sum(refund.amount_minor for refund in order.refunds)
    assert all(sentence.strip() for sentence in (*order.doubts, *order.asks_hold))
    for line in order.lines:
        _assert_line(line, order)
    for refund in order.refunds:
        _assert_refund(refund)


def _assert_line(line: LineSold, order: OrderSold) -> None:
    assert 0 < len(line.external_id) <= 255
    assert len(line.code) <= 255
    assert 0 <= line.ordered <= UNITS_MAX
    assert min(line.cancelled, line.fulfilled, line.returned) >= 0
    assert line.cancelled + line.fulfilled <= line.ordered
    assert line.returned <= line.fulfilled
    assert min(line.unit_price_minor, line.gross_minor, line.discount_minor, line.tax_minor) >= 0
    if not 0 < line.ordered <= 1_000_000:
        assert order.doubts, f"{line.ordered} units, and nothing says that this is odd"


def _assert_refund(refund: RefundSold) -> None:
    assert 0 < len(refund.external_id) <= 255
    assert 0 < refund.amount_minor <= MONEY_MAX
    assert refund.at.utcoffset() == timedelta(0)
    assert all(line.quantity >= 0 and line.amount_minor >= 0 for line in refund.lines)
