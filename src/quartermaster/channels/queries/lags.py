"""How long numbers take to their shops, and how fast a SKU sells: measured."""

from datetime import timedelta

from quartermaster.core import sql

SEEN, SOLD = timedelta(days=7), timedelta(days=28)
# Numbers that a person had sent again changed at no moment, and measure nothing.
LAG = """
select percentile_cont(0.95) within group (order by extract(epoch from p.answered_at - p.wanted_at))::float8,
  count(*)
from channels_push p join channels_listing l on l.id = p.listing_id
join inbox_connection c on c.id = l.shop_id
where c.slug = %s and p.outcome = 'taken' and p.wanted_at is not null and p.answered_at > now() - %s::interval
"""
# Of a kit: the part that leaves most often, for the kits that it makes.
VELOCITY = """
select coalesce(max(sold.units / k.quantity), 0)::float8
from (select s.id, 1 as quantity from catalog_sku s where s.code = %(sku)s and not s.is_kit
  union all select x.part_id, x.quantity from catalog_kit_leaf x join catalog_sku s on s.id = x.kit_id
  where s.code = %(sku)s) k
cross join lateral (
  select coalesce(sum(m.quantity), 0) as units from stock_movement m join stock_place p on p.id = m.target_id
  where m.sku_id = k.id and p.code = 'world:customer' and m.at > now() - %(sold)s::interval) sold
"""


def lag_of(slug: str) -> tuple[float | None, int]:
    """Seconds from a change until the shop took it, which 95 of 100 do not exceed, and of how many."""
    ((lag_s, pushes),) = sql.run(LAG, (slug, SEEN))
    return lag_s, pushes


def velocity(sku: str) -> float:
    """Units of a SKU that left for customers a day, over all shops, in the last four weeks."""
    ((units,),) = sql.run(VELOCITY, {"sku": sku, "sold": SOLD})
    return float(units) / SOLD.days
