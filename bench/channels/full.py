"""Every listing of a large shop is sent once, in calls of a hundred at most: to a WooCommerce, which allows
what its server bears, and to a Shopify, which counts."""

import contextlib
from collections import Counter
from typing import Any

from bench.channels.pushing import left, pushed, read
from bench.channels.sales import UNITS, opened, stocked
from bench.river.ground import Ground
from quartermaster.channels.actions import pull_listings, switch
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators import shopify
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shopify.vendor import POINTS, RESTORED

ROWS, COST = 100, 20  # of a write to Shopify, and what it takes of the shop's points
BY_NOBODY = {"budget_times": 0.0, "best_s": 0.0, "throttled": 0}


def full_push(listings: int, *, ground: Ground, workers: int) -> dict[str, Any]:
    """The shop has none of anything, and is to have what is on the shelves."""
    codes = [f"L{n:06}" for n in range(listings)]
    stocked(codes)
    with contextlib.ExitStack() as stack:
        shop = opened(stack, "large", codes, 0)
        while pull_listings():
            pass
        shop.simulator.requests.clear()
        written = shop.memory.goods.writes
        half = lambda: left("large").unwritten < listings // 2  # noqa: E731 - named for what it is
        ran = pushed("large", [half], ground=ground, workers=workers)
        things = shop.memory.goods.products.values()
        return BY_NOBODY | {
            "listings": listings,
            **ran.told,
            "calls": dict(Counter(one.operation for one in shop.simulator.requests).most_common()),
            "sent_twice": shop.memory.goods.writes - written - listings,
            "wrong": sum(one["stock_quantity"] != UNITS for one in things),
        }


def shopify_push(listings: int, *, ground: Ground, workers: int, times: float) -> dict[str, Any]:
    """As `full_push`, with so many times the budget of a Standard shop, kept on both sides."""
    codes = [f"P{n:06}" for n in range(listings)]
    stocked(codes)
    memory = shopify.Shopify()
    for code in codes:
        memory.offer(code, 0, "9.90")
    with contextlib.ExitStack() as stack:
        simulator = stack.enter_context(Simulator(memory))
        connect("shopify", "counting", {**shopify.SETTINGS, "api_url": simulator.url}, at=now(), by="bench")
        switch("counting", mode="live", at=now(), by="bench")
        read("counting", listings)
        simulator.requests.clear()
        memory.said.clear()
        memory.points, memory.regains = POINTS, RESTORED * times
        half = lambda: left("counting").unwritten < listings // 2  # noqa: E731 - named for what it is
        ran = pushed("counting", [half], ground=ground, workers=workers, times=times)
        return {
            "listings": listings,
            "budget_times": times,
            **ran.told,
            "best_s": max(0.0, -(-listings // ROWS) * COST - POINTS) / (RESTORED * times),
            "calls": dict(Counter(one.operation for one in simulator.requests).most_common()),
            "throttled": memory.throttled,
            "sent_twice": memory.writes - listings,
            "wrong": sum(count != UNITS for count in memory.counts.values()),
        }
