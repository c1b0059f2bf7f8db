"""Every document, what is filled into it and what the simulator answers, against Shopify's own schema."""

import json
from types import ModuleType

import pytest

from quartermaster.connectors.shopify.documents import (
    back,
    bulk,
    contents,
    edits,
    goods,
    hooks,
    orders,
    shipments,
)
from quartermaster.testing.conformance import back as backs
from quartermaster.testing.conformance import channels
from quartermaster.testing.conformance import contents as texts
from quartermaster.testing.conformance import goods as offers
from quartermaster.testing.conformance import hooks as subscriptions
from quartermaster.testing.conformance.deliveries import recorded

from . import sdl
from .conftest import Shop
from .stands import back_stand, channel_stand, contents_stand, goods_stand, hooks_stand

MODULES = (orders, shipments, goods, contents, back, bulk, edits, hooks)


def documents(module: ModuleType) -> dict[str, str]:
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str)
    }


DOCUMENTS = {name: text for module in MODULES for name, text in documents(module).items()}


def said(shop: Shop) -> set[str]:
    """The documents it was asked with, but for those of bulk operations: test_bulk has them."""
    return {document for document, _, _ in shop.has.said} - {*documents(bulk).values()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_shopify_understands_every_document(name: str):
    assert sdl.faults(DOCUMENTS[name]) == []


def test_the_check_finds_what_shopify_does_not_have():
    assert sdl.faults("query Q { order(id: 1) { colour } }") != []
    assert sdl.misfits([("query Q($id: ID!) { order(id: $id) { id } }", {}, {"order": None})]) != []


def test_what_is_asked_and_answered_of_orders_has_shopify_s_shapes(shop: Shop):
    stand = channel_stand(shop)
    for one in recorded("shopify"):
        body = json.loads(one.body)
        if "line_items" in body and "total_price_set" in body:
            shop.has.take(body)
    long = shop.has.orders[stand.sell()[0]]
    shop.has.take({**long, "line_items": [dict(long["line_items"][0], id=n) for n in range(1, 61)]})  # type: ignore[index]

    channels.everything(stand)
    channels.two_parcels_of_an_order_are_two(stand)

    assert len(said(shop)) == len({*documents(orders)} - {"orders.THESE"}) + len(documents(shipments))
    assert sdl.misfits(shop.has.said) == []


def test_what_is_asked_and_answered_of_offers_has_shopify_s_shapes(shop: Shop):
    stand = goods_stand(shop)
    for check in (
        offers.a_listing_says_what_the_shop_has,
        offers.what_is_gone_is_left_out_when_it_is_read_back,
        offers.a_bad_row_harms_no_other,
        offers.a_price_and_what_it_was_before_are_one_value,
        offers.a_stale_count_is_not_taken_where_it_is_compared,
    ):
        check(stand)

    assert len(said(shop)) == len(documents(goods))
    assert sdl.misfits(shop.has.said) == []


def test_what_is_asked_and_answered_of_what_listings_say_has_shopify_s_shapes(shop: Shop):
    stand = contents_stand(shop)
    for check in (
        texts.a_bad_row_harms_no_other,
        texts.what_other_listings_share_is_not_told_for_one_of_them,
    ):
        check(stand)

    assert said(shop) == {*documents(contents).values()}
    assert sdl.misfits(shop.has.said) == []


def test_what_is_asked_and_answered_of_what_goes_back_has_shopify_s_shapes(shop: Shop):
    stand = back_stand(shop)
    for check in (
        backs.a_cancellation_is_known_once_it_was_told,
        backs.a_part_is_cancelled_once_where_parts_can_be,
        backs.a_refund_is_known_once_it_was_paid,
        backs.two_refunds_of_an_order_are_two,
    ):
        check(stand)
    channels.everything(channel_stand(shop))

    assert len(said(shop)) == len(documents(back)) + len(documents(edits)) + 1
    assert sdl.misfits(shop.has.said) == []


def test_what_is_asked_and_answered_of_subscriptions_has_shopify_s_shapes(shop: Shop):
    subscriptions.one_that_was_switched_off_sends_again(hooks_stand(shop))

    assert len(said(shop)) == len(documents(hooks))
    assert sdl.misfits(shop.has.said) == []
