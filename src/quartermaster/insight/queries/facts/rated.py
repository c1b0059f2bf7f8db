"""Answers of customers by the moment they were given."""

from quartermaster.insight.queries.facts.fact import Fact

FAMILY = """
facts as materialized (
  select g.id, g.order_id, g.at, g.kind, g.score
  from these join support_rating g on g.id = these.id left join orders_order o on o.id = g.order_id
  where {rated} and not coalesce(o.is_test, false))
"""


def _fact(kind: str, columns: str) -> Fact:
    return Fact(
        "ratings",
        f"""select g.id from support_rating g
  where g.at >= %(begin)s and g.at < %(end)s and g.kind = '{kind}'""",  # noqa: S608 - constants only
        f"""
select f.id, coalesce('order:SO-' || f.order_id, 'rating:' || f.id) as subject, f.at,
  width_bucket(f.at, %(starts)s::timestamptz[]) as day, '' as due, 1 as weight, '' as part, {columns}
from facts f where f.kind = '{kind}'
""",  # noqa: S608 - constants only
    )


FACTS = {
    "csat": _fact("csat", "(f.score >= 4)::int as value, f.score >= 4 as is_hit"),
    "rated": _fact("csat", "f.score as value, true as is_hit"),
    "nps": _fact("nps", "(f.score >= 9)::int - (f.score <= 6)::int as value, f.score >= 9 as is_hit"),
}
