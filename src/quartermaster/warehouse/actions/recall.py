"""Picks of units that were not picked and are not promised any more are taken off their lists."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import PickCancelled
from quartermaster.orders.actions.state import OrderState
from quartermaster.orders.rules.holds import Blocks
from quartermaster.stock.queries.claims import held
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.actions.rows import PickRow, left_of_orders
from quartermaster.warehouse.actions.take import follow_lists


class Off(NamedTuple):
    """Units to take off a pick, and why."""

    pick: PickRow
    units: int
    because: str


# A pick that loses only some of its units goes on with the others.
TAKE_OFF = """
update warehouse_pick p
set state = case when c.units >= p.quantity - p.picked then 'cancelled' else p.state end,
    quantity = case when c.units >= p.quantity - p.picked then p.quantity else p.quantity - c.units end,
    because = c.because
from jsonb_to_recordset(%(off)s::jsonb) as c(id bigint, units bigint, because text) where p.id = c.id
"""


def recall(orders: Mapping[int, OrderState], *, at: datetime, by: str) -> int:
    """Bring the lists in line with what is still promised to these orders, and not held. Returns the units
    taken off. Constant number of statements; running it twice changes nothing."""
    left = left_of_orders(orders)
    if not left:
        return 0
    promised: Counter[tuple[int, int, int]] = Counter()
    for part in held({pick.line_id for pick in left}):
        promised[part.claim, part.holder, part.sku_id] += part.pending
    off = []
    for pick in left:
        key = (pick.line_id, pick.allocation_id, pick.sku_id)
        if orders[pick.order_id].is_blocked(Blocks.RELEASE):
            off.append(Off(pick, pick.left, "the order is on hold"))
        elif promised[key] < pick.left:
            off.append(Off(pick, pick.left - promised[key], "not wanted any more"))
        promised[key] = max(0, promised[key] - pick.left)
    take_off(off, orders, at=at, by=by)
    return sum(one.units for one in off)


def take_off(off: list[Off], orders: Mapping[int, OrderState], *, at: datetime, by: str) -> None:
    """Take units off picks, tell, and let lists and allocations follow. Locks are the caller's."""
    if not off:
        return
    rows = [{"id": one.pick.id, "units": one.units, "because": one.because} for one in off]
    sql.run(TAKE_OFF, {"off": sql.rows(rows)})
    follow_lists({one.pick.pick_list_id for one in off}, at=at, by=by)
    states.follow([orders[order_id] for order_id in sorted({o.pick.order_id for o in off})], at=at)
    units: Counter[tuple[int, int, str]] = Counter()
    for one in off:
        units[one.pick.order_id, one.pick.pick_list_id, one.because] += one.units
    emit(
        PickCancelled(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            pick_list_id=list_id,
            units=count,
            because=because,
        )
        for (order_id, list_id, because), count in units.items()
    )
