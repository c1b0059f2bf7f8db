"""Orders by the moment the last of them was delivered."""

FACTS = {
    "arrived": """
with came as materialized (
  select p.order_id, max(d.at) as at, bool_and(d.at is not null) as is_all
  from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
  cross join lateral (select {delivered} as at) d
  where {handed} and p.order_id in (
    select q.order_id from tracking_track x join warehouse_parcel q on q.id = x.parcel_id
    where x.delivered_at >= %(begin)s and x.delivered_at < %(end)s {delivered_too})
  group by p.order_id)
select o.id, 'order:SO-' || o.id as subject, came.at,
  width_bucket(came.at, %(starts)s::timestamptz[]) as day, '' as due, 1 as weight, '' as part,
  extract(epoch from came.at - o.placed_at) / 3600 as value, true as is_hit
from came join orders_order o on o.id = came.order_id
where came.is_all and came.at >= %(begin)s and came.at < %(end)s and {sound} and {done}
"""
}
