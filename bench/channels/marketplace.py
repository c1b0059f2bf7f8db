"""Every listing of a large seller at Amazon is sent once: many at a time, as feeds."""

import contextlib
import time
from collections import Counter
from typing import Any

from bench.channels.sales import UNITS, stocked
from bench.river.processes import running, wait_for
from quartermaster.channels.actions import pull_listings, switch
from quartermaster.connectors.amazon import paces
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.server import Simulator

LEFT = """
select count(*) filter (where l.state in ('due', 'sent') or l.wanted is null),
  count(*) filter (where l.state = 'asked')
from channels_listing l join inbox_connection c on c.id = l.shop_id where c.slug = 'marketplace'
"""
PATIENCE_S = 1800


def marketplace_push(listings: int, *, workers: int) -> dict[str, Any]:
    """It has none of anything. A feed is worked off when it is looked at for the second time. No rate is kept
    with a simulator: what the calls made would take at Amazon's own is counted from them."""
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
        while pull_listings():
            pass
        simulator.requests.clear()
        began = time.monotonic()
        with running([("-m", "quartermaster", "worker")] * workers):
            wait_for(lambda: _left()[0] == 0, "every number", patience_s=PATIENCE_S, every_s=0.25)
            seconds = time.monotonic() - began
            wait_for(lambda: _left() == (0, 0), "the looks", patience_s=PATIENCE_S, every_s=0.5)
            read_back_s = time.monotonic() - began
        asked = [one for one in simulator.requests if one.operation not in ("token", "queue")]
        known = [one for one in asked if "/file/" not in one.path]
        rates = Counter(paces.operation(one.method, one.path) for one in known)
        return {
            "listings": listings,
            "seconds": seconds,
            "read_back_s": read_back_s,
            "writes": memory.listings.writes,
            "calls": dict(Counter(one.operation for one in asked).most_common()),
            "at_its_rates_s": max(_takes_s(name, count) for name, count in rates.items()),
            "wrong": sum(memory.listings.count(code)["quantity"] != UNITS for code in codes),
        }


def _takes_s(operation: str, calls: int) -> float:
    rate, at_once = paces.RATES[operation]
    return max(0, calls - at_once) / rate


def _left() -> tuple[int, int]:
    """Rows that are not written, and rows that are to be looked at."""
    ((waiting, asked),) = sql.run(LEFT)
    return waiting, asked
