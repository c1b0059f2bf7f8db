"""What is at risk: how much of each SKU is open on orders, so that what costs most is mended first."""

from datetime import datetime, timedelta

from django.db import transaction

from quartermaster.core import sql

LATELY = timedelta(days=90)

# Open, allocated or picked: sold, paid for or not, and not shipped yet. Currencies are not converted.
WEIGH = """
with open as (
  select l.sku_id, o.currency,
    sum((l.open + l.allocated + l.picked) * l.unit_price_minor)::bigint as minor
  from orders_order o join orders_line l on l.order_id = o.id
  where o.status in ('on_hold', 'open', 'backordered', 'allocated', 'picking', 'packed')
    and l.sku_id is not null group by 1, 2),
most as (select distinct on (sku_id) sku_id, currency, minor from open order by sku_id, minor desc, currency),
held as (
  select g.sku_id, coalesce(m.minor, 0) as minor, coalesce(m.currency, '') as currency
  from quality_graded g left join most m on m.sku_id = g.sku_id
  where (g.at_risk_minor, g.currency) is distinct from (coalesce(m.minor, 0), coalesce(m.currency, ''))
  order by g.sku_id for no key update of g)
update quality_graded g set at_risk_minor = held.minor, currency = held.currency
from held where held.sku_id = g.sku_id
"""
SALES = """
with sold as (
  select l.sku_id, o.connection_id as shop_id, max(o.placed_at) as last_at
  from orders_order o join orders_line l on l.order_id = o.id
  join channels_shop c on c.connection_id = o.connection_id
  where o.placed_at > %(since)s and l.sku_id is not null group by 1, 2),
kept as (
  insert into quality_sold as s (sku_id, shop_id, last_at) select sku_id, shop_id, last_at from sold
  where exists (select from catalog_sku k where k.id = sold.sku_id) order by 1, 2
  on conflict (sku_id, shop_id) do update set last_at = greatest(s.last_at, excluded.last_at)
  returning sku_id, xmax = 0 as is_new)
insert into quality_dirty (sku_id) select distinct sku_id from kept where is_new
"""
FORGET = """
with gone as (delete from quality_sold where last_at < %s returning sku_id)
insert into quality_dirty (sku_id) select distinct sku_id from gone
"""
NEWEST = "select max(last_at) from quality_sold"


@transaction.atomic
def weigh() -> int:
    """Returns how many SKUs have another amount now."""
    return sql.change(WEIGH)


@transaction.atomic
def notice_sales(*, at: datetime) -> None:
    """Which shop sold what lately: of new orders alone, and what is too long ago is forgotten."""
    ((newest,),) = sql.run(NEWEST)
    since = max(at - LATELY, newest - timedelta(days=1)) if newest else at - LATELY
    sql.run(SALES, {"since": since})
    sql.run(FORGET, (at - LATELY,))
