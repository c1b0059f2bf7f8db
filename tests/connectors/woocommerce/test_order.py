from datetime import UTC, datetime

import pytest
from tests.connectors.woocommerce.bodies import AT, a_line, an_order, sold

from quartermaster.orders.ports import Address, Buyer, PaymentState

PLACE = {
    "first_name": "Jonas",
    "last_name": "Lind",
    "address_1": "Storgatan 5",
    "city": "Malm&ouml;",
    "postcode": "211 42",
    "country": "se",
    "email": "jonas@example.org",
    "phone": "+46 40 5550123",
}
UNPAID = {"date_paid_gmt": None}


@pytest.mark.parametrize(
    ("told", "payment", "cancelled", "fulfilled"),
    [
        ({"status": "pending"} | UNPAID, PaymentState.PENDING, 0, 0),
        ({"status": "on-hold"} | UNPAID, PaymentState.PENDING, 0, 0),
        ({"status": "on-hold"}, PaymentState.PAID, 0, 0),
        ({"status": "processing"}, PaymentState.PAID, 0, 0),
        ({"status": "wc-processing"}, PaymentState.PAID, 0, 0),
        ({"status": "processing", "payment_method": "cheque"} | UNPAID, PaymentState.PAID, 0, 0),
        ({"status": "processing", "payment_method": "cod"} | UNPAID, PaymentState.ON_DELIVERY, 0, 0),
        ({"status": "completed", "payment_method": "cod"} | UNPAID, PaymentState.PAID, 0, 2),
        ({"status": "completed"}, PaymentState.PAID, 0, 2),
        ({"status": "cancelled"} | UNPAID, PaymentState.VOIDED, 2, 0),
        ({"status": "cancelled"}, PaymentState.PAID, 2, 0),
        ({"status": "refunded"}, PaymentState.REFUNDED, 2, 0),
        ({"status": "refunded", "date_completed_gmt": "2026-11-02T00:00:00"}, PaymentState.REFUNDED, 0, 2),
        ({"status": "failed"} | UNPAID, PaymentState.PENDING, 0, 0),
    ],
)
def test_the_status_tells_of_payment_and_units(
    told: dict[str, object], payment: PaymentState, cancelled: int, fulfilled: int
):
    order = sold(an_order(line_items=[a_line(quantity=2)], **told))
    assert order.payment_state is payment
    assert (order.lines[0].cancelled, order.lines[0].fulfilled) == (cancelled, fulfilled)
    assert order.is_cancelled is bool(cancelled)
    assert order.doubts == ()


@pytest.mark.parametrize("status", ["on-hold", "failed"])
def test_woocommerce_itself_can_ask_to_wait(status: str):
    assert len(sold(an_order(status=status)).asks_hold) == 1
    assert sold(an_order()).asks_hold == ()


def test_a_status_of_a_plugin_is_a_doubt():
    order = sold(an_order(status="awaiting-engraving"))
    assert order.doubts == ("The status 'awaiting-engraving' is none of WooCommerce's own.",)
    assert order.payment_state is PaymentState.PAID
    assert sold(an_order(status="odd", date_paid_gmt=None)).payment_state is PaymentState.UNKNOWN
    assert sold(an_order(status=None)).doubts == ("No status is given.",)


def test_an_order_says_who_and_where():
    order = sold(an_order(billing=PLACE, shipping=PLACE | {"country": "", "phone": ""}, customer_id=4))
    assert order.buyer == Buyer("4", "Jonas Lind", "jonas@example.org", "+46 40 5550123")
    assert order.bill_to == Address(
        name="Jonas Lind",
        line1="Storgatan 5",
        city="Malmö",
        postcode="211 42",
        country="SE",
        phone="+46 40 5550123",
    )
    assert order.ship_to is not None
    assert (order.ship_to.country, order.ship_to.phone) == ("", "")


def test_guests_have_no_id_and_empty_addresses_are_none():
    order = sold(an_order(customer_id=0, shipping=dict.fromkeys(PLACE, ""), billing=[]))
    assert (order.buyer, order.ship_to, order.bill_to) == (Buyer(), None, None)


def test_entities_in_names_are_read_as_people_see_them():
    order = sold(an_order(line_items=[a_line(name="Mug &ndash; blue &amp; white &lt;new&gt;")]))
    assert order.lines[0].title == "Mug – blue & white <new>"


def test_a_sku_may_be_null_and_the_variation_is_the_alias():
    line = sold(an_order(line_items=[a_line(sku=None, variation_id=9)])).lines[0]
    assert (line.code, line.channel_product) == ("", "9")
    assert sold(an_order()).lines[0].channel_product == "7"


def test_half_a_unit_is_a_doubt():
    order = sold(an_order(line_items=[a_line(quantity=1.5)]))
    assert order.lines[0].ordered == 0
    assert order.doubts == ("line 11: the quantity is 1.5; taken as 0.",)


def test_attributes_of_any_shape_are_no_trouble():
    odd = [{"id": 1, "key": "size", "value": {"a": [1, None]}}, None, 5, "x"]
    order = sold(an_order(meta_data=odd, line_items=[a_line(meta_data=odd, meta="x", taxes=[None])]))
    assert order.doubts == ()


def test_moments_are_utc():
    order = sold(an_order(date_created="2026-11-01T23:00:00", date_modified="2026-11-01T23:00:05"))
    assert order.placed_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert order.updated_at == datetime(2026, 11, 1, 10, 0, 5, tzinfo=UTC)


def test_local_time_alone_is_taken_as_utc_and_said():
    order = sold(an_order(date_created_gmt=None, date_created="2026-11-01T23:00:00"))
    assert order.placed_at == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert order.doubts == ("date_created is only told in the shop's local time; taken as UTC.",)
    zoned = sold(an_order(date_created_gmt=None, date_created="2026-11-01T23:00:00+02:00"))
    assert (zoned.placed_at, zoned.doubts) == (datetime(2026, 11, 1, 21, tzinfo=UTC), ())


@pytest.mark.parametrize("never", [None, "", "0000-00-00T00:00:00"])
def test_an_undated_order_is_older_than_any_dated_one(never: str | None):
    order = sold(an_order(date_modified_gmt=never, date_created_gmt=never))
    assert order.version < sold(an_order(date_modified_gmt="2001-01-01T00:00:00")).version
    assert (order.placed_at, order.updated_at) == (AT, AT)
    assert "It does not say when it was last changed" in order.doubts[0]


def test_what_happened_later_in_one_second_is_the_newer_version():
    refund = [{"id": 9, "total": "-4.00"}]
    steps = [
        an_order(status="pending", date_paid_gmt=None),
        an_order(status="on-hold", date_paid_gmt=None),
        an_order(),
        an_order(refunds=refund),
        an_order(status="completed", refunds=refund),
        an_order(status="refunded", refunds=[*refund, {"id": 10, "total": "-6.00"}]),
    ]
    told = [sold(step).version for step in steps]
    assert told == sorted(set(told))


def test_a_later_second_counts_more_than_any_status():
    restored = sold(an_order(status="pending", date_modified_gmt="2026-11-01T10:00:06"))
    assert restored.version > sold(an_order(status="refunded")).version


def test_shown_with_the_order_but_never_computed_with():
    order = sold(
        an_order(
            coupon_lines=[{"code": "crumb5", "discount": "5.00"}],
            tax_lines=[{"label": "VAT", "rate_percent": 19, "tax_total": "1.60"}],
            fee_lines=[{"name": "Wrap &amp; bow", "total": "0.00"}],
            payment_method_title="Card (Stripe)",
            created_via="checkout",
            prices_include_tax=True,
        )
    )
    assert order.detail == {
        "status": "processing",
        "discount_codes": [{"code": "crumb5", "amount": "5.00"}],
        "tax_lines": [{"title": "VAT", "rate": "19", "amount": "1.60"}],
        "fee_lines": [{"title": "Wrap & bow", "amount": "0.00"}],
        "payment_method": "Card (Stripe)",
        "source": "checkout",
        "prices_entered": "with tax",
    }
