"""What a channel may be promised of SKUs whose lots expire: only what is good for as long as it asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.stock.queries.shelf_life import days_asked

# Reservations name a site and no lot, so what is promised to those who ask for more days must fit into what
# is good for so long; the others take what is left. `claimed` at a number of days: by channels that ask for
# as many or more. Parameters: skus, at.
ASKS: Final = f"""
asks as materialized (
  select c.id as connection_id, c.slug, s.id as sku_id, {days_asked("c.id", "s.id")} as days
  from inbox_connection c cross join catalog_sku s
  where s.id = any(%(skus)s) and c.id in (select connection_id from stock_shelf_life)),
steps as (select distinct sku_id, days from asks where days > 0),
young as (
  select t.sku_id, p.location_id, t.days, sum(case when l.expires_on is null or l.expires_on
      >= (%(at)s::timestamptz at time zone c.timezone)::date + t.days then b.quantity else 0 end) as units
  from steps t join stock_balance b on b.sku_id = t.sku_id and b.state = 'available' and b.quantity > 0
  join stock_place p on p.id = b.place_id and p.id > 0
  join stock_location c on c.id = p.location_id
  left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
  group by 1, 2, 3),
claimed as (
  select r.sku_id, r.location_id, t.days, sum(r.quantity) as units
  from stock_reservation r join orders_line n on n.id = r.claim join orders_order o on o.id = n.order_id
  join asks a on a.connection_id = o.connection_id and a.sku_id = r.sku_id
  join steps t on t.sku_id = r.sku_id and t.days <= a.days
  where r.state = 'pending' and r.sku_id = any(%(skus)s) group by 1, 2, 3)
"""  # noqa: S608 - constants only
ROOMS: Final = f"""
with {ASKS}
select t.sku_id, l.id, t.days, (coalesce(y.units, 0) - coalesce(c.units, 0))::bigint,
  (select jsonb_object_agg(a.slug, a.days)::text from asks a where a.sku_id = t.sku_id and a.days > 0)
from steps t cross join stock_location l
left join young y on (y.sku_id, y.location_id, y.days) = (t.sku_id, l.id, t.days)
left join claimed c on (c.sku_id, c.location_id, c.days) = (t.sku_id, l.id, t.days)
where y.units is not null or c.units is not null
"""  # noqa: S608 - constants only
# Of each site and number of days that has promised too much, the newest promises that make up for it.
OUTGROWN: Final = f"""
with {ASKS},
lacking as (
  select c.sku_id, c.location_id, c.days, c.units - coalesce(y.units, 0) as units
  from claimed c left join young y using (sku_id, location_id, days)
  where c.units > coalesce(y.units, 0))
select distinct order_id, claim from (
  select n.order_id, r.claim, k.units,
    sum(r.quantity) over (partition by k.sku_id, k.location_id, k.days order by r.id desc) - r.quantity
      as before
  from lacking k join stock_reservation r on r.sku_id = k.sku_id and r.location_id = k.location_id
    and r.state = 'pending'
  join orders_line n on n.id = r.claim join orders_order o on o.id = n.order_id
  join asks a on a.connection_id = o.connection_id and a.sku_id = r.sku_id and a.days >= k.days) x
where before < units order by order_id, claim limit %(most)s
"""  # noqa: S608 - constants only
DATED: Final = """
select distinct l.sku_id from stock_lot l where exists (select from stock_shelf_life)
"""


class Rooms(NamedTuple):
    """asks: (slug of a channel, SKU id) -> days it asks for. rooms: (location id, SKU id) -> days -> units
    that may still be promised to who asks for so many."""

    asks: dict[tuple[str, int], int]
    rooms: dict[tuple[int, int], dict[int, int]]

    def left_for(self, channel: str, location_id: int, sku_id: int, free: int) -> tuple[int, int]:
        """Of units that are free there, those a channel may be promised; and the days it asks for (0:
        none)."""
        days = self.asks.get((channel, sku_id), 0) if self.asks else 0
        if not days:
            return free, 0
        rooms = self.rooms.get((location_id, sku_id), {})
        return max(0, min([free, *(room for step, room in rooms.items() if step <= days)])), days


def rooms(sku_ids: Iterable[int], *, at: datetime) -> Rooms:
    """Empty where no channel asks for anything. One statement."""
    found = Rooms({}, {})
    for sku_id, location_id, days, units, asks in sql.run(ROOMS, {"skus": sorted(set(sku_ids)), "at": at}):
        found.rooms.setdefault((location_id, sku_id), {})[days] = units
        for slug, asked in msgspec.json.decode(asks).items():
            found.asks[slug, sku_id] = asked
    return found


def outgrown(*, most: int, at: datetime) -> list[tuple[int, int]]:
    """(order id, line id) of the newest promises to channels whose lots have grown too old for them. Two
    statements, one where no channel asks for anything."""
    skus = [row[0] for row in sql.run(DATED)]
    return sql.run(OUTGROWN, {"skus": skus, "most": most, "at": at}) if skus else []
