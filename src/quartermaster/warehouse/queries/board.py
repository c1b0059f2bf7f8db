"""What waits on the floor of each site."""

from datetime import datetime
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import Page, cut, position


class Board(msgspec.Struct, frozen=True):
    """A site. to_pick, picking, packed: orders; lists, parcels and tasks as such. ship_by: the first deadline
    of what has not left. arrivals: open ones; on_dock: units to be put away, since when."""

    location: str
    name: str
    to_pick: int
    picking: int
    lists: int
    to_pack: int
    packing: int
    packed: int
    labelled: int
    handed_over_today: int
    put_backs: int
    counts: int
    ship_by: datetime | None
    arrivals: int
    on_dock: int
    dock_since: datetime | None


class PutBackShown(msgspec.Struct, frozen=True):
    """Picked units to carry back. came_from: the bin they were picked from. tote: where they lie until then;
    "" when they were picked into none."""

    id: str
    order: str
    location: str
    sku: str
    title: str
    quantity: int
    lot: str
    serial: str
    because: str
    at: datetime
    came_from: str | None
    tote: str


class CountShown(msgspec.Struct, frozen=True):
    """A bin to count. What the ledger says is not told: the count is blind."""

    id: str
    place: str
    sku: str
    title: str
    because: str
    at: datetime


BOARD = """
with work as (
  select a.location_id,
    count(*) filter (where a.state = 'released') as to_pick,
    count(*) filter (where a.state = 'picking' and g.is_going) as picking,
    count(*) filter (where a.state = 'picking' and not g.is_going) as to_pack,
    min(a.ship_by) as ship_by
  from allocation_allocation a cross join lateral (
    select a.state = 'picking' and exists (
      select from warehouse_pick p where p.order_id = a.order_id and p.allocation_id = a.id
        and p.state = 'to_pick') as is_going) g
  where a.state in ('released', 'picking', 'packed') group by a.location_id),
boxes as (
  select location_id, count(*) filter (where state = 'packing') as packing,
    count(*) filter (where state = 'packed') as packed, count(*) filter (where state = 'labelled') as labelled
  from warehouse_parcel where state in ('packing', 'packed', 'labelled') group by location_id),
gone as (
  select p.location_id, count(*) as gone from warehouse_parcel p join stock_location l on l.id = p.location_id
  -- no day is longer than 25 hours: what left before is not looked at
  where p.handed_over_at >= %(at)s::timestamptz - interval '25 hours'
    and p.handed_over_at >= date_trunc('day', %(at)s at time zone l.timezone) at time zone l.timezone
  group by p.location_id),
lists as (
  select location_id, count(*) as lists from warehouse_pick_list
  where state in ('open', 'picking') group by 1),
back as (select location_id, count(*) as backs from warehouse_put_back where done_at is null group by 1),
counts as (select location_id, count(*) as counts from warehouse_count_task where done_at is null group by 1),
coming as (
  select location_id, count(*) as arrivals from inbound_arrival
  where state in ('expected', 'receiving') group by 1),
lying as (
  select p.location_id, sum(r.quantity - r.damaged - r.qc + r.passed - r.stored)::bigint as units,
    min(r.at) as since
  from inbound_receipt r join stock_place p on p.id = r.place_id
  where r.stored < r.quantity - r.damaged - r.qc + r.passed group by 1)
select l.code, l.name, coalesce(w.to_pick, 0), coalesce(w.picking, 0), coalesce(i.lists, 0),
  coalesce(w.to_pack, 0), coalesce(b.packing, 0), coalesce(b.packed, 0), coalesce(b.labelled, 0),
  coalesce(g.gone, 0), coalesce(k.backs, 0), coalesce(c.counts, 0), w.ship_by,
  coalesce(n.arrivals, 0), coalesce(d.units, 0), d.since
from stock_location l left join work w on w.location_id = l.id left join boxes b on b.location_id = l.id
left join gone g on g.location_id = l.id left join lists i on i.location_id = l.id
left join back k on k.location_id = l.id left join counts c on c.location_id = l.id
left join coming n on n.location_id = l.id left join lying d on d.location_id = l.id
where l.is_active and l.kind in ('own', 'store') order by l.code
"""
PUT_BACKS = """
select t.id, t.id::text, 'SO-' || t.order_id, l.code, s.code, s.title, t.quantity, t.lot, t.serial, t.because,
  t.at,
  (select b.code from warehouse_pick p join stock_place b on b.id = p.place_id
   where p.order_id = t.order_id and p.line_id = t.line_id and p.sku_id = t.sku_id and p.picked > 0
   order by p.id desc limit 1),
  coalesce((select c.code from warehouse_pick p join warehouse_tote c
     on c.pick_list_id = p.pick_list_id and c.order_id = p.order_id
   where p.order_id = t.order_id and p.line_id = t.line_id and p.sku_id = t.sku_id and p.picked > 0
   order by p.id desc limit 1), '')
from warehouse_put_back t join stock_location l on l.id = t.location_id join catalog_sku s on s.id = t.sku_id
where t.done_at is null and (%(location)s = '' or l.code = %(location)s)
  and (%(after)s::bigint is null or t.id > %(after)s) order by t.id limit %(limit)s
"""
COUNTS = """
select t.id, t.id::text, b.code, s.code, s.title, t.because, t.at
from warehouse_count_task t join stock_place b on b.id = t.place_id join catalog_sku s on s.id = t.sku_id
join stock_location l on l.id = t.location_id
where t.done_at is null and t.state in ('open', 'recount') and (%(location)s = '' or l.code = %(location)s)
  and not exists (select from warehouse_count_entry e
    where e.task_id = t.id and e.round = t.round and e.by = %(but)s and e.counted is not null)
  and (%(after)s::bigint is null or t.id > %(after)s) order by t.id limit %(limit)s
"""


class ToPack(msgspec.Struct, frozen=True):
    """An order with picked units in no closed parcel. parcel: one that is open, to go on with, an
    empty one only where no other is."""

    order: str
    ship_by: datetime | None
    parcel: int | None


TO_PACK = """
select 'SO-' || a.order_id, min(a.ship_by),
  (select p.id from warehouse_parcel p
   where p.order_id = a.order_id and p.location_id = a.location_id and p.state = 'packing'
   order by exists (select from warehouse_parcel_item i where i.parcel_id = p.id) desc, p.id desc limit 1)
from allocation_allocation a join stock_location l on l.id = a.location_id
where l.code = %s and a.state = 'picking' and not exists (
  select from warehouse_pick k
  where k.order_id = a.order_id and k.allocation_id = a.id and k.state = 'to_pick')
group by a.order_id, a.location_id order by min(a.ship_by) nulls last, a.order_id limit 50
"""


def to_pack(location: str) -> list[ToPack]:
    """Orders whose picks at this site are done, the most urgent first; 50 at most."""
    return [ToPack(*row) for row in sql.run(TO_PACK, (location,))]


def board(*, at: datetime) -> list[Board]:
    """Every site where we pick ourselves. Today is the site's."""
    return [Board(*row) for row in sql.run(BOARD, {"at": at})]


def put_backs(*, location: str = "", after: str = "", limit: int = 50) -> Page[PutBackShown]:
    """Open tasks, the oldest first."""
    found = _page(PUT_BACKS, location, after, limit)
    return Page([PutBackShown(*row[1:]) for row in found.items], found.next)


def count_tasks(*, location: str = "", but: str = "", after: str = "", limit: int = 50) -> Page[CountShown]:
    """Bins to count, the oldest task first. `but`: without those this person counted before."""
    found = _page(COUNTS, location, after, limit, but=but)
    return Page([CountShown(*row[1:]) for row in found.items], found.next)


def _page(query: str, location: str, after: str, limit: int, **more: str) -> Page[tuple[Any, ...]]:
    asked = {"location": location, "after": position(after), "limit": limit + 1, **more}
    return cut(sql.run(query, asked), limit, lambda row: row[0])
