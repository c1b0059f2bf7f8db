"""Orders by their last hand-over, and shipments by the cut-off they were promised with."""

_SHIPPED = """
with gone as materialized (
  select p.order_id, max(p.handed_over_at) as at
  from warehouse_parcel p
  where {handed} and p.order_id in (select q.order_id from warehouse_parcel q
    where q.handed_over_at >= %(begin)s and q.handed_over_at < %(end)s)
  group by p.order_id)
select o.id, 'order:SO-' || o.id as subject, gone.at,
  width_bucket(gone.at, %(starts)s::timestamptz[]) as day, '' as due, 1 as weight, '' as part, """
_FROM = """
from gone join orders_order o on o.id = gone.order_id
where gone.at >= %(begin)s and gone.at < %(end)s and {sound} and {done}
"""
_HAS_ERROR = """exists (select from orders_refund r where r.order_id = o.id and r.because ~* %(errors)s
  and r.at <= gone.at + interval '30 days' and {is_refunded})"""
_ERRORS_ARE_TOLD = "exists (select from orders_refund r where r.because <> '' and {refunded_by})"

_DISPATCH = """
select a.id, 'order:SO-' || a.order_id as subject, sent.at,
  width_bucket(a.ship_by, %(starts)s::timestamptz[]) as day, a.ship_by::text as due, 1 as weight, '' as part,
  v.is_hit::int as value, v.is_hit
from allocation_allocation a
join orders_order o on o.id = a.order_id
cross join lateral (
  select max(p.handed_over_at) filter (where {handed}) as at, bool_and({handed}) as is_all,
    count(*) as parcels
  from warehouse_parcel p
  where p.order_id = a.order_id and p.allocation_id = a.id and p.state <> 'cancelled') sent
cross join lateral (
  select coalesce(a.state = 'shipped' and sent.is_all and sent.at <= a.ship_by, false) as is_hit) v
where a.ship_by >= %(begin)s and a.ship_by < %(end)s and a.ship_by < %(now)s
  and {is_allocated} and {sound} and not (a.state = 'shipped' and sent.parcels = 0)
union all
select -p.id, 'order:SO-' || p.order_id, case when {handed} then p.handed_over_at end,
  width_bucket(p.ship_by, %(starts)s::timestamptz[]), p.ship_by::text, 1, '', v.is_hit::int, v.is_hit
from warehouse_parcel p
join orders_order o on o.id = p.order_id
cross join lateral (select {handed} and p.handed_over_at <= p.ship_by as is_hit) v
where p.allocation_id is null and p.ship_by >= %(begin)s and p.ship_by < %(end)s and p.ship_by < %(now)s
  and p.state <> 'cancelled' and {sound}
"""

FACTS = {
    "shipped": f"{_SHIPPED} extract(epoch from gone.at - o.placed_at) / 3600 as value, true as is_hit "
    f"{_FROM}",
    "accurate": f"{_SHIPPED} (not {_HAS_ERROR})::int as value, not {_HAS_ERROR} as is_hit {_FROM} "
    f"and {_ERRORS_ARE_TOLD}",
    "dispatch": _DISPATCH,
}

ERRORS_ARE_TOLD = f"select {_ERRORS_ARE_TOLD}"
