"""The state of an allocation follows from its units: promised, directed, picked, in parcels, gone."""

from collections.abc import Iterable
from datetime import datetime

from quartermaster.core import sql
from quartermaster.orders.actions.state import OrderState
from quartermaster.orders.rules.holds import Blocks

# What is picked and in parcels is counted by order and site: a parcel may hold units of several decisions.
FOLLOW = """
with mine as materialized (
  select id, order_id, location_id, state from allocation_allocation
  where order_id = any(%(orders)s) and state in ('waiting', 'released', 'picking', 'packed')),
promised as (
  select r.holder, coalesce(sum(r.quantity) filter (where r.state = 'pending'), 0) as pending,
    coalesce(sum(r.quantity) filter (where r.state = 'consumed'), 0) as consumed
  from orders_line l join stock_reservation r on r.claim = l.id
  where l.order_id = any(%(orders)s) and r.state <> 'released' group by r.holder),
picks as (
  select p.allocation_id, sum(p.picked) as picked, bool_or(p.state = 'to_pick') as is_going
  from warehouse_pick p where p.order_id = any(%(orders)s) group by p.allocation_id),
picked as (
  select a.order_id, a.location_id, sum(p.picked) as units
  from allocation_allocation a join picks p on p.allocation_id = a.id group by 1, 2),
back as (
  select order_id, location_id, sum(quantity) as units from warehouse_put_back
  where order_id = any(%(orders)s) group by 1, 2),
boxed as (
  select p.order_id, p.location_id, sum(i.quantity) as units,
    coalesce(sum(i.quantity) filter (where p.state = 'handed_over'), 0) as gone
  from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
  where p.order_id = any(%(orders)s) and p.external_id = ''
    and p.state in ('packed', 'labelled', 'handed_over') group by 1, 2),
right_state as (
  select m.id, case
    when coalesce(u.pending, 0) > 0 then
      case when coalesce(k.is_going, false) then 'picking'
           when m.order_id = any(%(held)s) then 'waiting' else 'released' end
    when coalesce(d.units, 0) - coalesce(b.units, 0) > coalesce(x.gone, 0) then
      case when coalesce(d.units, 0) - coalesce(b.units, 0) > coalesce(x.units, 0) then 'picking'
           else 'packed' end
    when coalesce(u.consumed, 0) > 0 then 'shipped' else 'cancelled' end as state
  from mine m left join promised u on u.holder = m.id left join picks k on k.allocation_id = m.id
  left join picked d using (order_id, location_id) left join back b using (order_id, location_id)
  left join boxed x using (order_id, location_id))
update allocation_allocation a
set state = f.state, released_at = case f.state when 'waiting' then null
                                   when 'released' then coalesce(a.released_at, %(at)s) else a.released_at end
from right_state f where f.id = a.id and f.state <> a.state
"""


def follow(orders: Iterable[OrderState], *, at: datetime) -> None:
    """Bring the states of these orders' allocations in line with their units. One statement; running it twice
    changes nothing. The caller holds the orders' locks."""
    known = list(orders)
    held = [order.id for order in known if order.is_blocked(Blocks.RELEASE)]
    sql.run(FOLLOW, {"orders": [order.id for order in known], "held": held, "at": at})
