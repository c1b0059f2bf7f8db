"""Picked units: for which line, and whether they lie on the table or in a parcel."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.warehouse.rules.surplus import OnFloor


class Counts(NamedTuple):
    """picked: (line, SKU) -> units ever picked and not put back, tasks to put back counted as done.
    coming_back: line -> units of the line that open tasks will end."""

    picked: Counter[tuple[int, int]]
    coming_back: Counter[int]


COUNTS = """
select line_id, sku_id, sum(units)::bigint, sum(ending)::bigint from (
  select line_id, sku_id, picked as units, 0 as ending from warehouse_pick
  where order_id = any(%(orders)s) and picked > 0
  union all
  select line_id, sku_id, -quantity, case when done_at is null then line_units else 0 end
  from warehouse_put_back where order_id = any(%(orders)s)) x
group by line_id, sku_id
"""
# Imported parcels have neither picks nor a part in this.
ON_FLOOR = """
with items as materialized (
  select i.id, i.parcel_id, p.state, p.location_id, i.line_id, i.sku_id, i.lot, i.serial, i.quantity
  from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
  where p.order_id = any(%(orders)s) and p.external_id = '' and p.state <> 'cancelled'),
loose as (
  select line_id, location_id, sku_id, lot, serial, sum(units)::bigint as units from (
    select p.line_id, a.location_id, p.sku_id, p.lot, p.serial, p.picked as units
    from warehouse_pick p join allocation_allocation a on a.id = p.allocation_id
    where p.order_id = any(%(orders)s) and p.picked > 0
    union all
    select line_id, location_id, sku_id, lot, serial, -quantity from warehouse_put_back
    where order_id = any(%(orders)s)
    union all
    select line_id, location_id, sku_id, lot, serial, -quantity from items) x
  group by line_id, location_id, sku_id, lot, serial having sum(units) > 0)
select line_id, location_id, sku_id, lot, serial, units, 0, 0, '' from loose
union all
select line_id, location_id, sku_id, lot, serial, quantity, parcel_id, id, state from items
where state <> 'handed_over'
order by 1, 2, 3, 4, 5, 7
"""


# What an outside site has is on nobody's floor: it comes back, or leaves, when they say so.
OUTSIDE = """
select distinct p.order_id, a.location_id from warehouse_pick p
join allocation_allocation a on a.id = p.allocation_id
where p.order_id = any(%(orders)s) and p.is_outside
"""
# Units picked for the order of a row `of` at its site that are in no closed parcel and do not go back.
UNPACKED = """(
coalesce((select sum(k.picked) from warehouse_pick k join allocation_allocation a on a.id = k.allocation_id
  where k.order_id = {of}.order_id and a.location_id = {of}.location_id), 0)
- coalesce((select sum(t.quantity) from warehouse_put_back t
  where t.order_id = {of}.order_id and t.location_id = {of}.location_id), 0)
- coalesce((select sum(i.quantity) from warehouse_parcel x join warehouse_parcel_item i on i.parcel_id = x.id
  where x.order_id = {of}.order_id and x.location_id = {of}.location_id and x.external_id = ''
    and (x.state in ('packed', 'labelled', 'handed_over') {closed})), 0))"""
LINES = "select id, order_id from orders_line where id = any(%s)"


def counts(order_ids: Iterable[int]) -> Counts:
    """One statement."""
    found = Counts(Counter(), Counter())
    for line_id, sku_id, units, ending in sql.run(COUNTS, {"orders": sorted(set(order_ids))}):
        found.picked[line_id, sku_id] = units
        found.coming_back[line_id] += ending
    return found


def on_floor(order_ids: Iterable[int]) -> list[OnFloor]:
    """Units of these orders that were picked and are still in the house, tasks to put back and what outside
    sites have left out. Three statements."""
    there, spots = _all(order_ids)
    return [one for one, spot in there if spot not in spots]


def outside(order_ids: Iterable[int]) -> list[OnFloor]:
    """Units of these orders that an outside site has, and that have not left there. Three statements."""
    there, spots = _all(order_ids)
    return [one for one, spot in there if spot in spots]


def _all(order_ids: Iterable[int]) -> tuple[list[tuple[OnFloor, tuple[int, int]]], set[tuple[int, int]]]:
    """Each with the order and site it belongs to; and those of outside sites."""
    asked = {"orders": sorted(set(order_ids))}
    there = [OnFloor._make(row) for row in sql.run(ON_FLOOR, asked)]
    spots = {(order_id, site) for order_id, site in sql.run(OUTSIDE, asked)}
    if not spots:
        return [(one, (0, one.location_id)) for one in there], spots
    order_of = dict(sql.run(LINES, (sorted({one.line_id for one in there}),)))
    return [(one, (order_of[one.line_id], one.location_id)) for one in there], spots
