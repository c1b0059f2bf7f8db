"""Orders by their last hand-over."""

from quartermaster.insight.queries.facts.fact import Fact
from quartermaster.insight.queries.facts.orders import SUBJECT, has_error

_COHORT = """select distinct p.order_id as id from warehouse_parcel p
  where p.handed_over_at >= %(begin)s and p.handed_over_at < %(end)s"""
_ERROR = has_error("f.left_at")
_ERRORS_ARE_TOLD = "exists (select from orders_refund r where r.because <> '' and {refunded_by})"


def _rows(columns: str, only: str = "") -> str:
    return f"""
select f.id, {SUBJECT}, f.left_at as at, width_bucket(f.left_at, %(starts)s::timestamptz[]) as day,
  '' as due, 1 as weight, '' as part, {columns}
from facts f where f.left_at >= %(begin)s and f.left_at < %(end)s and f.is_done {only}
"""  # noqa: S608 - constants only


FACTS = {
    "shipped": Fact(
        "orders",
        _COHORT,
        _rows("extract(epoch from f.left_at - f.placed_at) / 3600 as value, true as is_hit"),
    ),
    "accurate": Fact(
        "orders",
        _COHORT,
        _rows(f"(not {_ERROR})::int as value, not {_ERROR} as is_hit", f"and {_ERRORS_ARE_TOLD}"),
    ),
}

ERRORS_ARE_TOLD = f"select {_ERRORS_ARE_TOLD}"
