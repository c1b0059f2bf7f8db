"""Orders by the moment they were placed."""

_ORDER = """
select o.id, 'order:SO-' || o.id as subject, o.placed_at as at,
  width_bucket(o.placed_at, %(starts)s::timestamptz[]) as day, '' as due, {columns}
from orders_order o {more}
where o.placed_at >= %(begin)s and o.placed_at < %(end)s and {{sound}} {only}
"""
_UNITS = """cross join lateral (
  select coalesce(sum(greatest(x.delivered, x.returned)), 0) as delivered,
    coalesce(sum(x.returned), 0) as returned
  from (select {line_delivered} as delivered, {line_returned} as returned
    from orders_line l where l.order_id = o.id and l.is_shippable) x) u"""

FACTS = {
    "placed": _ORDER.format(
        columns="1 as weight, {total} as value, true as is_hit, o.currency as part", more="", only=""
    ),
    "cancelled": _ORDER.format(
        columns="1 as weight, ({cancelled})::int as value, {cancelled} as is_hit, '' as part",
        more="",
        only="",
    ),
    "returned": _ORDER.format(
        columns="u.delivered as weight, u.returned as value, u.returned > 0 as is_hit, '' as part",
        more=_UNITS,
        only="and u.delivered > 0",
    ),
}

REASONS = """
select coalesce(nullif(btrim(r.because), ''), 'no reason given'), sum((x ->> 'quantity')::bigint)::bigint
from orders_order o join orders_refund r on r.order_id = o.id, jsonb_array_elements(r.lines) x
where o.placed_at >= %(begin)s and o.placed_at < %(end)s and {sound} and {is_refunded}
  and x ->> 'restock' = 'return'
group by 1 order by 2 desc, 1
"""
