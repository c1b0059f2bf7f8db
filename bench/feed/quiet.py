"""After the last order: the shops behave again, what is under way ends, and both sides are compared."""

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from bench.river.processes import wait_for
from quartermaster.channels.actions import compare
from quartermaster.core import sql
from quartermaster.core.moment import now

BY = "user:1"
BUSY = """
select 'messages', count(*) from inbox_message where state = 'received' and waits_for is null
union all select 'deliveries', count(*) from core_delivery where stuck_at is null
union all select 'effects', count(*) from core_outbox where settled_at is null
union all select 'dirty', count(*) from channels_dirty
union all select 'numbers', count(*) from channels_listing where state in ('due', 'sent', 'asked')
union all select 'released', count(*) from allocation_allocation where state in ('released', 'picking')
union all select 'put-backs', count(*) from warehouse_put_back where done_at is null
union all select 'parcels', count(*) from warehouse_parcel p where p.state in ('packed', 'labelled')
  and not exists (select from shipping_label x where x.parcel_id = p.id and x.state = 'refused')
  and exists (select from orders_order o where o.id = p.order_id and o.status not in ('cancelled', 'on_hold'))
"""
# Kept with the last page of a round: each other value is the end of another round.
ROUNDS = "select connection_id, read_up_to from channels_shop where failures = 0 and read_up_to is not null"
ROUNDS_MIN = 3  # the first of them may have begun before
READ_NOW = "update channels_goods set read_next_at = now() where read_next_at > now()"
READ = "select count(*) from channels_goods where read_at > %s and cursor = ''"
COMPARED = "select count(*) from channels_comparison where ended_at is null"
HURRY = """
update channels_comparison set next_at = now() where ended_at is null and phase = 'settling'
"""


def busy() -> dict[str, int]:
    return {what: count for what, count in sql.run(BUSY) if count}


def settled(shops: int, *, patience_s: float, say: Callable[[str], None]) -> float:
    """Until nothing is under way; every shop was asked twice, compared, its listings read. Seconds."""
    began = time.monotonic()
    ends: dict[int, set[datetime]] = defaultdict(set)

    def is_asked() -> bool:
        for shop, at in sql.run(ROUNDS):
            ends[shop].add(at)
        return len(ends) == shops and all(len(seen) > ROUNDS_MIN for seen in ends.values())

    wait_for(is_asked, "the shops to be asked", patience_s=patience_s, every_s=0.2)
    say("every shop was asked twice")
    _rests(patience_s)
    say("nothing is under way; comparing")
    compared(patience_s=patience_s)
    say("compared; reading the listings")
    at = now()
    sql.run(READ_NOW)
    wait_for(lambda: sql.run(READ, (at,))[0][0] == shops, "listings", patience_s=patience_s, every_s=0.5)
    _rests(patience_s)
    return time.monotonic() - began


def compared(*, patience_s: float) -> None:
    """All shops, over all that was sold."""
    since = now() - timedelta(days=1)
    for (slug,) in sql.run("select slug from inbox_connection order by slug"):
        compare(slug, since=since, at=now(), by=BY)

    def is_done() -> bool:
        sql.run(HURRY)
        return sql.run(COMPARED) == [(0,)]

    wait_for(is_done, "the comparisons", patience_s=patience_s, every_s=0.5)


def _rests(patience_s: float) -> None:
    """Nothing under way, three times in a row: one thing may lead to another."""
    calm = 0
    deadline = time.monotonic() + patience_s
    while calm < 3:
        left = busy()
        calm = 0 if left else calm + 1
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {patience_s:.0f} s there is still work: {left}")
        time.sleep(0.5)
