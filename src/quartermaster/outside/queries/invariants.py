"""What must hold between orders, what outside sites were sent and what left there. Rows come back as
sentences."""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.outside.queries.notices import NOTICES

ROWS_MAX = 100
# Every unit that outside people have is in an open order of theirs, and the other way round.
THERE = """
with there as (
  select a.id, sum(p.picked)::bigint as units
  from warehouse_pick p join allocation_allocation a on a.id = p.allocation_id
  where p.is_outside group by a.id)
select coalesce(x.reference, 'allocation ' || t.id), coalesce(t.units, 0),
  coalesce(x.state, 'in no open order')
from there t full join (
  select * from outside_order where state in ('queued', 'sent', 'acknowledged')) x on x.allocation_id = t.id
where t.id is null or x.id is null limit %s
"""
PARCELS = """
select x.reference, s.reference, p.state from outside_shipment s join outside_order x on x.id = s.outside_id
join warehouse_parcel p on p.id = s.parcel_id
where p.state <> 'handed_over' or p.order_id <> x.order_id limit %s
"""
WISHES = """
select x.reference, x.state from outside_order x
where x.state = 'queued' and not exists (select from core_outbox o where o.key = 'outside:' || x.reference
    and o.settled_at is null)
  or x.cancel = 'asked' and x.state in ('sent', 'acknowledged') and not exists (
    select from core_outbox o where o.key = 'outside-cancel:' || x.reference)
limit %s
"""
DRIFTS = """
select d.id, s.code, d.settled_units, coalesce(m.units, 0)::bigint
from outside_drift d join catalog_sku s on s.id = d.sku_id
left join lateral (
  select sum(case when v.target_id > 0 then v.quantity else -v.quantity end) as units
  from generate_series(1, 20) n join stock_movement v on v.key = 'drift:' || d.id || ':' || n) m on true
where coalesce(d.settled_units, 0) <> coalesce(m.units, 0) limit %s
"""


def units_of_no_order() -> list[str]:
    return [f"{what}: {units} units are outside, it is {state}" for what, units, state in _rows(THERE)]


def parcels_that_did_not_leave() -> list[str]:
    return [f"{ours}: {theirs} left there, its parcel is {state}" for ours, theirs, state in _rows(PARCELS)]


def orders_nobody_sends() -> list[str]:
    return [f"{reference} is {state}, and nothing is under way for it" for reference, state in _rows(WISHES)]


def drifts_that_were_not_posted() -> list[str]:
    return [
        f"drift {row} of {sku}: settled by {settled} units, the ledger has {posted}"
        for row, sku, settled, posted in _rows(DRIFTS)
    ]


def _rows(query: str) -> list[tuple[object, ...]]:
    return sql.run(query, (ROWS_MAX,))


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "outside.there",
        "What outside people have is what open orders of theirs are to ship.",
        units_of_no_order,
    ),
    ("outside.parcels", "A parcel that left an outside site has left.", parcels_that_did_not_leave),
    ("outside.wishes", "What is to be sent or asked back is under way.", orders_nobody_sends),
    (
        "outside.drifts",
        "A difference that was settled is a counter-entry of as many units.",
        drifts_that_were_not_posted,
    ),
    *NOTICES,
)
