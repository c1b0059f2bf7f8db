"""Orders by the moment they were placed."""

from quartermaster.insight.queries.facts.fact import Fact
from quartermaster.insight.queries.facts.orders import SUBJECT

_COHORT = "select o.id from orders_order o where o.placed_at >= %(begin)s and o.placed_at < %(end)s"


def _rows(columns: str, only: str = "") -> str:
    return f"""
select f.id, {SUBJECT}, f.placed_at as at, width_bucket(f.placed_at, %(starts)s::timestamptz[]) as day,
  '' as due, {columns}
from facts f where f.placed_at >= %(begin)s and f.placed_at < %(end)s {only}
"""  # noqa: S608 - constants only


FACTS = {
    "placed": Fact(
        "orders",
        _COHORT,
        _rows("1 as weight, f.total_minor as value, true as is_hit, f.currency as part"),
    ),
    "cancelled": Fact(
        "orders",
        _COHORT,
        _rows("1 as weight, f.is_cancelled::int as value, f.is_cancelled as is_hit, '' as part"),
    ),
    "returned": Fact(
        "orders",
        _COHORT,
        _rows(
            "f.delivered as weight, f.returned as value, f.returned > 0 as is_hit, '' as part",
            "and f.delivered > 0",
        ),
    ),
}

REASONS = """
select coalesce(nullif(btrim(r.because), ''), 'no reason given'), sum((x ->> 'quantity')::bigint)::bigint
from orders_order o join orders_refund r on r.order_id = o.id, jsonb_array_elements(r.lines) x
where o.placed_at >= %(begin)s and o.placed_at < %(end)s and {sound} and {is_refunded}
  and x ->> 'restock' = 'return'
group by 1 order by 2 desc, 1
"""
