"""Every listing of a large seller at Amazon is sent once, as feeds, within what Amazon allows."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.channels.pushing import left, pushed, read
from bench.channels.sales import UNITS, stocked
from bench.river.ground import Ground
from quartermaster.channels.actions import switch
from quartermaster.connectors.amazon import paces
from quartermaster.connectors.amazon.feeds import AmazonBulk
from quartermaster.connectors.amazon.translate import offers
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.amazon_listings import PAGE
from quartermaster.testing.simulators.budgets import Budget, Rate
from quartermaster.testing.simulators.server import Simulator

BEGUN = "select count(*) from channels_bulk where began_at is not null"


def marketplace_push(listings: int, *, ground: Ground, workers: int, times: float) -> dict[str, Any]:
    """It has none of anything. A feed is worked off when it is looked at for the second time. So many times
    Amazon's budget is kept by the workers, and by the simulator, which says 429 to what is more."""
    codes = [f"M{n:06}" for n in range(listings)]
    stocked(codes)
    memory = amazon.Amazon()
    for code in codes:
        memory.listings.offer(code, 0, "9.90")
    with contextlib.ExitStack() as stack:
        simulator = stack.enter_context(Simulator(memory))
        told = {**amazon.SETTINGS, "api_url": simulator.url}
        connect("amazon", "marketplace", told, at=now(), by="bench")
        switch("marketplace", mode="live", at=now(), by="bench")
        with _long_pages(memory):
            read("marketplace", listings)
        simulator.requests.clear()
        budget = simulator.budget = Budget(lambda method, path: _rate(method, path, times))
        kills = [_is_begun, lambda: left("marketplace").unknown < listings // 2]
        ran = pushed("marketplace", kills, ground=ground, workers=workers, times=times)
        asked = [one for one in simulator.requests if one.operation not in ("token", "queue")]
        return {
            "listings": listings,
            "budget_times": times,
            **ran.told,
            "best_s": _best_s(listings, times),
            "calls": dict(Counter(one.operation for one in asked).most_common()),
            "throttled": budget.refused,
            "sent_twice": memory.listings.writes - listings,
            "wrong": sum(memory.listings.count(code)["quantity"] != UNITS for code in codes),
        }


@contextlib.contextmanager
def _long_pages(memory: amazon.Amazon) -> Iterator[None]:
    """What is read before anything is measured, of this process alone, need not take as long as at Amazon."""
    offers.PAGE = memory.listings.page = memory.listings.window  # type: ignore[misc]  # of this process
    yield
    offers.PAGE = memory.listings.page = PAGE  # type: ignore[misc]


def _is_begun() -> bool:
    """One feed lies at Amazon, and others are not there yet."""
    return sql.run(BEGUN) != [(0,)]


def _rate(method: str, path: str, times: float) -> Rate | None:
    """Files lie elsewhere, and tokens come from elsewhere."""
    if "/file/" in path or path.startswith("/auth/"):
        return None
    name = paces.operation(method, path)
    a_second, at_once = paces.RATES[name]
    return Rate(name, a_second * times, at_once)


def _best_s(listings: int, times: float) -> float:
    """What as many feeds as it takes, and a look at each listing afterwards, cannot be faster than."""
    feeds = -(-listings // AmazonBulk.bulk_max)
    return max(_takes_s("createFeed", feeds), _takes_s("searchListingsItems", -(-listings // PAGE))) / times


def _takes_s(operation: str, calls: int) -> float:
    rate, at_once = paces.RATES[operation]
    return max(0, calls - at_once) / rate
