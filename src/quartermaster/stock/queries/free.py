"""What can be promised of many SKUs at once, virtual kits included."""

from collections.abc import Iterable

from quartermaster.core import sql

# A kit is whole at a site that knows all of its parts (stock.queries.availability).
FREE = """
with asked as materialized (select id, is_kit from catalog_sku where id = any(%(ids)s))
select a.id, l.code, v.free from asked a
cross join lateral (
  select location_id, greatest(0, sellable - reserved - safety) as free from stock_level
  where sku_id = a.id and not a.is_kit offset 0) v
join stock_location l on l.id = v.location_id where v.free > 0
union all
select a.id, l.code, v.free from asked a
cross join lateral (
  select v.location_id, min(greatest(0, v.sellable - v.reserved - v.safety) / k.quantity) as free
  from (select part_id, quantity, count(*) over () as parts from catalog_kit_leaf where kit_id = a.id) k
  join stock_level v on v.sku_id = k.part_id where a.is_kit
  group by v.location_id, k.parts having count(*) = k.parts offset 0) v
join stock_location l on l.id = v.location_id where v.free > 0
"""


def free(sku_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """SKU id -> site code -> units that can be promised now: sellable - reserved - safety, of a kit what its
    parts make there. What is not named has none. One statement."""
    found: dict[int, dict[str, int]] = {}
    for sku_id, site, units in sql.run(FREE, {"ids": sorted(set(sku_ids))}):
        found.setdefault(sku_id, {})[site] = units
    return found
