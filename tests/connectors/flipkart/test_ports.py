"""Flipkart's ports against its simulator, and every request they make against Flipkart's own document."""

import pytest

from quartermaster.connectors.flipkart.channel import FlipkartCancels, FlipkartChannel
from quartermaster.connectors.flipkart.listings import FlipkartListings
from quartermaster.testing.conformance import back, channels, goods

from .conftest import Hub, items


@pytest.fixture
def channel(hub: Hub) -> channels.Stand:
    return channels.Stand(
        channel=FlipkartChannel(),
        account=hub.account,
        began=hub.memory.clock,
        sell=lambda: (hub.sell(), ("11", "12")),
        touch=lambda order: hub.take(order, packagingPolicy="GREEN_PACKAGE"),
        mails=lambda: len(hub.memory.called),
        misbehave=lambda fault: hub.misbehave("dispatch", fault),
        tells_parts=False,
    )


@pytest.mark.parametrize("check", channels.CHECKS, ids=lambda check: check.__name__)
def test_channel(channel: channels.Stand, check: channels.Check) -> None:
    check(channel)


@pytest.fixture
def offers(hub: Hub) -> goods.Stand:
    def offer(code: str, quantity: int, price_minor: int) -> str:
        with hub.simulator.lock:
            hub.memory.offer(code, quantity=quantity, rupees=price_minor / 100, mrp=200_000_000)
        return code

    def sell(name: str, units: int) -> None:
        with hub.simulator.lock:
            hub.memory.sell(name, units)

    def misbehave(fault: str) -> None:
        for operation in ("inventory", "price"):
            hub.misbehave(operation, fault)

    return goods.Stand(
        listings=FlipkartListings(),
        account=hub.account,
        currency="INR",
        offer=offer,
        gone="NO-SUCH-SKU",
        shown=lambda name: goods.Shown(*hub.memory.shown(name)),
        sell=sell,
        writes=lambda: hub.memory.writes,
        pages=31,
        price_step_minor=100,
        misbehave=misbehave,
    )


@pytest.mark.parametrize("check", goods.CHECKS, ids=lambda check: check.__name__)
def test_listings(offers: goods.Stand, check: goods.Check) -> None:
    check(offers)


@pytest.fixture
def cancels(hub: Hub) -> back.Stand:
    def open_units(order: str) -> int:
        told = hub.memory.shipments[order]["orderItems"]
        assert isinstance(told, list)
        return sum(int(item["quantity"]) for item in told if item["status"] != "CANCELLED")

    return back.Stand(
        account=hub.account,
        currency="INR",
        sell=lambda: back.Sold(hub.sell(), ("11", "12"), ("LAMP", "BULB"), (59850, 149900), 0),
        open_units=open_units,
        ship=lambda order: hub.take(order, orderItems=items("SHIPPED")),
        given_back=lambda order: 0,
        restocked=lambda: 0,
        cancels=FlipkartCancels(),
        misbehave=lambda fault: hub.misbehave("cancel", fault),
    )


@pytest.mark.parametrize("check", back.CANCEL_CHECKS, ids=lambda check: check.__name__)
def test_cancels(cancels: back.Stand, check: back.Check) -> None:
    check(cancels)
