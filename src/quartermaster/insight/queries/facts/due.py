"""Orders by the day, or the moment, they were promised for.

What left without a parcel we know of (the channel shipped it itself) has no arrival anybody could judge, and
is not counted.
"""

# The receiver's day: the zone of their region, else of their country, else the one asked for.
_ZONED = """
with promise as materialized (
  select o.id, o.promised_by, o.cancelled_at, {cancelled} as is_cancelled, z.zone,
    coalesce(o.promised_on, (o.promised_by at time zone z.zone)::date) as due_on
  from orders_order o
  cross join lateral (select coalesce(
    %(zones)s::jsonb ->> ((o.ship_to ->> 'country') || '/' || (o.ship_to ->> 'region')),
    %(zones)s::jsonb ->> (o.ship_to ->> 'country'), %(tz)s) as zone) z
  where {promised} and {sound} and """
_BY_DAY = """(o.promised_on between %(first)s and %(last)s
    or o.promised_on is null and o.promised_by >= %(begin)s - interval '2 days'
      and o.promised_by < %(end)s + interval '2 days')),
due as materialized (
  select * from promise where due_on between %(first)s and %(last)s
    and (%(now)s::timestamptz at time zone zone)::date > due_on
    and not (is_cancelled and (cancelled_at at time zone zone)::date <= due_on))"""
_BY_MOMENT = """o.promised_by >= %(begin)s and o.promised_by < %(end)s),
due as materialized (
  select * from promise
  where promised_by < %(now)s and not (is_cancelled and cancelled_at <= promised_by))"""
_SELECT = """
select o.id, 'order:SO-' || o.id as subject, arrival.at, """
# Looked up for each order: however the planner guesses how many are due, the price grows with them alone.
_HIT = """ 1 as weight, '' as part, v.is_hit::int as value, v.is_hit
from due join orders_order o on o.id = due.id
cross join lateral (
  select max(d.at) as at, bool_and(d.at is not null) as is_all, count(*) as parcels
  from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
  cross join lateral (select {delivered} as at) d
  where p.order_id = due.id and {handed}) arrival
cross join lateral (select coalesce(arrival.is_all and """
_TRACKED = """ and {done}, false) as is_hit) v
where arrival.parcels > 0
  or not exists (select from orders_line l where l.order_id = o.id and l.shipped > 0)
  or exists (select from warehouse_parcel p where p.order_id = o.id and p.state <> 'cancelled')
"""
_DAY = "due.due_on - %(first)s::date + 1 as day, due.due_on::text as due,"
_MOMENT = """width_bucket(due.promised_by, %(starts)s::timestamptz[]) as day,
  due.promised_by::text as due,"""
_ON_DAY = "(arrival.at at time zone due.zone)::date <= due.due_on"
_PERFECT = """ and not {taken_off} and not exists (
  select from orders_refund r where r.order_id = o.id and r.because ~* %(errors)s
    and r.at <= arrival.at + interval '30 days' and {is_refunded})"""

FACTS = {
    "due": f"{_ZONED}{_BY_DAY}{_SELECT}{_DAY}{_HIT}{_ON_DAY}{_TRACKED}",
    "due_by": f"{_ZONED}{_BY_MOMENT}{_SELECT}{_MOMENT}{_HIT} arrival.at <= due.promised_by {_TRACKED}",
    "perfect": f"{_ZONED}{_BY_DAY}{_SELECT}{_DAY}{_HIT}{_ON_DAY}{_PERFECT}{_TRACKED}",
}
