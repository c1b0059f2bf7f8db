"""The simulator as the conformance suites want it."""

from quartermaster.connectors.shopify.channel import ShopifyChannel
from quartermaster.testing.conformance import channels

from .conftest import Shop


def channel_stand(shop: Shop) -> channels.Stand:
    def sell() -> tuple[str, tuple[str, str]]:
        with shop.simulator.lock:
            order, (first, second) = shop.has.sell(2, 1)
        return order, (first, second)

    def touch(order: str) -> None:
        with shop.simulator.lock:
            shop.has.take({**shop.has.orders[order], "note": "ring twice"})

    return channels.Stand(
        channel=ShopifyChannel(),
        account=shop.account,
        began=shop.has.clock,
        sell=sell,
        touch=touch,
        mails=lambda: len(shop.has.mails),
        misbehave=lambda fault: shop.simulator.misbehave("CreateFulfillment", fault),
    )
