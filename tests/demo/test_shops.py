import random
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from quartermaster.core import plugs
from quartermaster.demo.company.goods import assortment
from quartermaster.demo.company.sales import Change, Sale, Till
from quartermaster.demo.company.shops import SHOPS
from quartermaster.demo.shops import tell
from quartermaster.inbox.ports import Verdict, Webhooks
from quartermaster.orders.ports import OrderSold, OrderSource, PaymentState

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def sales(slug: str, count: int = 40) -> list[Sale]:
    till = Till(assortment(60), random.Random(1))
    return [till.ring(number, AT, slug) for number in range(count)]


def read(sale: Sale, change: Change | None = None) -> OrderSold:
    """As the connector of its kind reads it, whose signature must be genuine."""
    plug, webhook = plugs.plug(SHOPS[sale.shop].kind), tell(sale, change)
    headers = {name.lower(): value for name, value in webhook.headers.items()}
    port, source = plug.offer(Webhooks), plug.offer(OrderSource)
    secrets = [SHOPS[sale.shop].secret.encode()]
    assert port.check(headers=headers, body=webhook.body, secrets=secrets, settings={}) is Verdict.GENUINE
    label = port.label(headers=headers, path="")
    (order,) = source.read_orders(topic=label.topic, headers=headers, body=webhook.body, received_at=AT)
    return order


@pytest.mark.parametrize("slug", SHOPS)
def test_what_a_shop_tells_is_understood_without_a_doubt(slug: str):
    for sale in sales(slug):
        order = read(sale)
        assert order.doubts == ()
        assert (order.totals.total, order.totals.paid) == (sale.total_minor, sale.total_minor)
        assert [(line.code, line.ordered) for line in order.lines] == [
            (line.code, line.quantity) for line in sale.lines
        ]


@pytest.mark.parametrize("slug", SHOPS)
def test_a_cancelled_sale_is_told_as_a_newer_version_without_any_unit(slug: str):
    sale = sales(slug, 1)[0]
    before, after = read(sale), read(sale, Change(AT.replace(hour=13), is_cancelled=True))
    assert after.is_cancelled
    assert after.version > before.version
    assert all(line.cancelled == line.ordered for line in after.lines)


def test_units_taken_off_are_refunded_with_their_share_of_the_discount():
    sale = replace(sales("harbor-pine", 1)[0], discount_minor=500)
    order = read(sale, Change(AT.replace(hour=13), taken={0: 1}))
    assert order.doubts == ()
    assert order.lines[0].cancelled == 1
    assert order.totals.refunded <= sale.lines[0].unit_minor


def test_what_is_not_paid_is_told_so():
    sale = sales("harbor-pine", 1)[0]
    assert read(replace(sale, payment="pending")).payment_state is PaymentState.PENDING
    assert read(replace(sale, payment="short")).payment_state is PaymentState.PARTLY_PAID


def test_the_same_sale_is_the_same_message_to_the_byte():
    sale = sales("pine-and-wool", 1)[0]
    assert tell(sale) == tell(sale)
