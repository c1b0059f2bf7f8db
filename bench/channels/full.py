"""Every listing of a large shop is sent once, by workers that are killed half way and started again."""

import contextlib
import time
from typing import Any

from bench.channels.sales import UNITS, opened, stocked
from bench.river.processes import running, wait_for
from quartermaster.channels.actions import pull_listings
from quartermaster.core import sql

LEFT = """
select count(*) filter (where l.state = 'due' or l.wanted is null),
  count(*) filter (where l.state = 'sent' or (l.state = 'asked' and l.asks = 'unclear'))
from channels_listing l join inbox_connection c on c.id = l.shop_id
where c.slug = 'large'
"""
PATIENCE_S = 3600


def full_push(listings: int, *, workers: int) -> dict[str, Any]:
    """The shop has none of anything, and is to have what is on the shelves."""
    codes = [f"L{n:06}" for n in range(listings)]
    stocked(codes)
    with contextlib.ExitStack() as stack:
        shop = opened(stack, "large", codes, 0)
        while pull_listings():
            pass
        written = shop.memory.goods.writes
        began = time.monotonic()
        with running([("-m", "quartermaster", "worker")] * workers) as started:
            wait_for(lambda: _left()[0] < listings // 2, "half of it", patience_s=PATIENCE_S)
            for process in started:
                process.kill()
                process.wait()
                process.returncode = 0  # it was us
        with running([("-m", "quartermaster", "worker")] * workers):
            wait_for(lambda: _left()[0] == 0, "the other half", patience_s=PATIENCE_S, every_s=0.25)
            seconds = time.monotonic() - began
            # What the dead had in hand is read back when their lease is over.
            wait_for(lambda: _left() == (0, 0), "what was in hand", patience_s=PATIENCE_S, every_s=0.5)
            whole_s = time.monotonic() - began
        sent = shop.memory.goods.writes - written
        things = shop.memory.goods.products.values()
        return {
            "listings": listings,
            "seconds": seconds,
            "rows_per_s": listings / seconds,
            "with_leases_s": whole_s,
            "calls": sum(request.operation == "batch" for request in shop.simulator.requests),
            "sent_twice": sent - listings,
            "wrong": sum(one["stock_quantity"] != UNITS for one in things),
        }


def _left() -> tuple[int, int]:
    """Rows that wait, and rows that a worker has in hand or left behind."""
    ((due, in_hand),) = sql.run(LEFT)
    return due, in_hand
