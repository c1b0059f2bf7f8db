"""Stock came or went: waiting orders are served first come first served, broken promises are made good."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.allocation.actions import store
from quartermaster.allocation.actions.settle import settle
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import AllocationCancelled, OrderParked, StockArrived, StockShortened
from quartermaster.orders.actions.state import LineState, OrderState, load, save
from quartermaster.orders.rules.units import balanced
from quartermaster.stock.queries.claims import held
from quartermaster.stock.queries.dates import OVER

AT_ONCE = 250  # waiting orders of a SKU that are looked at in one transaction

_OVER = OVER.format(skus="select part_id from need")
# What is meant (the SKU itself, and each kit it is a part of) and how many of it could be made up now from
# what is free anywhere. Only that which could is looked at.
COULD = f"""
with told as (
  select * from jsonb_to_recordset(%(arrivals)s::jsonb)
    as a(sku_id bigint, priority int, placed_at timestamptz, order_id bigint)),
meant as (
  select distinct on (sku_id) * from (
    select * from told
    union all
    select k.kit_id, null, null, null from told join catalog_kit_leaf k on k.part_id = told.sku_id
    where told.order_id is null) m
  order by sku_id, order_id nulls first),
need as (
  select m.sku_id, coalesce(k.part_id, m.sku_id) as part_id, coalesce(k.quantity, 1) as per
  from meant m left join catalog_kit_leaf k on k.kit_id = m.sku_id),
could as (
  select n.sku_id, min(coalesce(f.units, 0) / n.per)::bigint as units
  from need n left join (
    select v.sku_id, sum(greatest(0, v.sellable - v.reserved - v.safety - coalesce(o.units, 0)))::bigint
      as units
    from stock_level v left join ({_OVER}) o using (sku_id, location_id)
    where v.sku_id in (select part_id from need) group by v.sku_id) f on f.sku_id = n.part_id
  group by n.sku_id having min(coalesce(f.units, 0) / n.per) > 0)
"""  # noqa: S608 - constants only
# By priority, then age; at first no more of them than could be served, so that one unit does not wake ten
# thousand orders. When some is left all the same, because those in front cannot have it, a page of the rest.
WAITING = f"""
{COULD}, queue as (
  select l.sku_id, l.order_id, o.priority, o.placed_at, c.units, m.order_id is null as is_first,
    sum(l.open) over place - l.open as before, row_number() over place as n,
    count(*) over (partition by l.sku_id) as everybody
  from could c join meant m using (sku_id)
  join orders_line l on l.sku_id = c.sku_id and l.parked <> '' and l.open > 0
  join orders_order o on o.id = l.order_id
  where m.order_id is null or (-o.priority, o.placed_at, o.id) > (-m.priority, m.placed_at, m.order_id)
  window place as (partition by l.sku_id order by -o.priority, o.placed_at, o.id, l.id))
select sku_id, order_id, priority, placed_at, everybody from queue
where n <= %(at_once)s and (before < units or not is_first)
order by sku_id, n
"""  # noqa: S608 - constants only
LEFT = f"{COULD} select s.id, s.code from could join catalog_sku s on s.id = could.sku_id"  # noqa: S608


class _Place(NamedTuple):
    """A place in the queue for a SKU."""

    priority: int
    placed_at: datetime
    order_id: int


def serve(arrivals: Sequence[StockArrived]) -> None:
    """The listener: route again the orders that wait for what has arrived, a page of them. When there are
    more, and units for them, the same fact comes again with the place where it goes on."""
    at = arrivals[-1].at
    asked = sql.rows(_asked(arrival.sku_id, arrival.after) for arrival in arrivals)
    found = sql.run(WAITING, {"arrivals": asked, "at_once": AT_ONCE, "at": at})
    settle({row[1] for row in found}, at=at, by="routing", trigger="StockArrived")
    last = {row[0]: _Place(row[2], row[3], row[1]) for row in found}
    seen = [row[0] for row in found]
    more = {sku_id: last[sku_id] for sku_id, *_, everybody in found if everybody > seen.count(sku_id)}
    if not more:
        return
    left = dict(sql.run(LEFT, {"arrivals": sql.rows(_asked(*one) for one in more.items()), "at": at}))
    emit(
        StockArrived(
            subject=f"sku:{left[sku_id]}",
            at=at,
            actor="routing",
            source="StockArrived",
            sku_id=sku_id,
            after=(place.priority, place.placed_at, place.order_id),
        )
        for sku_id, place in more.items()
        if sku_id in left
    )


STILL_WAITING = """
select order_id, sku_id from orders_line where order_id = any(%s) and open > 0 and parked <> ''
"""


def look_again(parked: Sequence[OrderParked]) -> None:
    """The listener: units may have come to a place that had none while these orders were being parked: who
    told of the units could not see the orders yet, and who parked the orders not the units."""
    found = sql.run(STILL_WAITING, ([one.order_id for one in parked],))
    asked = sql.rows(_asked(sku_id, None) for sku_id in sorted({row[1] for row in found if row[1]}))
    could = {row[0] for row in sql.run(LEFT, {"arrivals": asked, "at": parked[-1].at})}
    late = {order_id for order_id, sku_id in found if sku_id in could}
    settle(late, at=parked[-1].at, by="routing", trigger="StockArrived")


def _asked(sku_id: int, after: tuple[int, datetime, int] | None) -> dict[str, object]:
    place = _Place(*after) if after else None
    return {"sku_id": sku_id, **(place._asdict() if place else {})}


def mend(losses: Sequence[StockShortened]) -> None:
    """The listener: reservations of these claims were broken; their units are open again and routed anew."""
    because = {claim: loss.because for loss in losses for claim in loss.claims}
    at = losses[-1].at
    found = sql.run("select distinct order_id from orders_line where id = any(%s)", (list(because),))
    orders = load(row[0] for row in found)
    kits = _unpromise(orders, because, at=at)
    store.close_empty(list(orders))
    settle(orders, at=at, by="routing", trigger="StockShortened", anew=kits)


def _unpromise(orders: dict[int, OrderState], because: dict[int, str], *, at: datetime) -> set[int]:
    """Count broken units of plain lines as open again, and tell. Returns the lines that hold parts of kits:
    what is left of those is promised anew."""
    left_of: dict[int, Counter[int]] = {}
    for part in held(because):
        if part.pending or part.picked:
            left_of.setdefault(part.claim, Counter())[part.sku_id] += part.pending
    kits, changed, lost = set(), [], []
    for order in orders.values():
        for line in order.lines:
            left = left_of.get(line.id, Counter())
            if line.id not in because:
                continue
            if set(left) - {line.sku_id}:
                kits.add(line.id)
            elif (rest := left[line.sku_id or 0]) < line.units.allocated:
                lost.append((order, line, line.units.allocated - rest))
                line.units = balanced(replace(line.units, allocated=rest))
                changed.append(line)
    save([order for order, _, _ in lost], changed)
    emit(_lost(order, line, count, because[line.id], at) for order, line, count in lost)
    return kits


def _lost(order: OrderState, line: LineState, count: int, because: str, at: datetime) -> AllocationCancelled:
    return AllocationCancelled(
        subject=order.subject,
        at=at,
        actor="routing",
        source="StockShortened",
        order_id=order.id,
        units=count,
        because=f"{line.code}: {because}",
    )
