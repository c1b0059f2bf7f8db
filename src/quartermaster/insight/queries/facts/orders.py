"""All that figures count of an order, each once: its lines, its parcels, and what was said of it."""

# Looked up for each order (`offset 0` keeps the planner from joining instead): however it guesses how many
# there are, the price grows with them alone, and not with the orders of all years.
# zone is that of the receiver: by region, else by country, else the one asked for. What left without a parcel
# we know of (the channel shipped it itself) has no arrival anybody could judge: is_tracked is false.
FAMILY = """
facts as materialized (
  select o.id, o.placed_at, o.currency, {total} as total_minor, {cancelled} as is_cancelled, o.cancelled_at,
    {promised} as is_promised, o.promised_by, z.zone,
    coalesce(o.promised_on, (o.promised_by at time zone z.zone)::date) as due_on,
    {done} as is_done, {taken_off} as is_short, u.delivered, u.returned,
    g.left_at, g.came_at, coalesce(g.has_come, false) as has_come,
    g.gone > 0 or g.kept > 0 or not coalesce(u.has_left, false) as is_tracked, e.error_at
  from these cross join lateral (select * from orders_order q where q.id = these.id offset 0) o
  cross join lateral (
    select bool_and(x.is_whole) as is_whole, bool_or(x.is_short) as is_short, bool_or(x.has_left) as has_left,
      coalesce(sum(greatest(x.delivered, x.returned)) filter (where x.is_shippable), 0) as delivered,
      coalesce(sum(x.returned) filter (where x.is_shippable), 0) as returned
    from (
      select l.is_shippable, l.cancelled > 0 as is_short, l.shipped > 0 as has_left,
        not l.is_shippable or l.open + l.allocated + l.picked = 0 as is_whole,
        {line_delivered} as delivered, {line_returned} as returned
      from orders_line l where l.order_id = o.id) x) u
  cross join lateral (
    select max(p.handed_over_at) filter (where h.is_gone) as left_at,
      max(d.at) filter (where h.is_gone) as came_at, bool_and(d.at is not null) filter (where h.is_gone)
        as has_come, count(*) filter (where h.is_gone) as gone,
      count(*) filter (where p.state <> 'cancelled') as kept
    from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
    cross join lateral (select {delivered} as at) d
    cross join lateral (select {handed} as is_gone) h
    where p.order_id = o.id) g
  cross join lateral (
    select min(r.at) as error_at from orders_refund r
    where r.order_id = o.id and r.because ~* %(errors)s and {is_refunded}) e
  cross join lateral (select coalesce(
    %(zones)s::jsonb ->> ((o.ship_to ->> 'country') || '/' || (o.ship_to ->> 'region')),
    %(zones)s::jsonb ->> (o.ship_to ->> 'country'), %(tz)s) as zone) z
  where {sound})
"""
SUBJECT = "'order:SO-' || f.id as subject"


def has_error(moment: str) -> str:
    """Whether something wrong was told within thirty days of `moment`."""
    return f"coalesce(f.error_at <= {moment} + interval '30 days', false)"
