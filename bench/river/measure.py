"""The measurements in their order, on one database that fills up."""

from pathlib import Path

import msgspec

from bench.river import flow, prefill, profile, setup
from bench.river.ground import Ground
from bench.river.run import Progress, Wanted

TEMPLATE = 2_000  # orders that go through the river to be copied


def measure(here: Ground, wanted: Wanted, progress: Progress) -> int:
    progress.say("adding 10,000 SKUs, three sites, their lanes and stock")
    connection_id = setup.furnish()
    prefill.analyse(here)
    size = min(TEMPLATE, wanted.prefill)
    progress.say(f"{size:,} first orders through the river")
    before = prefill.highest(here)
    flow.drain(here, connection_id, first=1, count=size, by=1)
    copied = prefill.template(here, size, before)
    copies = max(0, wanted.prefill // size - 1)
    if copies:
        progress.say(f"copying them until there are {wanted.prefill:,}")
        prefill.fill(here, copied, copies, first=1)
    progress.say(f"{prefill.count_orders(here):,} orders in the tables")
    number = 1 + size
    if wanted.profile:
        progress.say(f"profiling {wanted.orders:,} orders, three times")
        profile.profile(here, connection_id, first=number, count=wanted.orders, file=Path(wanted.profile))
        progress.say(f"written: {wanted.profile}")
        return 0
    for by in (1, 2):
        progress.say(f"river: {wanted.orders:,} orders, {by} worker{'s' * (by > 1)}")
        found = flow.drain(here, connection_id, first=number, count=wanted.orders, by=by)
        number += wanted.orders
        print(msgspec.json.encode(found).decode(), flush=True)
    return 0
