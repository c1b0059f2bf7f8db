"""Stock came or went: waiting orders are served first come first served, broken promises are made good."""

from collections.abc import Sequence

from msgspec.structs import replace

from quartermaster.allocation.actions.settle import settle
from quartermaster.core import sql
from quartermaster.events import StockArrived, StockShortened
from quartermaster.orders.actions.state import load, save
from quartermaster.orders.rules.units import balanced

# Orders that wait for one of these SKUs, itself or as a part of a kit: by priority, then age; and no more
# of them
# than what is free could serve, so that one unit does not wake ten thousand orders.
WAITING = """
with meant as (
  select id as sku_id, id as part_id from catalog_sku where id = any(%(ids)s)
  union all select kit_id, part_id from catalog_kit_leaf where part_id = any(%(ids)s)
), free as (
  select m.sku_id, max(f.units) as units from meant m join (
    select sku_id, sum(greatest(0, sellable - reserved - safety)) as units from stock_level
    where sku_id = any(%(ids)s) group by sku_id) f on f.sku_id = m.part_id
  group by m.sku_id
), queue as (
  select l.order_id, f.units,
    sum(l.open) over (partition by l.sku_id order by o.priority desc, o.placed_at, o.id) - l.open as before
  from free f join orders_line l on l.sku_id = f.sku_id and l.parked <> ''
  join orders_order o on o.id = l.order_id
  where l.open > 0
)
select distinct order_id from queue where before < units limit 1000
"""


def serve(arrivals: Sequence[StockArrived]) -> None:
    """The listener: route again the orders that wait for what has arrived."""
    ids = sorted({arrival.sku_id for arrival in arrivals})
    waiting = [row[0] for row in sql.run(WAITING, {"ids": ids})]
    settle(waiting, at=arrivals[-1].at, by="routing", trigger="StockArrived")


def mend(losses: Sequence[StockShortened]) -> None:
    """The listener: reservations of these claims were broken; their units are open again and routed anew."""
    claims = sorted({claim for loss in losses for claim in loss.claims})
    at = losses[-1].at
    order_ids = _unpromise(claims)
    settle(order_ids, at=at, by="routing", trigger="StockShortened")


# What a line has reserved, per part, tells how many whole units it still has.
HELD = """
select l.order_id, l.id, coalesce(min(coalesce(r.units, 0) / n.per), 0)::bigint
from orders_line l
join lateral (
  select part_id, quantity as per from catalog_kit_leaf where kit_id = l.sku_id
  union all select l.sku_id, 1 where not exists (select from catalog_kit_leaf where kit_id = l.sku_id)) n
    on true
left join lateral (
  select sum(quantity)::bigint as units from stock_reservation
  where claim = l.id and sku_id = n.part_id and state = 'pending') r on true
where l.id = any(%s) group by l.order_id, l.id
"""


def _unpromise(claims: Sequence[int]) -> list[int]:
    """Count broken units as open again; returns the orders."""
    held = {row[1]: (row[0], row[2]) for row in sql.run(HELD, (list(claims),))}
    orders = load(order_id for order_id, _ in held.values())
    changed = []
    for order in orders.values():
        for line in order.lines:
            if line.id in held and held[line.id][1] < line.units.allocated:
                line.units = balanced(replace(line.units, allocated=held[line.id][1]))
                changed.append(line)
    save(list(orders.values()), changed)
    return sorted(orders)
