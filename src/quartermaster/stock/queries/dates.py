"""Which units are past their day, by the calendar of the site they lie at: decided where they are promised
and picked, however long ago the chore that takes them out of sale looked at them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from quartermaster.core import sql

# A lot can be used on the day it expires. A SKU may say how many days more a customer has to have:
# {"shelf_days_min": 30} among its attributes. `s` is the SKU.
SHELF_DAYS: Final = """case when jsonb_typeof(s.attributes->'shelf_days_min') = 'number'
  then greatest(0, least(3650, (s.attributes->>'shelf_days_min')::numeric))::int else 0 end"""
# Units that lie in what can be sold and are past their day, by SKU and site. Parameter: at; `{skus}` is what
# the SKUs are among.
OVER: Final = f"""
select b.sku_id, p.location_id, sum(b.quantity)::bigint as units
from stock_lot l join stock_balance b on b.sku_id = l.sku_id and b.lot = l.code
join stock_place p on p.id = b.place_id and p.id > 0
join stock_location c on c.id = p.location_id
join catalog_sku s on s.id = l.sku_id
where l.sku_id in ({{skus}}) and b.state = 'available' and b.quantity > 0
  and l.expires_on < (%(at)s::timestamptz at time zone c.timezone)::date + {SHELF_DAYS}
group by b.sku_id, p.location_id
"""  # noqa: S608 - constants only
_OVER_NOW: Final = OVER.format(skus="select unnest(%(skus)s::bigint[])")


def over(sku_ids: Iterable[int], *, at: datetime) -> dict[tuple[int, int], int]:
    """(SKU id, location id) -> units that are counted as free and may not go to anybody any more."""
    rows = sql.run(_OVER_NOW, {"skus": sorted(set(sku_ids)), "at": at})
    return {(sku_id, location_id): units for sku_id, location_id, units in rows}


def usable(expires_on: str, sku_id: str, location_id: str) -> str:
    """SQL that is true where a lot may still go to somebody; names of columns. Parameter: at. What has no day
    costs nothing."""
    return f"""({expires_on} is null or {expires_on} >= (
    select (%(at)s::timestamptz at time zone c.timezone)::date + {SHELF_DAYS}
    from catalog_sku s, stock_location c where s.id = {sku_id} and c.id = {location_id}))"""  # noqa: S608 - names of ours
