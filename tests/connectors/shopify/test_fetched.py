"""An order that was fetched is the order a webhook would have brought: to the last character."""

import json
from typing import Any

import pytest

from quartermaster.connectors.shopify import translate
from quartermaster.connectors.shopify.plug import PLUG
from quartermaster.connectors.shopify.translate import paging
from quartermaster.orders.ports import OrderSold
from quartermaster.testing.conformance.asked import refusal
from quartermaster.testing.conformance.deliveries import recorded
from quartermaster.testing.conformance.hostile import mutations
from quartermaster.testing.simulators.shopify.nodes import line_node, order_node, page

from .bodies import AT, a_line, a_payback, a_refund, a_refunded_line, an_order, money, sold

OLD = "order_of_2016.json"  # has fields that GraphQL never had
BODIES = {
    one.name: json.loads(one.body)
    for one in recorded("shopify")
    if one.says.startswith("order ") and one.name != OLD
}


def fetched_bytes(order: dict[str, Any], **told: object) -> bytes:
    """As GraphQL shows the same order."""
    lines = page([line_node(one, order) for one in order["line_items"]], end=None)
    return paging.change(order_node(order) | {"lineItems": lines} | told).body


def fetched(order: dict[str, Any], **told: object) -> OrderSold:
    body = fetched_bytes(order, **told)
    reading = translate.read(topic=paging.TOPIC, body=body, received_at=AT)
    assert isinstance(reading, tuple), reading
    (found,) = reading
    assert isinstance(found, OrderSold)
    return found


@pytest.mark.parametrize("name", BODIES)
def test_a_fetched_order_reads_and_is_dated_like_its_webhook(name: str):
    sent = sold(BODIES[name])

    assert fetched(BODIES[name]) == sent
    assert sent.lines


def test_the_recordings_hold_what_could_come_apart():
    orders = [sold(body) for body in BODIES.values()]
    assert any(order.refunds for order in orders)
    assert any(line.returned for order in orders for line in order.lines)
    assert any(order.presentment_currency for order in orders)
    assert any(order.is_cancelled for order in orders)
    assert any(order.detail.get("discount_codes") for order in orders)


@pytest.mark.parametrize(
    ("currency", "price"), [("EUR", "19.90"), ("JPY", "1990"), ("KWD", "19.905"), ("EUR", "0.00")]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, price: str):
    taxes = [{"title": "VAT", "price": price, "rate": 0.19}]
    order = an_order(
        currency=currency,
        total_price=price,
        total_outstanding="0",
        total_tax=price,
        tax_lines=taxes,
        line_items=[a_line(price=price, fulfillable_quantity=1)],
    )

    assert fetched(order).detail == sold(order).detail
    assert fetched(order).totals == sold(order).totals


def test_a_tip_is_found_among_the_lines_though_nothing_says_that_it_is_one():
    tip = a_line(id=2, sku=None, name="Tip", price="3.00", requires_shipping=False)
    order = an_order(total_price="13.00", total_tip_received="3.00", total_outstanding="0.00")
    order["line_items"] = [a_line(variant_id=8, product_id=7), tip]

    found = fetched(order)

    assert [line.code for line in found.lines] == ["LAMP"]
    assert (found.totals.tip, found.doubts) == (300, ())


def test_a_refund_in_the_buyer_s_currency_counts_in_the_shop_s():
    line = a_refunded_line(subtotal_set=money("10.00"), total_tax_set=money("0.00"))
    refund = a_refund(
        refund_line_items=[line],
        transactions=[a_payback(amount="1500", currency="JPY")],
        total_duties_set=money("1.50"),
    )
    order = an_order(refunds=[refund], presentment_currency="JPY", total_outstanding="0.00")

    (found,) = fetched(order).refunds

    assert found.amount_minor == 1150


def test_what_was_cut_off_is_a_doubt_and_holds_the_order():
    order = an_order(line_items=[a_line(fulfillable_quantity=1)])
    lines = page([line_node(order["line_items"][0], order)], has_next=True, end="x")  # type: ignore[index]
    cut = {"refundLineItems": page([], has_next=True)}

    assert fetched(order, lineItems=lines).doubts == ("The order has more lines than Shopify was asked for.",)
    assert "more refunds than" in fetched(order, refunds=[cut]).doubts[0]
    assert "more fulfillments than" in fetched(order, fulfillments=[{}] * 50).doubts[0]


def test_any_field_of_a_fetched_order_may_hold_anything():
    for name in ("orders_updated_refunded.json", "orders_updated_presentment.json"):
        for mutation, body in mutations(fetched_bytes(BODIES[name]), 23):
            because = refusal(PLUG, body, paging.TOPIC)
            assert because is None or because, mutation
