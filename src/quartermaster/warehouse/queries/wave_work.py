"""What waves are made of, read without any lock: whoever decides by it looks again once he has them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.orders.rules.holds import Blocks, blocking
from quartermaster.warehouse.rules.wanted import WaveWanted, goes_with

CANDIDATES_MAX = 2_000  # of the queue: a wave has 400 at most
PARCELS_LOOKED_AT = 5_000  # a site's latest, to see which carrier takes what

CANDIDATES = """
select a.id, o.id, o.priority, a.ship_by, o.placed_at,
  array(select h.kind from orders_hold h where h.order_id = o.id and h.released_at is null)
from allocation_allocation a join orders_order o on o.id = a.order_id
where a.location_id = %(location)s and a.state = 'released'
  and (%(ship_by)s::timestamptz is null or a.ship_by <= %(ship_by)s)
  and (%(priority)s::int is null or o.priority >= %(priority)s)
  and (%(method)s = '' or o.shipping_method = %(method)s)
  and not o.id = any(%(but)s::bigint[])
  and (%(lanes)s::jsonb is null or exists (
    select from jsonb_to_recordset(%(lanes)s::jsonb) as w(method text, country text)
    where w.method = o.shipping_method and w.country = coalesce(o.ship_to->>'country', '')))
  and (%(lines)s = '' or (%(lines)s = 'single') = (1 = (
    select count(distinct r.claim) from orders_line l join stock_reservation r
      on r.claim = l.id and r.holder = a.id and r.state = 'pending' where l.order_id = o.id)))
order by o.priority desc, a.ship_by nulls last, o.placed_at, a.id limit %(limit)s
"""
WENT = """
select method, country, mode() within group (order by went) from (
  select o.shipping_method as method, coalesce(o.ship_to->>'country', '') as country,
    rtrim(p.carrier || '/' || p.service, '/') as went
  from warehouse_parcel p join orders_order o on o.id = p.order_id
  where p.location_id = %s and p.carrier <> '' order by p.id desc limit %s) x
group by 1, 2 order by 1, 2
"""
ZONES = """
select distinct split_part(code, '/', 2) from stock_place
where location_id = %s and code like '%%/%%/%%' order by 1
"""
METHODS = """
select distinct o.shipping_method from allocation_allocation a join orders_order o on o.id = a.order_id
where a.location_id = %s and a.state = 'released' and o.shipping_method <> '' order by 1 limit 50
"""


class Queued(NamedTuple):
    """A released allocation in its place in the queue, as it was a moment ago."""

    allocation_id: int
    order_id: int
    priority: int
    ship_by: datetime | None
    placed_at: datetime


class Lane(NamedTuple):
    """Orders with this shipping method to this country went with this carrier lately: "dhl/express"."""

    method: str
    country: str
    carrier: str


def waiting(
    location_id: int, wanted: WaveWanted, lanes: Collection[Lane], but: Collection[int]
) -> list[Queued]:
    """The most urgent released work that a wave may take, without what a hold blocks. `lanes`: by which the
    carrier is expected; `but`: without these orders."""
    mine = [lane._asdict() for lane in lanes if goes_with(lane.carrier, wanted.carrier)]
    asked = {
        "location": location_id,
        "ship_by": wanted.ship_by,
        "priority": wanted.priority,
        "method": wanted.method,
        "but": sorted(but),
        "lanes": sql.rows(mine) if wanted.carrier else None,
        "lines": wanted.lines,
        "limit": CANDIDATES_MAX,
    }
    rows = sql.run(CANDIDATES, asked)
    return [Queued(*row) for *row, kinds in rows if not blocking(set(kinds), Blocks.RELEASE)]


def lanes_of(location_id: int) -> list[Lane]:
    """Which carrier to expect before there is a label: the one most of the site's latest parcels of a
    shipping method went with to a country."""
    return [Lane(*row) for row in sql.run(WENT, (location_id, PARCELS_LOOKED_AT))]


def zones_of(location_id: int) -> list[str]:
    return [row[0] for row in sql.run(ZONES, (location_id,))]


def methods_of(location_id: int) -> list[str]:
    """Shipping methods, as sold, of what is to be picked."""
    return [row[0] for row in sql.run(METHODS, (location_id,))]
