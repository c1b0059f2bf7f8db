"""The simulator as the conformance suites want it."""

from decimal import Decimal

from quartermaster.channels.ports import ContentField
from quartermaster.connectors.shopify.back import ShopifyCancels, ShopifyRefunds
from quartermaster.connectors.shopify.channel import ShopifyChannel
from quartermaster.connectors.shopify.hooks import ShopifyHooks
from quartermaster.connectors.shopify.listings import ShopifyListings
from quartermaster.testing.conformance import back, channels, contents, goods, hooks
from quartermaster.testing.simulators.shopify.goods import HERE
from quartermaster.testing.simulators.shopify.nodes import gid

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


def goods_stand(shop: Shop) -> goods.Stand:
    has = shop.has

    def place(name: str) -> tuple[str, str]:
        return gid("InventoryItem", name.split("/")[2]), HERE

    def offer(code: str, quantity: int, price_minor: int) -> str:
        with shop.simulator.lock:
            return has.offer(code, quantity, str(Decimal(price_minor).scaleb(-2)))

    def shown(name: str) -> goods.Shown:
        variant = name.split("/")[1]
        was = has.compared_at.get(variant)
        price = int(Decimal(has.prices[variant]) * 100)
        return goods.Shown(has.counts[place(name)], price, None if was is None else int(Decimal(was) * 100))

    def sell(name: str, units: int) -> None:
        with shop.simulator.lock:
            has.counts[place(name)] -= units

    def misbehave(fault: str) -> None:
        for operation in ("SetQuantities", "SetPrices"):
            shop.simulator.misbehave(operation, fault)

    return goods.Stand(
        listings=ShopifyListings(),
        account=shop.account,
        currency="EUR",
        offer=offer,
        gone="9/9/9",
        shown=shown,
        sell=sell,
        writes=lambda: has.writes,
        compares=True,
        misbehave=misbehave,
    )


def contents_stand(shop: Shop) -> contents.Stand:
    has = shop.has

    def offer(code: str) -> str:
        with shop.simulator.lock:
            return has.offer(code, 5, "19.90")

    def shared(code: str) -> str:
        with shop.simulator.lock:
            has.offer(f"{code}-TOO", 5, "19.90", product=5)
            return has.offer(code, 5, "19.90", product=5)

    def says(name: str, field: ContentField) -> str:
        product, variant, _ = name.split("/")
        if field == "title":
            return has.titles.get(int(product), has.variants[variant].code.title())
        return has.barcodes[variant] if field == "barcode" else str(has.weights[variant]["value"])

    def misbehave(field: ContentField, fault: str) -> None:
        shop.simulator.misbehave("SetTitle" if field == "title" else "SetVariants", fault)

    return contents.Stand(
        contents=ShopifyListings(),
        account=shop.account,
        offer=offer,
        gone="9/9/9",
        says=says,
        writes=lambda: has.writes,
        shared=shared,
        misbehave=misbehave,
    )


def back_stand(shop: Shop) -> back.Stand:
    has = shop.has

    def sell() -> back.Sold:
        with shop.simulator.lock:
            order, (first, second) = has.sell(2, 1)
            has.pays(order, "34.90")
        return back.Sold(order, (first, second), ("LAMP", "BULB"), (2000, 1000), 490)

    def misbehave(fault: str) -> None:
        for operation in ("CancelOrder", "CreateRefund"):
            shop.simulator.misbehave(operation, fault)

    return back.Stand(
        account=shop.account,
        currency="EUR",
        sell=sell,
        open_units=has.open_units,
        ship=has.ship,
        given_back=lambda order: int(has.given.get(order, Decimal(0)) * 100),
        restocked=lambda: has.restocked,
        cancels=ShopifyCancels(),
        refunds=ShopifyRefunds(),
        misbehave=misbehave,
    )


def hooks_stand(shop: Shop) -> hooks.Stand:
    has = shop.has
    addresses = iter(f"https://orders.example.com/in/acme-{n}" for n in range(1000))

    def spoil(theirs: str) -> None:
        """Shopify removes and never switches off; one with a filter leaves orders out."""
        has.subscriptions[theirs]["filter"] = "total_price:>100"

    return hooks.Stand(
        hooks=ShopifyHooks(),
        account=shop.account,
        fresh=lambda: next(addresses),
        put=has.put,
        made=lambda: has.subscribed,
        drop=lambda theirs: has.subscriptions.pop(theirs) and None,
        switch_off=spoil,
        misbehave=lambda fault: shop.simulator.misbehave("CreateSubscription", fault),
    )
