"""Magento against everything we rely on, and every way its server goes wrong."""

from collections.abc import Iterator

import pytest

from quartermaster.testing.conformance import back, bulk, channels, contents, goods

from . import stands


@pytest.fixture
def channel() -> Iterator[channels.Stand]:
    with stands.channel_stand() as stand:
        yield stand


@pytest.fixture
def offers() -> Iterator[goods.Stand]:
    with stands.goods_stand() as stand:
        yield stand


@pytest.mark.parametrize("check", channels.CHECKS, ids=lambda check: check.__name__)
def test_channel(channel: channels.Stand, check: channels.Check) -> None:
    check(channel)


@pytest.mark.parametrize("check", goods.CHECKS, ids=lambda check: check.__name__)
def test_listings(offers: goods.Stand, check: goods.Check) -> None:
    check(offers)


@pytest.mark.parametrize("check", contents.CHECKS, ids=lambda check: check.__name__)
def test_contents(check: contents.Check) -> None:
    with stands.contents_stand() as stand:
        check(stand)


@pytest.mark.parametrize("check", bulk.CHECKS, ids=lambda check: check.__name__)
def test_bulk(check: bulk.Check) -> None:
    with stands.bulk_stand() as stand:
        check(stand)


@pytest.mark.parametrize("check", back.CANCEL_CHECKS, ids=lambda check: check.__name__)
def test_cancels(check: back.Check) -> None:
    with stands.back_stand(is_paid=False) as stand:
        check(stand)


@pytest.mark.parametrize("check", back.REFUND_CHECKS, ids=lambda check: check.__name__)
def test_refunds(check: back.Check) -> None:
    with stands.back_stand(is_paid=True) as stand:
        check(stand)
