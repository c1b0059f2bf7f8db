"""Released work goes to the floor: the most urgent orders of a site as one list along the path."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import PickListMade
from quartermaster.orders.actions.state import load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.stock.actions import lock_some
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.actions.direct import Wanted, directed, write
from quartermaster.warehouse.queries.wave_work import Queued

ORDERS_MAX = 5_000

# Whoever is working on an order has its lock: others take the next ones.
QUEUE = """
select a.id, o.id, o.priority, a.ship_by, o.placed_at
from allocation_allocation a join orders_order o on o.id = a.order_id
where a.location_id = %(location)s and a.state = 'released'
  and (%(only)s::bigint[] is null or o.id = any(%(only)s))
order by o.priority desc, a.ship_by nulls last, o.placed_at, a.id
limit %(orders_max)s
for no key update of o skip locked
"""
PROMISED = """
select a.id, a.order_id, r.claim, r.sku_id, s.code, sum(r.quantity)::bigint
from allocation_allocation a
join orders_line l on l.order_id = a.order_id
join stock_reservation r on r.claim = l.id and r.holder = a.id and r.state = 'pending'
join catalog_sku s on s.id = r.sku_id
where a.id = any(%s) and a.state = 'released'
group by a.id, a.order_id, r.claim, r.sku_id, s.code
"""
MAKE = """
insert into warehouse_pick_list (location_id, because, made_by, made_at)
values (%(location)s, %(because)s::jsonb, %(by)s, %(at)s) returning id
"""
TURN = "priority first, then what must leave soonest, then what was ordered first"


def make_pick_list(
    location: str, *, orders_max: int = 20, only: Sequence[int] | None = None, at: datetime, by: str
) -> int | None:
    """Take the most urgent released work of a site (of the orders `only`, by id, when given) and direct each
    unit to a bin. Returns the list's id; None when there is nothing to pick.

    Two at once get different work. Raises NotFound for an unknown site, Invalid for orders_max.
    """
    if not 0 < orders_max <= ORDERS_MAX:
        raise Invalid(what="The pick list", errors={"orders_max": f"1 to {ORDERS_MAX}"})
    with transaction.atomic():
        site = sql.run("select id from stock_location where code = %s", (location,))
        if not site:
            raise NotFound(what="location", which=location)
        location_id = int(site[0][0])
        chosen = None if only is None else list(only)
        asked = {"location": location_id, "orders_max": orders_max, "only": chosen}
        queue = [Queued._make(row) for row in sql.run(QUEUE, asked)]
        orders = load(one.order_id for one in queue)
        queue = [one for one in queue if not orders[one.order_id].is_blocked(Blocks.RELEASE)]
        wanted = promised(queue)
        lock_some({(one.sku_id, location_id) for one in wanted})
        picks = directed(wanted, location_id, at=at)
        if not picks:
            return None
        taken = {pick.wanted.allocation_id for pick in picks}
        because = _because([one for one in queue if one.allocation_id in taken], orders_max, chosen)
        made = {"location": location_id, "because": sql.rows([because])[1:-1], "by": by, "at": at}
        list_id = int(sql.run(MAKE, made)[0][0])
        write(list_id, picks, location_id)
        mine = sorted({pick.wanted.order_id for pick in picks})
        states.follow([orders[order_id] for order_id in mine], at=at)
        fact = PickListMade(
            subject=f"pick_list:PL-{list_id}",
            at=at,
            actor=by,
            pick_list_id=list_id,
            location=location,
            order_ids=tuple(mine),
        )
        emit([fact])
    return list_id


def promised(queue: Sequence[Queued]) -> list[Wanted]:
    """What these allocations still have promised, the most urgent first. Read under the orders' locks: what
    somebody else took a moment ago is not released any more."""
    turn = {one.allocation_id: n for n, one in enumerate(queue)}
    found = [Wanted._make(row) for row in sql.run(PROMISED, (list(turn),))]
    return sorted(found, key=lambda w: (turn[w.allocation_id], w.line_id, w.sku_id))


def _because(queue: Sequence[Queued], orders_max: int, chosen: list[int] | None) -> Mapping[str, object]:
    """Why these orders: how the queue is ordered, and what put each one where it stood."""
    return {
        "queue": TURN if chosen is None else "orders chosen by hand",
        "orders_max": orders_max,
        "orders": [
            {
                "number": f"SO-{one.order_id}",
                "priority": one.priority,
                "ship_by": one.ship_by,
                "placed_at": one.placed_at,
            }
            for one in queue
        ],
    }
