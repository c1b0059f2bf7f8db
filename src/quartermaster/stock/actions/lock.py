"""Lock levels: whoever holds a level's lock alone changes its units, balances and reservations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.stock.rules.posting import At, LevelState


class Free(NamedTuple):
    """What can be promised of a SKU at a site now. Units. free = max(0, sellable - reserved - safety)."""

    sku_id: int
    location_id: int
    free: int
    safety: int
    incoming: int


SEE = """
select sku_id, location_id, greatest(0, sellable - reserved - safety), safety, incoming
from stock_level
where sku_id = any(%(sku_ids)s)
"""
LOCK = SEE + " order by sku_id, location_id for no key update"
LOCK_SOME = """
select l.sku_id, l.location_id, greatest(0, l.sellable - l.reserved - l.safety), l.safety, l.incoming
from jsonb_to_recordset(%(levels)s::jsonb) as w(sku_id bigint, location_id bigint)
join stock_level l using (sku_id, location_id)
order by l.sku_id, l.location_id
for no key update of l
"""

# An insert that conflicts locks the row it met; `where false` keeps it from writing one. So rows that exist
# and rows that do not are taken in one pass and one order: no deadlock between a look and an insert.
OPEN = """
insert into stock_level (sku_id, location_id)
select sku_id, location_id from jsonb_to_recordset(%(levels)s::jsonb) as w(sku_id bigint, location_id bigint)
order by sku_id, location_id
on conflict (sku_id, location_id) do update set links = stock_level.links where false
"""

READ = """
select l.sku_id, l.location_id, l.on_hand, l.sellable, l.reserved, l.safety, l.links, l.head, now()
from stock_level l
join jsonb_to_recordset(%(levels)s::jsonb) as w(sku_id bigint, location_id bigint) using (sku_id, location_id)
"""


def lock_levels(sku_ids: Sequence[int]) -> list[Free]:
    """Lock all levels of these SKUs and say what is free, ordered by sku_id and location_id. One statement.

    Call it once for everything a transaction is going to decide: a second call may have to wait for somebody
    who waits for the first.
    """
    return list(map(Free._make, sql.run(LOCK, {"sku_ids": list(sku_ids)}, binary=True)))


def see_levels(sku_ids: Sequence[int]) -> list[Free]:
    """What is free of these SKUs at this moment, without a lock: it may be gone the next. One statement."""
    return list(map(Free._make, sql.run(SEE, {"sku_ids": list(sku_ids)}, binary=True)))


def lock_some(levels: Iterable[At]) -> list[Free]:
    """Lock just these levels and say what is free there, in lock order. One statement.

    For who decided by `see_levels` and wants to know whether it still holds. Do it in a savepoint when other
    levels may have to be locked after it.
    """
    wanted = sql.rows({"sku_id": sku_id, "location_id": location_id} for sku_id, location_id in set(levels))
    return list(map(Free._make, sql.run(LOCK_SOME, {"levels": wanted}, binary=True)))


def open_levels(wanted: Iterable[At]) -> tuple[dict[At, LevelState], datetime]:
    """Lock these levels, made on first use, and read them; with the transaction's time. Two statements."""
    levels = sql.rows({"sku_id": sku_id, "location_id": location_id} for sku_id, location_id in set(wanted))
    sql.run(OPEN, {"levels": levels})
    found = sql.run(READ, {"levels": levels})
    levels_now = {
        (sku_id, location_id): LevelState(on_hand, sellable, reserved, safety, links, bytes(head))
        for sku_id, location_id, on_hand, sellable, reserved, safety, links, head, _ in found
    }
    return levels_now, found[0][-1]
