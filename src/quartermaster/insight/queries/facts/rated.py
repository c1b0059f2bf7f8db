"""Answers of customers by the moment they were given."""

_RATING = """
select g.id, coalesce('order:SO-' || g.order_id, 'rating:' || g.id) as subject, g.at,
  width_bucket(g.at, %(starts)s::timestamptz[]) as day, '' as due, 1 as weight, '' as part, {columns}
from support_rating g left join orders_order o on o.id = g.order_id
where g.at >= %(begin)s and g.at < %(end)s and g.kind = '{kind}' and {{rated}}
  and not coalesce(o.is_test, false)
"""

FACTS = {
    "csat": _RATING.format(kind="csat", columns="(g.score >= 4)::int as value, g.score >= 4 as is_hit"),
    "rated": _RATING.format(kind="csat", columns="g.score as value, true as is_hit"),
    "nps": _RATING.format(
        kind="nps",
        columns="(g.score >= 9)::int - (g.score <= 6)::int as value, g.score >= 9 as is_hit",
    ),
}
