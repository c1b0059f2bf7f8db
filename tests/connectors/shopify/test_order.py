import json
from datetime import UTC, datetime, timedelta

from tests.connectors.shopify.bodies import AT, a_fulfillment, a_line, a_refund, an_order, read, sold

from quartermaster.connectors.shopify import translate
from quartermaster.orders.ports import Address, Buyer, OrderSold

PLACE = {
    "first_name": "Mina",
    "last_name": "Okafor",
    "address1": "Lindenweg 7",
    "city": "Leipzig",
    "zip": "04109",
    "province": "Sachsen",
    "country": "Germany",
    "country_code": "de",
    "latitude": 51.34,
    "longitude": 12.37,
}


def test_an_order_says_who_where_and_how():
    order = sold(
        an_order(
            shipping_address=PLACE,
            customer={"id": 7, "first_name": "Mina", "last_name": "Okafor", "email": "mina@example.org"},
            shipping_lines=[{"title": "Standard", "price": "0.00"}],
            note="Ring twice",
            tags="gift, returning, gift",
            test=True,
        )
    )
    assert order.ship_to == Address(
        name="Mina Okafor",
        line1="Lindenweg 7",
        city="Leipzig",
        region="Sachsen",
        postcode="04109",
        country="DE",
        latitude=51.34,
        longitude=12.37,
    )
    assert order.buyer == Buyer(external_id="7", name="Mina Okafor", email="mina@example.org")
    assert (order.shipping_method, order.note, order.tags) == (
        "Standard",
        "Ring twice",
        ("gift", "returning"),
    )
    assert (order.is_test, order.external_name, order.bill_to) == (True, "#1001", None)


def test_what_is_hidden_from_apps_is_simply_not_there():
    order = sold(an_order(customer=None, email="", billing_address=None, shipping_address=None))
    assert (order.buyer, order.ship_to, order.doubts) == (Buyer(), None, ())


def test_an_address_of_empty_fields_is_none():
    assert sold(an_order(shipping_address=dict.fromkeys(PLACE))).ship_to is None


def test_a_country_without_a_code_is_not_guessed():
    order = sold(an_order(shipping_address=PLACE | {"country_code": None}))
    assert order.ship_to is not None
    assert order.ship_to.country == ""
    assert order.doubts == ("shipping_address: 'Germany' is no two-letter country code.",)


def test_a_place_on_the_map_that_cannot_be_is_left_out():
    for strange in ({"latitude": 0, "longitude": 0}, {"latitude": 91, "longitude": "x"}):
        order = sold(an_order(shipping_address=PLACE | strange))
        assert order.ship_to is not None
        assert (order.ship_to.latitude, order.ship_to.longitude) == (None, None)


def test_fields_of_another_type_are_left_out_with_a_doubt():
    order = sold(an_order(shipping_address="Leipzig", note=["a"], tags=5, name=1001, test="true"))
    assert order.doubts == ("shipping_address is 'Leipzig', not an object.", "note is a list, not a text.")
    assert (order.external_name, order.tags, order.is_test) == ("1001", (), True)


def test_lines_of_another_type_are_counted_in_a_doubt():
    order = sold(an_order(line_items=[a_line(), None, "x"]))
    assert len(order.lines) == 1
    assert "2 of 3 entries of line_items cannot be read." in order.doubts


def test_an_order_without_lines_is_only_a_part_and_never_the_newest():
    part = an_order()
    del part["line_items"]
    order = sold(part | {"order_number": 1001})
    assert "It has no list of lines: this is only a part of an order." in order.doubts
    assert order.version < sold(an_order(updated_at="2001-01-01T00:00:00Z")).version


def test_a_cancelled_order_says_why():
    order = sold(an_order(cancelled_at="2026-11-02T10:00:00Z", cancel_reason="fraud"))
    assert (order.is_cancelled, order.cancelled_because) == (True, "fraud")


def test_versions_follow_the_clock_whatever_its_zone():
    older = sold(an_order(updated_at="2026-11-01T23:30:00-05:00"))
    newer = sold(an_order(updated_at="2026-11-02T05:31:00+01:00"))
    assert newer.updated_at - older.updated_at == timedelta(minutes=1)
    assert older.version < newer.version


def test_what_happened_later_in_one_second_is_the_newer_version():
    pending = an_order(financial_status="pending")
    paid = an_order()
    sent = an_order(fulfillments=[a_fulfillment("success", line_1=1)])
    refunded = sent | {"financial_status": "partially_refunded", "refunds": [a_refund()]}
    cancelled = an_order(cancelled_at="2026-11-01T10:00:01+01:00")
    told = [sold(body).version for body in (pending, paid, sent, refunded, cancelled)]
    assert told == sorted(set(told))


def test_the_same_content_has_one_version_whatever_the_topic_and_the_wrapping():
    bare, wrapped = read(an_order(), "orders/paid"), read({"order": an_order()}, "")
    assert bare == wrapped


def test_fields_we_do_not_read_make_no_new_version():
    assert sold(an_order(landing_site="/a")).version == sold(an_order(landing_site="/b")).version


def test_an_undated_order_is_dated_by_its_arrival_and_versioned_without_it():
    body = json.dumps(an_order(created_at=None, updated_at=None)).encode()
    readings = [translate.read(topic="", body=body, received_at=AT + timedelta(days=n)) for n in (0, 1)]
    today, tomorrow = (one for reading in readings if isinstance(reading, tuple) for one in reading)
    assert isinstance(today, OrderSold)
    assert isinstance(tomorrow, OrderSold)
    assert today.version == tomorrow.version
    assert (today.placed_at, tomorrow.placed_at) == (AT, AT + timedelta(days=1))
    assert "It does not say when it was last changed" in today.doubts[0]


def test_when_it_was_sold_is_when_the_checkout_was_processed():
    order = sold(an_order(processed_at="2019-05-01T00:00:00Z"))
    assert order.placed_at == datetime(2019, 5, 1, tzinfo=UTC)


def test_dates_that_cannot_be_are_doubts():
    order = sold(an_order(created_at="1900-01-01T00:00:00Z", updated_at="9999-12-31T23:59:59-12:00"))
    assert "created_at is 1900-01-01T00:00:00Z, outside 2000 to 2100." in order.doubts
    assert "updated_at is '9999-12-31T23:59:59-12:00', not a moment." in order.doubts


def test_shown_with_the_order_but_never_computed_with():
    order = sold(
        an_order(
            discount_codes=[{"code": "FIVE", "amount": "5.00", "type": "fixed_amount"}],
            tax_lines=[{"title": "VAT", "price": "1.60", "rate": 0.19}],
            note_attributes=[{"name": "gift", "value": "yes"}, {"name": "odd", "value": {"a": 1}}],
            source_name="web",
        )
    )
    assert order.detail == {
        "discount_codes": [{"code": "FIVE", "amount": "5.00", "type": "fixed_amount"}],
        "tax_lines": [{"title": "VAT", "rate": "0.19", "amount": "1.60"}],
        "note_attributes": [{"name": "gift", "value": "yes"}, {"name": "odd"}],
        "source": "web",
    }
