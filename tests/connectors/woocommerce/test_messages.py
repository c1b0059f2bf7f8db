import pytest
from tests.connectors.woocommerce.bodies import AT, an_order, read

from quartermaster.connectors.woocommerce import translate
from quartermaster.orders.ports import Ignored, OrderRemoved, OrderSold, Unreadable


def ignored(body: object, topic: str = "") -> str:
    reading = read(body, topic)
    assert isinstance(reading, Ignored), reading
    return reading.because


def kinds(body: object, topic: str = "") -> list[type]:
    reading = read(body, topic)
    assert isinstance(reading, tuple), reading
    return [type(one) for one in reading]


@pytest.mark.parametrize("topic", ["", "order.created", "order.updated", "order.restored", "coupon.updated"])
def test_an_order_is_an_order_under_any_topic(topic: str):
    assert kinds(an_order(), topic) == [OrderSold]


@pytest.mark.parametrize(
    "wrapped",
    [
        {"order": an_order()},
        {"orders": [an_order()]},
        {"data": an_order()},
        {"data": [an_order()]},
        [an_order()],
        {"request": {"method": "POST"}, "response": {"status": 200, "jsonBody": {"data": an_order()}}},
    ],
)
def test_an_order_is_found_in_its_envelopes(wrapped: object):
    assert read(wrapped) == read(an_order())


def test_envelopes_do_not_go_on_for_ever():
    body: object = an_order()
    for _ in range(9):
        body = {"data": body}
    assert "no order in it, only: data" in ignored(body)


def test_a_deleted_order_is_removed():
    because = "The order was deleted in WooCommerce."
    assert read({"id": 300}, "order.deleted") == (OrderRemoved("300", AT, because),)


def test_a_trashed_order_is_removed():
    because = "The order was moved to the trash in WooCommerce."
    assert read(an_order(status="trash")) == (OrderRemoved("300", AT, because),)


def test_the_phantom_of_a_trashed_order_touches_no_order():
    """WooCommerce sends product.deleted with the order's id."""
    assert "product was deleted" in ignored({"id": 300}, "product.deleted")


def test_the_ping_is_known():
    for body in (b"webhook_id=3", b"webhook_id=12345\n"):
        reading = translate.read(topic="", body=body, received_at=AT)
        assert reading == Ignored("The ping WooCommerce sends when a webhook is saved.")


@pytest.mark.parametrize("body", [b"webhook_id=", b"webhook_id=3&x=1", b"webhook_id=x", b"product_id=3"])
def test_what_only_resembles_the_ping_is_unreadable(body: bytes):
    with pytest.raises(Unreadable):
        translate.read(topic="", body=body, received_at=AT)


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "draft", "wc-checkout-draft"])
def test_drafts_are_no_orders_yet(status: str):
    assert "still a draft" in ignored(an_order(status=status))


def test_drafts_in_a_list_hide_no_order():
    assert kinds([an_order(status="draft"), an_order(id=301)]) == [OrderSold]


@pytest.mark.parametrize(
    ("body", "topic", "word"),
    [
        ({"action": "woocommerce_refund_created", "arg": 9}, "action.woocommerce_refund_created", "ids"),
        ({"id": 9, "amount": "5.00", "reason": "", "line_items": []}, "", "refund"),
        ([{"id": 9, "amount": "5.00", "reason": "", "line_items": []}], "", "refund"),
        ({"id": 9, "regular_price": "5.00", "name": "Mug"}, "product.updated", "product"),
        ({"id": 9, "discount_type": "percent", "amount": "5"}, "coupon.created", "coupon"),
        ({"id": 9, "is_paying_customer": True}, "customer.created", "customer"),
        ({"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}, "", "error"),
        ({"id": 9, "topic": "order.updated", "delivery_url": "https://…"}, "", "webhook"),
        ({"id": 9, "x": 1}, "customer.updated", "customer.updated"),
        ({"orders": []}, "", "empty"),
        ({"order_notes": [{"id": 1}]}, "", "only: order_notes"),
    ],
)
def test_other_bodies_are_ignored_with_the_reason(body: object, topic: str, word: str):
    assert word in ignored(body, topic)


@pytest.mark.parametrize("body", [{"id": 300}, {}, {"id": 1, "name": "Mug"}])
def test_without_a_topic_an_object_that_could_be_anything_is_unreadable(body: object):
    with pytest.raises(Unreadable, match="no topic, and no order"):
        read(body)


@pytest.mark.parametrize("told", [None, 0, -1, "", True, [], {}, 1.5, "9" * 300])
def test_an_order_needs_a_usable_id(told: object):
    with pytest.raises(Unreadable, match="without a usable id"):
        read(an_order(id=told))
    with pytest.raises(Unreadable, match="without the id"):
        read({"id": told}, "order.deleted")
