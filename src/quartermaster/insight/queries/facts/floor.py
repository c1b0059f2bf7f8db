"""Stages of the floor by the moment they were done: how long a shipment took to be picked, packed, handed
over. Of what was told of a stage the newest counts."""

from quartermaster.insight.queries.facts.fact import Fact

FAMILY = """
facts as materialized (
  select a.id, a.order_id, s.stage, m.begun_at, m.done_at
  from these
  cross join lateral (select * from allocation_allocation x where x.id = these.id offset 0) a
  cross join lateral (select * from orders_order x where x.id = a.order_id offset 0) o
  cross join unnest(array['pick', 'pack', 'dispatch']) as s(stage)
  cross join lateral (
    select m.begun_at, m.done_at from warehouse_timer_mark m
    where m.allocation_id = a.id and m.stage = s.stage and {marked} order by m.id desc limit 1) m
  where m.done_at is not null and {sound})
"""
_COHORT = """select distinct m.allocation_id as id from warehouse_timer_mark m
  where m.done_at >= %(begin)s and m.done_at < %(end)s"""


def _fact(stage: str) -> Fact:
    return Fact(
        "floor",
        _COHORT,
        f"""
select f.id, 'order:SO-' || f.order_id as subject, f.done_at as at,
  width_bucket(f.done_at, %(starts)s::timestamptz[]) as day, '' as due, 1 as weight, '' as part,
  extract(epoch from f.done_at - f.begun_at) / 3600 as value, true as is_hit
from facts f where f.stage = '{stage}' and f.done_at >= %(begin)s and f.done_at < %(end)s
""",  # noqa: S608 - constants only
    )


FACTS = {
    "picked": _fact("pick"),
    "packed": _fact("pack"),
    "handed_over": _fact("dispatch"),
}
