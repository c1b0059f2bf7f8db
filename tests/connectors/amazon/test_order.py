from datetime import UTC, datetime

import pytest
from tests.connectors.amazon.bodies import a_line, an_order, by, read, sold, sold_in

from quartermaster.connectors.amazon.translate.order import ELSEWHERE
from quartermaster.connectors.amazon.translate.status import PREORDER, WAITS
from quartermaster.orders.ports import Address, Buyer, Ignored, PaymentState, Unreadable

UNDONE = {"quantityFulfilled": 0, "quantityUnfulfilled": 2}
REQUEST = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "Too late"}}
DONE = {"cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": "No stock"}}


@pytest.mark.parametrize(
    ("status", "payment", "cancelled", "fulfilled"),
    [
        ("PENDING_AVAILABILITY", PaymentState.PENDING, 0, 0),
        ("PENDING", PaymentState.PENDING, 0, 0),
        ("UNSHIPPED", PaymentState.PAID, 0, 0),
        ("PARTIALLY_SHIPPED", PaymentState.PAID, 0, 1),
        ("SHIPPED", PaymentState.PAID, 0, 2),
        ("CANCELLED", PaymentState.VOIDED, 2, 0),
    ],
)
def test_the_status_tells_of_payment_and_units(
    status: str, payment: PaymentState, cancelled: int, fulfilled: int
):
    counts = {"quantityFulfilled": fulfilled, "quantityUnfulfilled": 2 - fulfilled - cancelled}
    line = a_line("11", 2, fulfillment=counts)
    order = sold(an_order("20.00", fulfillment=by(status), orderItems=[line]))

    assert order.payment_state is payment
    assert [(one.cancelled, one.fulfilled) for one in order.lines] == [(cancelled, fulfilled)]
    assert order.is_cancelled == (status == "CANCELLED")
    assert order.doubts == ()


def test_a_pending_order_waits_without_price_and_address():
    line = a_line("11", 2, product={"sellerSku": "MUG", "title": "Mug"}, proceeds={}, fulfillment=UNDONE)
    order = sold(an_order(fulfillment=by("PENDING"), proceeds={}, orderItems=[line]))

    assert (order.currency, order.totals.total, order.ship_to, order.doubts) == ("EUR", 0, None, ())
    assert order.asks_hold == (WAITS,)
    assert [(one.code, one.ordered, one.is_shippable) for one in order.lines] == [("MUG", 2, True)]


def test_a_pre_order_says_why_it_waits():
    assert sold(an_order(fulfillment=by("PENDING_AVAILABILITY"))).asks_hold == (PREORDER,)


def test_what_amazon_ships_itself_is_kept_and_never_ours_to_ship():
    order = sold(an_order(fulfillment=by("UNSHIPPED", "AMAZON")))

    assert [one.is_shippable for one in order.lines] == [False]
    assert (order.tags, order.totals.total, order.doubts) == (("fba",), 1000, ())
    assert order.is_shipped_by_channel


def test_what_was_sold_elsewhere_is_known_from_there():
    told = an_order(salesChannel={"channelName": "NON_AMAZON"}, fulfillment=by("UNSHIPPED", "AMAZON"))

    assert read(told) == Ignored(ELSEWHERE)


@pytest.mark.parametrize("fulfillment", [{}, by("UNSHIPPED", ""), by("UNSHIPPED", "NEIGHBOUR"), by("SOON")])
def test_who_ships_and_how_far_it_is_are_never_guessed(fulfillment: dict[str, object]):
    assert sold(an_order(fulfillment=fulfillment)).doubts


def test_a_buyer_who_asks_to_cancel_holds_the_order():
    order = sold(an_order(orderItems=[a_line(cancellation=REQUEST)]))

    assert order.asks_hold == ("The buyer asks Amazon to cancel MUG (Too late): answer in Seller Central.",)
    assert order.lines[0].cancelled == 0


@pytest.mark.parametrize(
    "line",
    [
        a_line(cancellation=REQUEST, fulfillment={"quantityFulfilled": 1, "quantityUnfulfilled": 0}),
        a_line(cancellation=REQUEST | DONE, fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 0}),
    ],
    ids=["it has left", "it was done"],
)
def test_a_wish_to_cancel_that_is_over_holds_nothing(line: dict[str, object]):
    assert sold(an_order(orderItems=[line])).asks_hold == ()


def test_units_neither_sent_nor_to_be_sent_were_cancelled():
    counts = {"quantityFulfilled": 1, "quantityUnfulfilled": 1}
    (line,) = sold(an_order("30.00", orderItems=[a_line("11", 3, fulfillment=counts)])).lines

    assert (line.ordered, line.cancelled, line.fulfilled) == (3, 1, 1)


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        (a_line("11", 1, fulfillment={"quantityFulfilled": 2, "quantityUnfulfilled": 0}), "2 units left, 1"),
        (
            a_line("11", 1, fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 2}),
            "2 units are still",
        ),
        (a_line("11", 1, cancellation=DONE), "Amazon says both"),
        (a_line("11", 1, measurement={"unit": "KILOGRAMS", "value": 1.5}), "not by the piece"),
    ],
)
def test_units_that_contradict_each_other_are_a_doubt(line: dict[str, object], doubt: str):
    order = sold(an_order(orderItems=[line]))

    assert any(doubt in one for one in order.doubts), order.doubts
    assert order.lines[0].cancelled == 0


def test_a_line_that_amazon_emptied_is_not_there_any_more():
    empty = a_line("12", 0, cancellation=DONE, proceeds={})
    order = sold(an_order(orderItems=[a_line(), empty]))

    assert [one.external_id for one in order.lines] == ["11"]
    assert order.doubts == ()


def test_a_cancelled_order_says_who_and_why():
    order = sold(an_order(fulfillment=by("CANCELLED"), orderItems=[a_line(cancellation=DONE)]))

    assert order.cancelled_because == "Merchant: No stock"


@pytest.mark.parametrize("program", ["AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON", "IN_STORE_PICK_UP"])
def test_what_needs_amazon_s_own_label_is_held(program: str):
    order = sold(an_order(programs=["PRIME", program]))

    assert len(order.asks_hold) == 1
    assert order.is_shipped_by_channel
    assert order.tags == ("prime", program.lower())


def test_gifts_wishes_and_windows_are_told_to_people():
    gift = {"giftOption": {"giftMessage": "Happy birthday", "giftWrapLevel": "Classic"}}
    line = a_line(fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 1, "packing": gift})
    window = {"latestDateTime": "2026-11-03T22:59:59Z"}
    order = sold(
        an_order(
            orderItems=[line],
            fulfillment=by() | {"shipByWindow": window},
            recipient={"deliveryPreference": {"dropOffLocation": "Porch"}},
            associatedOrders=[{"orderId": "302-1", "associationType": "REPLACEMENT_ORIGINAL_ID"}],
        )
    )

    said = "Delivery: Porch\nGift wrap for MUG: Classic\nGift message for MUG: Happy birthday"
    assert order.note == said
    assert order.ship_by == datetime(2026, 11, 3, 22, 59, 59, tzinfo=UTC)
    assert order.detail["ship_window"] == "2026-11-03T22:59:59Z"
    assert (order.tags, order.detail["replaces"]) == (("replacement",), "302-1")


def test_where_it_goes_and_to_whom():
    place = {
        "name": "Jonas Lind",
        "addressLine1": "Storgatan 5",
        "addressLine2": "uppgång B",
        "addressLine3": "vid porten",
        "municipality": "Malmö",
        "districtOrCounty": "Skåne",
        "postalCode": "211 42",
        "countryCode": "se",
    }
    buyer = {"buyerName": "Ada Lind", "buyerEmail": "x1@marketplace.example"}
    order = sold(an_order(recipient={"deliveryAddress": place}, buyer=buyer))

    assert order.ship_to == Address(
        name="Jonas Lind",
        line1="Storgatan 5",
        line2="uppgång B, vid porten",
        city="Malmö",
        region="Skåne",
        postcode="211 42",
        country="SE",
    )
    assert order.buyer == Buyer(name="Ada Lind", email="x1@marketplace.example")


def test_orders_are_found_in_every_answer_of_amazon_s():
    one, other = an_order(), an_order(orderId="302-1234567-0000002")

    assert read({"order": one}) == read(one)
    assert read({"orders": [one, other]}) == (*read([one]), *read([other]))
    assert isinstance(read({"orders": []}), Ignored)


def test_what_is_no_order_says_what_it_is():
    assert isinstance(read({"errors": [{"code": "QuotaExceeded"}]}), Ignored)
    assert isinstance(read({"NotificationType": "ORDER_CHANGE", "Payload": {}}), Ignored)
    with pytest.raises(Unreadable, match="v0"):
        read({"AmazonOrderId": "302-1", "OrderStatus": "Unshipped"})
    with pytest.raises(Unreadable, match="usable id"):
        read(an_order(orderId=None))


def test_an_unknown_marketplace_is_a_doubt():
    assert sold(an_order(**sold_in("A0NOWHERE"))).doubts == ("The marketplace 'A0NOWHERE' is not known.",)


def test_a_window_that_is_no_moment_is_a_doubt_and_no_promise():
    order = sold(an_order(fulfillment=by() | {"shipByWindow": {"latestDateTime": "soon"}}))

    assert order.ship_by is None
    assert order.doubts == ("shipByWindow is 'soon', not a moment.",)
