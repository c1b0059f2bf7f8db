import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.amazon.bodies import a_line, an_order, euros, of_kind, sold, sold_in

from quartermaster.orders.ports import PaymentState
from quartermaster.testing.conformance.soundness import assert_sound

GERMANY, AMERICA, JAPAN = "A1PA6795UKMFR9", "ATVPDKIKX0DER", "A1VC38T7YXB528"
ITEM, TAX = of_kind("ITEM", "10.00"), of_kind("TAX", "1.60")


@pytest.mark.parametrize(
    ("marketplace", "total", "is_inside", "tax"),
    [
        (GERMANY, "10.00", True, 160),
        (GERMANY, "11.60", False, 160),
        (AMERICA, "11.60", False, 160),
        (AMERICA, "10.00", False, 0),
    ],
    ids=["inside", "on top in Europe too", "on top", "kept by Amazon"],
)
def test_the_sum_tells_whether_tax_is_inside(marketplace: str, total: str, is_inside: bool, tax: int):
    order = sold(an_order(total, orderItems=[a_line("11", 1, ITEM, TAX)], **sold_in(marketplace)))

    assert (order.is_tax_included, order.totals.tax, order.doubts) == (is_inside, tax, ())


def test_tax_that_amazon_pays_on_is_shown_and_not_ours():
    order = sold(an_order("10.00", orderItems=[a_line("11", 1, ITEM, TAX)], **sold_in(AMERICA)))

    assert order.detail["tax_paid_on_by_amazon"] == "EUR 1.60"


def test_a_sum_that_fits_neither_way_is_a_doubt():
    order = sold(an_order("10.40", orderItems=[a_line("11", 1, ITEM, TAX)]))

    assert order.doubts == ("The total is EUR 10.40, but its parts come to EUR 10.00.",)


def test_where_no_tax_is_told_the_marketplace_says_where_it_is():
    assert sold(an_order(**sold_in(GERMANY))).is_tax_included
    assert not sold(an_order(**sold_in(AMERICA))).is_tax_included


def test_yen_have_no_cents():
    yen = {"product": {"sellerSku": "MUG", "title": "Mug", "price": {"unitPrice": euros("3480", "JPY")}}}
    line = a_line("11", 2, of_kind("ITEM", "6960", "JPY"), of_kind("DISCOUNT", "-696", "JPY"), **yen)
    order = sold(an_order("6264", "JPY", orderItems=[line], **sold_in(JAPAN)))

    assert (order.currency, order.totals.total, order.lines[0].unit_price_minor) == ("JPY", 6264, 3480)
    assert (order.lines[0].gross_minor, order.lines[0].discount_minor, order.doubts) == (6960, 696, ())


@pytest.mark.parametrize("sign", ["", "-"])
def test_each_kind_of_proceeds_has_its_place(sign: str):
    kinds = [
        of_kind("ITEM", "10.00"),
        of_kind("SHIPPING", "4.00"),
        of_kind("GIFT_WRAP", "2.00"),
        of_kind("COD_FEE", "1.00"),
        of_kind("DISCOUNT", f"{sign}3.00", ITEM=f"{sign}2.00", SHIPPING=f"{sign}1.00"),
        of_kind("TAX", "2.30", ITEM="1.60", SHIPPING="0.70"),
    ]
    order = sold(an_order("14.00", orderItems=[a_line("11", 1, *kinds)]))

    found = order.totals
    assert (found.items, found.shipping, found.fees, found.discount, found.tax) == (1000, 400, 300, 300, 230)
    assert (order.lines[0].discount_minor, order.lines[0].tax_minor, order.doubts) == (200, 160, ())


def test_a_tip_belongs_to_the_order():
    whole = {"grandTotal": euros("15.00"), "breakdowns": [ITEM, of_kind("DELIVERY_TIP", "5.00")]}
    order = sold(an_order(proceeds=whole))

    assert (order.totals.tip, order.totals.total, order.doubts) == (500, 1500, ())


def test_an_amount_in_another_currency_is_not_added():
    order = sold(an_order(orderItems=[a_line("11", 1, ITEM, of_kind("SHIPPING", "4.00", "USD"))]))

    assert order.totals.shipping == 0
    assert "line 11: SHIPPING is in USD, the order in EUR; taken as 0." in order.doubts


def test_nothing_is_a_price():
    order = sold(an_order("0.00", orderItems=[a_line("11", 1, of_kind("ITEM", "0.00"))]))

    assert (order.totals.total, order.payment_state, order.tenders) == (0, PaymentState.PAID, ())
    assert order.doubts == ()


def test_what_is_collected_at_the_door_is_not_paid_yet():
    payment = {"paymentExecutions": [{"paymentMethod": "CashOnDelivery", "paymentAmount": euros("10.00")}]}
    order = sold(an_order(payment=payment))

    assert (order.payment_state, order.totals.paid) == (PaymentState.ON_DELIVERY, 0)
    assert [(one.kind, one.amount_minor, one.state) for one in order.tenders] == [
        ("on_delivery", 1000, "pending")
    ]


@given(
    prices=st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 50)), min_size=1, max_size=5),
    tax=st.integers(0, 10**8),
    is_inside=st.booleans(),
)
def test_whatever_adds_up_is_read_to_the_cent(prices: list[tuple[int, int]], tax: int, is_inside: bool):
    def told(minor: int) -> str:
        return f"{minor // 100}.{minor % 100:02}"

    lines = [
        a_line(str(n), units, of_kind("ITEM", told(price)), of_kind("TAX", told(tax if n == 0 else 0)))
        for n, (price, units) in enumerate(prices, 1)
    ]
    items = sum(price for price, _ in prices)
    whole = {"breakdowns": [of_kind("ITEM", told(items)), of_kind("TAX", told(tax))]}
    total = items if is_inside else items + tax
    order = sold(an_order(proceeds={**whole, "grandTotal": euros(told(total))}, orderItems=lines))

    assert_sound((order,))
    assert (order.totals.items, order.totals.total, order.totals.tax) == (items, total, tax)
    assert (order.doubts, order.is_tax_included) == ((), is_inside or not tax)
