from datetime import UTC, datetime

from tests.connectors.shopify.bodies import a_payback, a_refund, a_refunded_line, an_order, money, read, sold

from quartermaster.orders.ports import Ignored, RefundNotice, Restock


def noticed(**told: object) -> RefundNotice:
    reading = read(a_refund(**told))
    assert isinstance(reading, tuple), reading
    (notice,) = reading
    assert isinstance(notice, RefundNotice)
    return notice


def test_a_refund_on_its_own_and_inside_its_order_are_the_same():
    refund = a_refund(
        note="Too late",
        order_adjustments=[{"kind": "shipping_refund", "amount": "-2.00", "tax_amount": "0.00"}],
    )
    (inside,) = sold(an_order(refunds=[refund])).refunds
    assert read(refund) == (RefundNotice("500", inside, "EUR"),)


def test_only_transactions_that_moved_money_back_count():
    others = [
        a_payback(status="pending"),
        a_payback(status="failure"),
        a_payback(status="error"),
        a_payback(kind="sale"),
        a_payback(kind="void"),
        a_payback(kind="suggested_refund"),
    ]
    assert noticed(transactions=[*others, a_payback(amount="3.00")]).refund.amount_minor == 300


def test_a_refund_paid_back_two_ways_is_their_sum():
    both = [a_payback(amount="4.00"), a_payback(amount="6.00", gateway="gift_card")]
    assert noticed(transactions=both).refund.amount_minor == 1000


def test_a_refund_that_paid_nothing_changes_nothing_by_itself():
    for transactions in ([], [a_payback(status="pending")]):
        reading = read(a_refund(transactions=transactions))
        assert isinstance(reading, Ignored)
        assert "paid nothing back" in reading.because
    assert sold(an_order(refunds=[a_refund(transactions=[])])).refunds == ()


def test_what_the_refund_did_with_its_units_is_told():
    kinds = ["cancel", "return", "no_restock", "legacy_restock", "melted"]
    lines = [a_refunded_line(line_item_id=n, restock_type=kind) for n, kind in enumerate(kinds, 1)]
    told = [line.restock for line in noticed(refund_line_items=lines).refund.lines]
    assert told == [Restock.CANCEL, Restock.RETURN, Restock.NONE, Restock.CANCEL, Restock.NONE]


def test_a_refund_that_did_nobody_knows_what_makes_its_order_doubtful():
    refund = a_refund(refund_line_items=[a_refunded_line(restock_type="melted")])
    assert (
        "What a refund did with its units is not known: 'melted'." in sold(an_order(refunds=[refund])).doubts
    )


def test_shipping_paid_back_is_told_the_old_way_and_the_new():
    old = [{"kind": "shipping_refund", "amount": "-4.90", "tax_amount": "-0.78", "reason": "Shipping refund"}]
    assert noticed(order_adjustments=old).refund.shipping_minor == 568
    new = [{"subtotal_amount_set": money("4.90"), "tax_amount_set": money("0.78")}]
    assert noticed(refund_shipping_lines=new).refund.shipping_minor == 568


def test_a_refund_in_the_buyer_s_currency_is_counted_in_the_shop_s():
    """EUR 10.00 and EUR 1.60 tax on top for the goods, EUR 5.00 shipping, EUR 2.00 kept back."""
    refund = a_refund(
        refund_line_items=[a_refunded_line(subtotal_set=money("10.00"), total_tax_set=money("1.60"))],
        refund_shipping_lines=[{"subtotal_amount_set": money("5.00")}],
        order_adjustments=[{"kind": "refund_discrepancy", "amount_set": money("2.00")}],
        transactions=[a_payback(amount="16.06", currency="USD")],
    )
    assert noticed(**refund).refund.amount_minor == 1460
    assert noticed(**refund).currency == "EUR"


def test_a_refund_in_another_currency_without_the_shop_s_amounts_is_not_converted():
    refund = a_refund(transactions=[a_payback(currency="USD")])
    order = sold(an_order(refunds=[refund]))
    assert order.refunds == ()
    assert "refund 900 gave back 10.00 USD; what that is in EUR is not said." in order.doubts


def test_a_refund_bears_its_own_date_else_that_of_the_order():
    assert noticed().refund.at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    created = noticed(processed_at=None, created_at="2026-11-03T00:00:00Z")
    assert created.refund.at == datetime(2026, 11, 3, tzinfo=UTC)
    order = sold(an_order(refunds=[a_refund(processed_at=None)]))
    assert order.refunds[0].at == order.updated_at


def test_refunds_without_an_id_cannot_be_told_apart_and_are_doubted():
    order = sold(an_order(refunds=[a_refund(id=None)]))
    assert order.refunds == ()
    assert "A refund of EUR 10.00 has no id." in order.doubts
