"""What is relied on when a shop is asked and told, against the simulator."""

import pytest

from quartermaster.testing.conformance import back, channels, contents, goods, hooks

from .conftest import Shop
from .stands import back_stand, channel_stand, contents_stand, goods_stand, hooks_stand


@pytest.mark.parametrize("check", channels.CHECKS, ids=lambda check: check.__name__)
def test_shopify_is_asked_for_orders_and_told_of_parcels(shop: Shop, check: channels.Check) -> None:
    check(channel_stand(shop))


@pytest.mark.parametrize("check", goods.CHECKS, ids=lambda check: check.__name__)
def test_shopify_s_offers_are_read_and_written(shop: Shop, check: goods.Check) -> None:
    check(goods_stand(shop))


@pytest.mark.parametrize("check", contents.CHECKS, ids=lambda check: check.__name__)
def test_shopify_is_told_what_its_listings_say(shop: Shop, check: contents.Check) -> None:
    check(contents_stand(shop))


@pytest.mark.parametrize(
    "check", [*back.CANCEL_CHECKS, *back.REFUND_CHECKS], ids=lambda check: check.__name__
)
def test_shopify_is_told_of_cancellations_and_gives_money_back(shop: Shop, check: back.Check) -> None:
    check(back_stand(shop))


@pytest.mark.parametrize("check", hooks.CHECKS, ids=lambda check: check.__name__)
def test_shopify_s_subscriptions_are_seen_and_made(shop: Shop, check: hooks.Check) -> None:
    check(hooks_stand(shop))
