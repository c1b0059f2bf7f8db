import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.shopify.bodies import a_line, a_refund, an_order, money, sold

from quartermaster.connectors.amounts import gap
from quartermaster.orders.ports import OrderSold, PaymentState


def adds_up(order: OrderSold) -> bool:
    return gap(order.totals, is_tax_included=order.is_tax_included) == 0


def test_tax_on_top_is_added_to_the_parts():
    order = sold(an_order(taxes_included=False, total_tax="1.90", total_price="11.90"))
    assert adds_up(order)
    assert (order.totals.tax, order.is_tax_included, order.doubts) == (190, False, ())


def test_tax_within_the_prices_is_not_added_again():
    order = sold(an_order(total_tax="1.60"))
    assert adds_up(order)
    assert (order.totals.tax, order.totals.total) == (160, 1000)


def test_tax_is_read_from_its_lines_when_the_order_has_no_sum():
    lines = [{"title": "State", "price": "0.40"}, {"title": "City", "price": "0.10"}]
    order = sold(an_order(taxes_included=False, total_tax=None, tax_lines=lines, total_price="10.50"))
    assert (order.totals.tax, order.doubts) == (50, ())
    line = a_line(tax_lines=lines)
    assert sold(an_order(taxes_included=False, line_items=[line], total_price="10.50")).totals.tax == 50


def test_a_discount_is_read_from_its_shares_on_the_lines():
    lines = [
        a_line(discount_allocations=[{"amount": "1.00"}, {"amount": "0.50"}]),
        a_line(id=2, discount_allocations=[{"amount": "0.50"}]),
    ]
    order = sold(an_order(line_items=lines, total_price="18.00", total_discounts="2.00"))
    assert [line.discount_minor for line in order.lines] == [150, 50]
    assert order.totals.discount == 200
    assert adds_up(order)


def test_allocations_are_not_counted_again_as_the_line_s_discount():
    line = a_line(total_discount="2.00", discount_allocations=[{"amount": "2.00"}])
    assert sold(an_order(line_items=[line], total_price="8.00")).totals.discount == 200


def test_a_discount_told_only_for_the_order_is_shared_among_its_lines_to_the_cent():
    lines = [a_line(id=n) for n in (1, 2, 3)]
    order = sold(an_order(line_items=lines, total_price="20.00", total_discounts="10.00"))
    assert sum(line.discount_minor for line in order.lines) == order.totals.discount == 1000
    assert max(line.discount_minor for line in order.lines) == 334
    assert order.doubts == ()


def test_a_discount_on_shipping_falls_on_no_line():
    shipping = [{"title": "Post", "price": "5.00", "discount_allocations": [{"amount": "5.00"}]}]
    order = sold(an_order(shipping_lines=shipping, total_discounts="5.00"))
    assert (order.totals.shipping, order.totals.discount, order.lines[0].discount_minor) == (500, 500, 0)
    old = [{"title": "Post", "price": "5.00", "discounted_price": "1.00"}]
    assert sold(an_order(shipping_lines=old, total_price="11.00")).totals.discount == 400


def test_shipping_that_an_edit_took_off_costs_nothing():
    shipping = [{"price": "5.00", "title": "Post"}, {"price": "9.00", "title": "Express", "is_removed": True}]
    order = sold(an_order(shipping_lines=shipping, total_price="15.00"))
    assert (order.totals.shipping, order.shipping_method, order.doubts) == (500, "Post", ())


def test_duties_and_fees_are_added_when_they_are_on_top():
    told = {"original_total_duties_set": money("2.00"), "original_total_additional_fees_set": money("0.50")}
    order = sold(an_order(total_price="12.50", **told))
    assert (order.totals.fees, order.doubts) == (250, ())
    assert sold(an_order(**told)).totals.fees == 0, "included in the prices"


def test_cash_rounding_counts_only_where_the_total_needs_it():
    told = {"total_cash_rounding_payment_adjustment_set": money("-0.02")}
    line = a_line(price="10.02")
    assert sold(an_order(line_items=[line], total_price="10.02", **told)).totals.rounding == 0
    rounded = sold(an_order(line_items=[line], **told))
    assert (rounded.totals.rounding, rounded.doubts) == (-2, ())


def test_a_total_that_nothing_explains_is_a_doubt_with_both_numbers():
    order = sold(an_order(total_price="12.34"))
    assert order.doubts == ("The total is EUR 12.34, but its parts come to EUR 10.00.",)
    assert (order.totals.total, order.totals.items) == (1234, 1000)


def test_a_missing_total_is_a_doubt_and_not_the_sum_of_the_parts():
    order = sold(an_order(total_price=None))
    assert order.totals.total == 0
    assert "No total price is given." in order.doubts


@pytest.mark.parametrize(("currency", "price", "minor"), [("JPY", "1200", 1200), ("BHD", "1.234", 1234)])
def test_currencies_have_their_own_decimals(currency: str, price: str, minor: int):
    order = sold(an_order(currency=currency, line_items=[a_line(price=price)], total_price=price))
    assert (order.totals.items, order.totals.total, order.doubts) == (minor, minor, ())


def test_a_currency_nobody_knows_is_kept_and_doubted():
    order = sold(an_order(currency="xqz"))
    assert (order.currency, order.totals.total) == ("XQZ", 1000)
    assert order.doubts == ("The currency 'XQZ' is not in ISO 4217: amounts are read with two decimals.",)


def test_the_currency_is_found_on_an_amount_when_the_order_names_none():
    order = sold(an_order(currency=None, line_items=[a_line(price_set=money("10.00", "SEK"))]))
    assert (order.currency, order.doubts) == ("SEK", ())


def test_what_the_buyer_saw_is_kept_beside_what_the_shop_counts():
    both = {
        "shop_money": {"amount": "10.00"},
        "presentment_money": {"amount": "1640", "currency_code": "JPY"},
    }
    order = sold(an_order(presentment_currency="JPY", total_price_set=both))
    assert (order.presentment_currency, order.presentment_total_minor) == ("JPY", 1640)
    assert sold(an_order(presentment_currency="EUR")).presentment_total_minor is None


@pytest.mark.parametrize(
    ("told", "state", "paid"),
    [
        ({"financial_status": "paid"}, PaymentState.PAID, 1000),
        ({"financial_status": "paid", "total_outstanding": "0.00"}, PaymentState.PAID, 1000),
        ({"financial_status": "paid", "total_outstanding": "4.00"}, PaymentState.PAID, 600),
        ({"financial_status": "partially_paid", "total_outstanding": "4.00"}, PaymentState.PARTLY_PAID, 600),
        ({"financial_status": "authorized", "total_outstanding": "0.00"}, PaymentState.AUTHORISED, 0),
        ({"financial_status": "pending", "total_outstanding": "10.00"}, PaymentState.PENDING, 0),
        ({"financial_status": "voided"}, PaymentState.VOIDED, 0),
        ({"financial_status": "expired"}, PaymentState.VOIDED, 0),
        (
            {"financial_status": "pending", "payment_gateway_names": ["Cash on Delivery (COD)"]},
            PaymentState.ON_DELIVERY,
            0,
        ),
        (
            {"financial_status": "refunded", "current_total_price": "0.00", "total_outstanding": "0.00"}
            | {"refunds": [a_refund()]},
            PaymentState.REFUNDED,
            1000,
        ),
        ({"financial_status": "paid", "total_outstanding": "-2.00"}, PaymentState.PAID, 1200),
    ],
)
def test_what_is_paid_follows_from_what_is_outstanding(
    told: dict[str, object], state: PaymentState, paid: int
):
    order = sold(an_order(**told))
    assert (order.payment_state, order.totals.paid) == (state, paid)


def test_an_edit_that_made_the_order_smaller_leaves_it_paid():
    line = a_line(quantity=2, current_quantity=1, fulfillable_quantity=1)
    told = {"total_price": "20.00", "current_total_price": "10.00", "total_outstanding": "0.00"}
    order = sold(an_order(line_items=[line], **told))
    assert (order.totals.total, order.totals.paid, order.totals.outstanding) == (2000, 1000, 0)


def test_paid_in_part_without_saying_how_much_is_a_doubt():
    order = sold(an_order(financial_status="partially_paid"))
    assert order.doubts == ("It is paid in part; how much is not said.",)


@pytest.mark.parametrize("status", ["", None, "settled"])
def test_a_financial_status_that_is_not_known_is_a_doubt(status: str | None):
    order = sold(an_order(financial_status=status))
    assert order.payment_state is PaymentState.UNKNOWN
    assert len(order.doubts) == 1


def test_several_gateways_are_one_tender_because_their_shares_are_not_told():
    (tender,) = sold(an_order(payment_gateway_names=["gift_card", "shopify_payments", ""])).tenders
    assert (tender.kind, tender.gateway, tender.amount_minor) == (
        "other",
        "gift_card + shopify_payments",
        1000,
    )
    (tender,) = sold(an_order(payment_gateway_names=["gift_card"])).tenders
    assert (tender.kind, tender.state) == ("gift_card", "captured")


def test_parts_of_a_cent_are_rounded_once_for_the_line():
    order = sold(an_order(line_items=[a_line(price="0.333", quantity=3)], total_price="1.00"))
    assert (order.lines[0].unit_price_minor, order.lines[0].gross_minor) == (33, 100)


@given(
    prices=st.lists(st.integers(0, 99_999), min_size=1, max_size=5),
    off=st.integers(0, 5_000),
    shipping=st.integers(0, 2_000),
    tax=st.integers(0, 9_000),
    included=st.booleans(),
)
def test_an_order_that_adds_up_is_read_without_a_doubt(
    prices: list[int], off: int, shipping: int, tax: int, included: bool
):
    off = min(off, sum(prices))
    total = sum(prices) - off + shipping + (0 if included else tax)
    lines = [a_line(id=n, price=f"{price / 100:.2f}") for n, price in enumerate(prices, 1)]
    order = sold(
        an_order(
            line_items=lines,
            taxes_included=included,
            total_tax=f"{tax / 100:.2f}",
            total_discounts=f"{off / 100:.2f}",
            shipping_lines=[{"title": "Post", "price": f"{shipping / 100:.2f}"}],
            total_price=f"{total / 100:.2f}",
        )
    )
    assert order.doubts == ()
    assert adds_up(order)
    assert sum(line.discount_minor for line in order.lines) == order.totals.discount
