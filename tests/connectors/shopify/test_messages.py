import pytest
from tests.connectors.shopify.bodies import AT, a_payback, a_refund, an_order, read

from quartermaster.orders.ports import Ignored, OrderRemoved, OrderSold, RefundNotice, Unreadable


def ignored(body: object, topic: str = "") -> str:
    reading = read(body, topic)
    assert isinstance(reading, Ignored), reading
    return reading.because


def kinds(body: object, topic: str = "") -> list[type]:
    reading = read(body, topic)
    assert isinstance(reading, tuple), reading
    return [type(one) for one in reading]


@pytest.mark.parametrize(
    "topic", ["", "orders/create", "orders/updated", "refunds/create", "products/update"]
)
def test_an_order_is_an_order_under_any_topic(topic: str):
    assert kinds(an_order(), topic) == [OrderSold]
    assert kinds({"order": an_order()}, topic) == [OrderSold]


def test_a_list_is_read_one_by_one():
    both = [an_order(), an_order(id=501)]
    assert kinds({"orders": both}) == kinds(both) == [OrderSold, OrderSold]


def test_an_empty_list_says_so():
    assert ignored({"orders": []}) == "The list 'orders' is empty."


def test_one_order_without_an_id_makes_the_list_unreadable():
    with pytest.raises(Unreadable, match="without a usable id"):
        read({"orders": [an_order(), an_order(id=None)]})


def test_refunds_come_bare_wrapped_and_in_lists():
    for body in (a_refund(), {"refund": a_refund()}, {"refunds": [a_refund()]}):
        assert kinds(body) == [RefundNotice]


def test_a_calculated_refund_paid_nothing():
    offer = a_refund(id=None, transactions=[a_payback(kind="suggested_refund")])
    assert ignored({"refund": offer}) == "A refund that was only calculated: nothing was paid back."


@pytest.mark.parametrize("told", [{"id": None, "transactions": []}, {"order_id": None}])
def test_a_refund_of_nothing_known_is_unreadable(told: dict[str, object]):
    with pytest.raises(Unreadable):
        read(a_refund(**told))


def test_an_edit_leaves_the_telling_to_orders_updated():
    assert "orders/updated" in ignored({"order_edit": {"id": 1, "order_id": 500}}, "orders/edited")


@pytest.mark.parametrize(
    ("body", "is_hint"),
    [
        ({"order_edit": {"id": 1, "order_id": 500}}, True),
        ({"fulfillment": {"id": 1}}, True),
        ({"id": 1, "tracking_numbers": [], "order_id": 500}, True),
        ({"product": {"id": 1}}, False),
        ({"checkout": {"id": 1}}, False),
    ],
)
def test_what_tells_a_part_of_an_order_has_the_shop_asked(body: dict[str, object], is_hint: bool):
    reading = read(body, "")
    assert isinstance(reading, Ignored)
    assert reading.is_hint == is_hint


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"draft_order": {"id": 1}}, "draft"),
        ({"id": 1, "invoice_url": "https://…", "line_items": [], "total_price": "1.00"}, "draft"),
        ({"fulfillment_order": {"id": 1}}, "routing"),
        ({"fulfillment_orders": []}, "routing"),
        ({"id": 1, "order_id": 500, "assigned_location_id": 3, "line_items": []}, "routing"),
        ({"id": 1, "order_id": 500, "tracking_numbers": [], "line_items": []}, "fulfillment"),
        ({"transactions": [{"id": 1}]}, "payment"),
        ({"id": 1, "abandoned_checkout_url": "https://…", "total_price": "1", "line_items": []}, "checkout"),
        ({"count": 2}, "count"),
        ({"errors": "Not Found"}, "error"),
        ({"data": {"order": {"id": "gid://shopify/Order/1"}}}, "GraphQL"),
        ({"locations": [{"id": 1}]}, "only: locations"),
    ],
)
def test_other_bodies_are_ignored_with_the_reason(body: object, word: str):
    assert word in ignored(body)


def test_a_topic_nobody_listens_to_is_named():
    assert (
        ignored({"id": 1, "title": "Lamp"}, "products/update") == "Nothing here listens to products/update."
    )


def test_a_deleted_order_is_removed():
    assert read({"id": 500}, "orders/delete") == (
        OrderRemoved("500", AT, "The order was deleted in Shopify."),
    )


@pytest.mark.parametrize("body", [{"id": 500}, {}, {"id": 5, "title": "Lamp"}])
def test_without_a_topic_an_object_that_could_be_anything_is_unreadable(body: object):
    with pytest.raises(Unreadable, match="no topic, and no order"):
        read(body)


@pytest.mark.parametrize("told", [None, 0, -1, "", True, [], {}, 1.5, "9" * 300])
def test_an_order_needs_a_usable_id(told: object):
    with pytest.raises(Unreadable, match="without a usable id"):
        read(an_order(id=told))


@pytest.mark.parametrize("told", [500, "500", "gid://shopify/Order/500", " 500 "])
def test_an_id_is_the_same_however_it_is_written(told: object):
    reading = read(an_order(id=told))
    assert isinstance(reading, tuple)
    (order,) = reading
    assert isinstance(order, OrderSold)
    assert order.external_id == "500"


@pytest.mark.parametrize(
    ("body", "topic", "told"),
    [
        ({"shop_id": 9, "customer": {"id": 1}, "data_request": {"id": 5}}, "", "somebody has to answer"),
        ({"shop_id": 9, "customer": {"id": 1}, "orders_to_redact": [7]}, "", "somebody has to do it"),
        ({"shop_id": 9, "shop_domain": "acme.example"}, "shop/redact", "about the shop"),
    ],
)
def test_what_shopify_asks_for_the_sake_of_customers_is_told_to_a_person(
    body: dict[str, object], topic: str, told: str
):
    assert told in ignored(body, topic)
