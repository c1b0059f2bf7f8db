"""What must hold between orders, allocations and stock. Rows come back as sentences."""

from collections.abc import Callable

import msgspec

from quartermaster.allocation.rules import BY_HAND, Inputs, route
from quartermaster.core import sql

ROWS_MAX = 100
ASKED_AGAIN = 500  # newest decisions that are decided again

# Promises that were broken a moment ago, and are not mended yet, are no news.
MENDING = """
select from core_delivery d join core_event e on e.id = d.event_id
where d.listener = 'allocation.mend' and d.stuck_at is null and e.body->'claims' @> to_jsonb(l.id)
"""
# A line of its own SKU has one reservation a unit. Parts prove nothing: a kit may have been redefined since.
PROMISED = f"""
select 'SO-' || l.order_id, l.code, l.allocated, coalesce(r.units, 0)
from orders_line l
left join lateral (
  select sum(quantity)::bigint as units, bool_and(sku_id = l.sku_id) as are_own
  from stock_reservation where claim = l.id and state = 'pending') r on true
where case when l.allocated = 0 or r.units is null or r.are_own
      then l.allocated <> coalesce(r.units, 0) end
  and not exists ({MENDING})
limit %s
"""  # noqa: S608 - constants only
ORPHANS = """
select r.id, r.claim from stock_reservation r
where r.state = 'pending' and not exists (select from orders_line l where l.id = r.claim and l.allocated > 0)
limit %s
"""
BARE = f"""
select 'SO-' || a.order_id, a.id from allocation_allocation a
where a.state in ('waiting', 'released') and not exists (
  select from orders_line l join stock_reservation r on r.claim = l.id
  where l.order_id = a.order_id and r.holder = a.id and r.state = 'pending')
  and not exists (select from orders_line l where l.order_id = a.order_id and exists ({MENDING}))
limit %s
"""  # noqa: S608 - constants only
DECISIONS = "select order_id, inputs, routing from allocation_decision order by id desc limit %s"


def promises_that_differ() -> list[str]:
    return [
        f"{number} {code}: {allocated} allocated, {reserved} reserved"
        for number, code, allocated, reserved in sql.run(PROMISED, (ROWS_MAX,))
    ]


def reservations_of_nobody() -> list[str]:
    return [
        f"reservation {row[0]} holds units for line {row[1]}, which has none"
        for row in sql.run(ORPHANS, (ROWS_MAX,))
    ]


def allocations_without_units() -> list[str]:
    return [f"{number}: allocation {row} holds nothing" for number, row in sql.run(BARE, (ROWS_MAX,))]


def decisions_that_change() -> list[str]:
    """Ask the newest decisions again from their stored inputs: the same answer, byte for byte."""
    wrong = []
    for order_id, inputs, routing in sql.run(DECISIONS, (ASKED_AGAIN,), binary=True):
        seen = msgspec.json.decode(inputs, type=Inputs)
        if msgspec.json.decode(routing)["rule"] == BY_HAND:
            continue
        if msgspec.json.encode(route(seen.order, seen.sites, seen.rules)) != bytes(routing):
            wrong.append(f"SO-{order_id}: its stored inputs now lead to another routing")
    return wrong


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "allocation.promises",
        "What a line has allocated is what stock has reserved for it.",
        promises_that_differ,
    ),
    (
        "allocation.owners",
        "Every pending reservation belongs to a line that counts it.",
        reservations_of_nobody,
    ),
    ("allocation.units", "Every open allocation holds units.", allocations_without_units),
    (
        "allocation.why",
        "A decision asked again from its stored inputs gives the same answer.",
        decisions_that_change,
    ),
)
