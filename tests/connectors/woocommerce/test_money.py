import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.woocommerce.bodies import a_line, an_order, sold

from quartermaster.connectors.amounts import gap
from quartermaster.orders.ports import PaymentState, RefundSold


def test_amounts_are_without_tax_and_the_tax_is_on_top():
    order = sold(an_order(total="12.40", total_tax="1.90", shipping_total="0.50", prices_include_tax=True))
    assert (order.is_tax_included, order.totals.tax, order.totals.shipping, order.doubts) == (
        False,
        190,
        50,
        (),
    )


def test_a_discount_is_what_the_line_lost():
    order = sold(an_order(line_items=[a_line(subtotal="10.00", total="8.50")], total="8.50"))
    assert (order.totals.items, order.totals.discount, order.lines[0].discount_minor) == (1000, 150, 150)
    assert order.doubts == ()


def test_the_price_is_never_read():
    """It is a float, and nonsense when the quantity is."""
    order = sold(an_order(line_items=[a_line(price=99.999999999, quantity=3)]))
    assert (order.lines[0].unit_price_minor, order.lines[0].gross_minor) == (333, 1000)


def test_a_line_without_a_subtotal_costs_its_total():
    order = sold(an_order(line_items=[a_line(subtotal=None)]))
    assert (order.lines[0].gross_minor, order.lines[0].discount_minor) == (1000, 0)


def test_a_line_that_became_dearer_has_no_negative_discount():
    order = sold(an_order(line_items=[a_line(subtotal="9.00", total="10.00")]))
    assert (order.lines[0].gross_minor, order.lines[0].discount_minor, order.doubts) == (1000, 0, ())


def test_fees_are_added_and_fees_below_zero_are_discounts_on_the_lines():
    fees = [{"name": "Gift wrap", "total": "3.00"}, {"name": "Friends", "total": "-5.00"}]
    lines = [a_line(), a_line(id=12, subtotal="30.00", total="30.00")]
    order = sold(an_order(line_items=lines, fee_lines=fees, total="38.00"))
    assert (order.totals.fees, order.totals.discount) == (300, 500)
    assert [line.discount_minor for line in order.lines] == [125, 375]
    assert order.doubts == ()


def test_shipping_is_read_from_its_lines_when_the_order_has_no_sum():
    lines = [{"method_title": "Post", "total": "4.00"}, {"method_title": "Pallet", "total": "6.00"}]
    order = sold(an_order(shipping_total=None, shipping_lines=lines, total="20.00"))
    assert (order.totals.shipping, order.shipping_method, order.doubts) == (1000, "Post, Pallet", ())


def test_cents_lost_in_printing_are_rounding_and_no_doubt():
    """Three times 8.264463 net and 1.735537 tax are 30.00, but printed 8.26, 8.26, 8.26 and 5.21."""
    lines = [a_line(id=n, subtotal="8.26", total="8.26") for n in (1, 2, 3)]
    order = sold(an_order(line_items=lines, total_tax="5.21", total="30.00"))
    assert (order.totals.rounding, order.doubts) == (1, ())


@pytest.mark.parametrize(("total", "tax"), [("15.24", "5.21"), ("10.01", "0.00"), ("9.99", "0.00")])
def test_more_than_printing_can_lose_is_a_doubt(total: str, tax: str):
    order = sold(an_order(total=total, total_tax=tax))
    assert order.totals.rounding == 0
    assert order.doubts[0].startswith(f"The total is EUR {total}, but its parts come to EUR ")


def test_a_total_that_nothing_explains_is_a_doubt_with_both_numbers():
    order = sold(an_order(total="17.00"))
    assert order.doubts == ("The total is EUR 17.00, but its parts come to EUR 10.00.",)


def test_refunds_are_told_below_zero():
    told = [{"id": 9, "reason": "Too small &amp; late", "total": "-4.00"}]
    order = sold(an_order(status="completed", refunds=told))
    assert order.refunds == (RefundSold("9", order.placed_at, 400, because="Too small & late"),)
    assert (order.totals.refunded, order.totals.paid) == (400, 1000)
    assert order.payment_state is PaymentState.PARTLY_REFUNDED


def test_a_refund_bears_the_same_date_in_every_message():
    refunds = [{"id": 9, "total": "-4.00"}]
    told = [sold(an_order(refunds=refunds, date_modified_gmt=f"2026-11-0{n}T00:00:00")) for n in (2, 3)]
    assert told[0].refunds == told[1].refunds


def test_everything_given_back_is_refunded():
    order = sold(an_order(status="completed", refunds=[{"id": 9, "total": "-10.00"}]))
    assert order.payment_state is PaymentState.REFUNDED


def test_a_refund_before_shipping_makes_the_units_doubtful():
    told = "EUR 4.00 was refunded before shipping, and not for which units: check what is still wanted."
    assert told in sold(an_order(refunds=[{"id": 9, "total": "-4.00"}])).doubts
    assert sold(an_order(status="completed", refunds=[{"id": 9, "total": "-4.00"}])).doubts == ()


def test_a_refund_without_an_id_is_doubted():
    order = sold(an_order(status="completed", refunds=[{"id": None, "total": "-4.00"}]))
    assert order.refunds == ()
    assert order.doubts == ("A refund of EUR 4.00 has no id.",)


def test_one_means_of_payment_an_order():
    (tender,) = sold(an_order(transaction_id="ch_1")).tenders
    assert (tender.external_id, tender.kind, tender.state) == ("ch_1", "card", "captured")
    (tender,) = sold(an_order(status="failed", payment_method="paypal", date_paid_gmt=None)).tenders
    assert (tender.external_id, tender.kind, tender.state) == ("paypal", "other", "failed")
    assert sold(an_order(payment_method="")).tenders == ()


@given(
    nets=st.lists(st.integers(1, 99_999), min_size=1, max_size=6),
    off=st.integers(0, 9),
    shipping=st.integers(0, 2_000),
    fee=st.integers(-500, 500),
    tax=st.integers(0, 9_000),
)
def test_an_order_that_adds_up_is_read_without_a_doubt(
    nets: list[int], off: int, shipping: int, fee: int, tax: int
):
    lines = [
        a_line(id=n, subtotal=f"{net / 100:.2f}", total=f"{max(0, net - off) / 100:.2f}")
        for n, net in enumerate(nets, 1)
    ]
    total = sum(max(0, net - off) for net in nets) + shipping + fee + tax
    order = sold(
        an_order(
            line_items=lines,
            shipping_total=f"{shipping / 100:.2f}",
            fee_lines=[{"name": "Fee", "total": f"{fee / 100:.2f}"}],
            total_tax=f"{tax / 100:.2f}",
            total=f"{max(0, total) / 100:.2f}",
        )
    )
    if total >= 0:
        assert order.doubts == ()
        assert gap(order.totals, is_tax_included=False) == 0
