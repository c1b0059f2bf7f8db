"""Amazon as a shop, against its simulator."""

from collections.abc import Iterator
from itertools import cycle
from typing import cast

import pytest

from quartermaster.connectors.amazon import sign_in
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.connectors.amazon.feeds import AmazonBulk
from quartermaster.connectors.amazon.listings import AmazonListings
from quartermaster.core.outside import Account
from quartermaster.testing.conformance import bulk, channels, contents, goods
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.server import Simulator


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(amazon.Amazon()) as simulator:
        yield simulator


@pytest.fixture
def shop(running: Simulator) -> amazon.Amazon:
    running.vendor = amazon.Amazon()
    running.faults.clear()
    sign_in._tokens.clear()
    return running.vendor


def account(running: Simulator) -> Account:
    return Account("acme", {**amazon.SETTINGS, "api_url": running.url})


def misbehave(running: Simulator, operation: str, fault: str) -> None:
    """A key that does not count any more gets no new token either: that is a 401 twice."""
    running.misbehave(operation, fault)
    if fault == "401":
        running.misbehave("token", fault)


@pytest.fixture
def orders(running: Simulator, shop: amazon.Amazon) -> channels.Stand:
    def sell() -> tuple[str, tuple[str, str]]:
        number = f"302-1000000-{len(shop.orders):07}"
        lines = [{"orderItemId": "11", "quantityOrdered": 2}, {"orderItemId": "12", "quantityOrdered": 1}]
        with running.lock:
            shop.take({"orderId": number, "orderItems": lines})
        return number, ("11", "12")

    def touch(order: str) -> None:
        with running.lock:
            shop.take({**shop.orders[order], "programs": ["PREMIUM"]})

    return channels.Stand(
        channel=AmazonChannel(),
        account=account(running),
        began=shop.clock,
        sell=sell,
        touch=touch,
        mails=lambda: len(shop.mails),
        misbehave=lambda fault: misbehave(running, "confirm", fault),
    )


@pytest.mark.parametrize("check", channels.CHECKS, ids=lambda check: check.__name__)
def test_orders_and_parcels(orders: channels.Stand, check: channels.Check) -> None:
    check(orders)


@pytest.fixture
def offers(running: Simulator, shop: amazon.Amazon) -> goods.Stand:
    shop.listings.lag = True

    def offer(code: str, quantity: int, price_minor: int) -> str:
        with running.lock:
            return shop.listings.offer(code, quantity, f"{price_minor // 100}.{price_minor % 100:02}")

    def sell(name: str, units: int) -> None:
        with running.lock:
            count = shop.listings.count(name)
            count["quantity"] = int(str(count["quantity"])) - units

    def shown(name: str) -> goods.Shown:
        price = str(shop.listings.price(name)["amount"])
        was = shop.listings.reduced_from(name)
        return goods.Shown(
            int(str(shop.listings.count(name)["quantity"])),
            round(float(price) * 100),
            None if was is None else round(was * 100),
        )

    return goods.Stand(
        listings=AmazonListings(),
        account=account(running),
        currency="EUR",
        offer=offer,
        gone="NOT-OURS",
        shown=shown,
        sell=sell,
        writes=lambda: shop.listings.writes,
        settle=shop.listings.settle,
        pages=50,
        misbehave=lambda fault: misbehave(running, "patch", fault),
    )


@pytest.mark.parametrize("check", goods.CHECKS, ids=lambda check: check.__name__)
def test_stock_and_prices(offers: goods.Stand, check: goods.Check) -> None:
    check(offers)


@pytest.fixture
def texts(running: Simulator, shop: amazon.Amazon) -> contents.Stand:
    shop.listings.lag = True

    def offer(code: str) -> str:
        with running.lock:
            return shop.listings.offer(code, 5, "19.90")

    def says(name: str, field: str) -> str:
        told = cast("dict[str, list[dict[str, object]]]", shop.listings.items[name])
        if field == "title":
            return str(told["summaries"][0]["itemName"])
        weights = cast("dict[str, list[dict[str, object]]]", shop.listings.items[name]["attributes"])
        return str(weights["item_package_weight"][0]["value"])

    return contents.Stand(
        contents=AmazonListings(),
        account=account(running),
        offer=offer,
        gone="NOT-OURS",
        says=says,
        writes=lambda: shop.listings.writes,
        settle=shop.listings.settle,
        misbehave=lambda _, fault: misbehave(running, "patch", fault),
    )


@pytest.mark.parametrize("check", contents.CHECKS, ids=lambda check: check.__name__)
def test_what_listings_say(texts: contents.Stand, check: contents.Check) -> None:
    check(texts)


@pytest.fixture
def many(running: Simulator, shop: amazon.Amazon, offers: goods.Stand) -> bulk.Stand:
    """A feed is worked off when the simulator is told so, and what it accepted is so a while later."""
    shop.feeds.looks = 1_000
    calls = {
        "lay": cycle([("createFeedDocument",), ("feedUpload",)]),
        "begin": cycle([("createFeed",)]),
        "under_way": cycle([("feeds",)]),
        "progress": cycle([("feed", "feedDocument", "feedReport")]),
    }

    def settle() -> None:
        with running.lock:
            shop.feeds.work_off()
            shop.listings.settle()

    def die() -> None:
        shop.feeds.ends = "FATAL"
        settle()

    def fails(step: str, fault: str) -> None:
        running.faults.clear()
        for operation in next(calls[step]):
            misbehave(running, operation, fault)

    return bulk.Stand(
        bulk=AmazonBulk(),
        account=offers.account,
        currency="EUR",
        what="stock",
        offer=offers.offer,
        gone="NOT-OURS",
        shown=offers.shown,
        settle=settle,
        die=die,
        refuse=lambda name: shop.feeds.refuses.update({name: "The quantity is restricted."}),
        begun=lambda: len(shop.feeds.feeds),
        misbehave=fails,
    )


@pytest.mark.parametrize("check", bulk.CHECKS, ids=lambda check: check.__name__)
def test_many_rows_at_once(many: bulk.Stand, check: bulk.Check) -> None:
    check(many)
