"""Shipments by the cut-off they were promised with: what one site sends of an order, and, of history that
knows no such thing, each parcel, under the negative of its id."""

from quartermaster.insight.queries.facts.fact import Fact

_DUE = "ship_by >= %(begin)s and {0}.ship_by < %(end)s and {0}.ship_by < %(now)s"
FAMILY = """
facts as (
  select a.id, a.order_id, sent.at, a.ship_by,
    coalesce(a.state = 'shipped' and sent.is_all and sent.at <= a.ship_by, false) as is_hit
  from these
  cross join lateral (select * from allocation_allocation x where x.id = these.id offset 0) a
  cross join lateral (select * from orders_order x where x.id = a.order_id offset 0) o
  cross join lateral (
    select max(p.handed_over_at) filter (where {handed}) as at, bool_and({handed}) as is_all,
      count(*) as parcels
    from warehouse_parcel p
    where p.order_id = a.order_id and p.allocation_id = a.id and p.state <> 'cancelled') sent
  where these.id > 0 and {is_allocated} and {sound} and not (a.state = 'shipped' and sent.parcels = 0)
  union all
  select -p.id, p.order_id, case when {handed} then p.handed_over_at end, p.ship_by,
    {handed} and p.handed_over_at <= p.ship_by
  from these
  cross join lateral (select * from warehouse_parcel x where x.id = -these.id offset 0) p
  cross join lateral (select * from orders_order x where x.id = p.order_id offset 0) o
  where these.id < 0 and p.state <> 'cancelled' and {is_there} and {sound})
"""

FACTS = {
    "dispatch": Fact(
        "shipments",
        f"""select a.id from allocation_allocation a where a.{_DUE.format("a")}
  union all select -p.id from warehouse_parcel p where p.allocation_id is null and p.{_DUE.format("p")}""",  # noqa: S608
        """
select f.id, 'order:SO-' || f.order_id as subject, f.at,
  width_bucket(f.ship_by, %(starts)s::timestamptz[]) as day, f.ship_by::text as due, 1 as weight, '' as part,
  f.is_hit::int as value, f.is_hit
from facts f
""",
    )
}
