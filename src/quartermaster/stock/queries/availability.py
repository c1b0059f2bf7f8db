"""What is there, what is promised, what can be sold: by SKU and site, virtual kits included."""

import re

from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, BadCursor, Page

_CURSOR = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})")


class Available(Struct, frozen=True):
    """Units. available: can still be promised, after reservations and safety stock; never below zero.

    A kit has no stock of its own. Its on_hand and available are the kits that could be made of the parts that
    are there and that are free; reserved, incoming and safety are the kits that the parts' reservations take
    away, their deliveries add, and their safety stock keeps back.
    """

    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    incoming: int
    safety: int


# A kit is whole at a site that knows all of its parts; elsewhere none can be made.
PAGE = """
select s.id, w.location_id, s.code, l.code, w.on_hand, w.reserved, w.available, w.incoming, w.safety
from catalog_sku s
cross join lateral (
  select location_id, on_hand, reserved, greatest(0, sellable - reserved - safety) as available,
    incoming, safety
  from stock_level where sku_id = s.id and not s.is_kit
  union all
  select location_id, there * whole, (there - unreserved) * whole, free * whole, (later - free) * whole,
    (unkept - free) * whole
  from (
    select v.location_id, (count(*) = k.parts)::int as whole,
      min(v.on_hand / k.quantity) as there,
      min((v.on_hand - v.reserved) / k.quantity) as unreserved,
      min((v.sellable - v.reserved) / k.quantity) as unkept,
      min(greatest(0, v.sellable - v.reserved - v.safety) / k.quantity) as free,
      min((greatest(0, v.sellable - v.reserved - v.safety) + v.incoming) / k.quantity) as later
    from (select part_id, quantity, count(*) over () as parts from catalog_kit_leaf where kit_id = s.id) k
    join stock_level v on v.sku_id = k.part_id
    where s.is_kit
    group by v.location_id, k.parts) made
) w
join stock_location l on l.id = w.location_id
where (s.id, w.location_id) > (%(sku_id)s::bigint, %(location_id)s::bigint) and s.id >= %(sku_id)s
  {where}
order by s.id, w.location_id
limit %(limit)s
"""
_CONDITIONS = {"sku": "and s.code = %(sku)s", "location": "and l.code = %(location)s"}


def availability(
    *, sku: str = "", location: str = "", after: str = "", limit: int = LIMIT
) -> Page[Available]:
    """Levels that meet every filter given, in a fixed order. Raises BadCursor."""
    found = _CURSOR.fullmatch(after)
    if after and not found:
        raise BadCursor(cursor=repr(after[:40]))
    sku_id, location_id = map(int, found.groups()) if found else (0, 0)
    given = {"sku": sku, "location": location}
    where = " ".join(condition for name, condition in _CONDITIONS.items() if given[name])
    position = {"sku_id": sku_id, "location_id": location_id, "limit": limit + 1}
    rows = sql.run(PAGE.format(where=where), {**given, **position})
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = f"{last[0]}-{last[1]}" if last else None
    return Page([Available(*row[2:]) for row in rows[:limit]], cursor)
