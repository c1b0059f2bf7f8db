"""Orders by the moment the last of them was delivered."""

from quartermaster.insight.queries.facts.fact import Fact
from quartermaster.insight.queries.facts.orders import SUBJECT

FACTS = {
    "arrived": Fact(
        "orders",
        """select distinct q.order_id as id from tracking_track x
  cross join lateral (select * from warehouse_parcel y where y.id = x.parcel_id offset 0) q
  where x.delivered_at >= %(begin)s and x.delivered_at < %(end)s {delivered_too}""",
        f"""
select f.id, {SUBJECT}, f.came_at as at, width_bucket(f.came_at, %(starts)s::timestamptz[]) as day,
  '' as due, 1 as weight, '' as part, extract(epoch from f.came_at - f.placed_at) / 3600 as value,
  true as is_hit
from facts f where f.has_come and f.came_at >= %(begin)s and f.came_at < %(end)s and f.is_done
""",  # noqa: S608 - constants only
    )
}
