"""Storing decisions and allocations, and telling what became of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from quartermaster.allocation.actions.gather import Ground
from quartermaster.allocation.actions.promises import Earlier, has_earlier
from quartermaster.core import sql
from quartermaster.core.events import Event
from quartermaster.events import AllocationReleased, OrderAllocated, OrderParked
from quartermaster.orders.actions.state import OrderState
from quartermaster.orders.rules.holds import Blocks

if TYPE_CHECKING:
    from quartermaster.allocation.actions.settle import Decided

DECIDE = """
with d as (
  insert into allocation_decision (order_id, at, actor, trigger, rule_version, inputs, routing)
  select u.order_id, %(at)s, %(by)s, %(trigger)s, %(version)s, u.inputs, u.routing
  from unnest(%(ids)b::bigint[], %(inputs)b::bytea[], %(routings)b::bytea[]) as u(order_id, inputs, routing)
  returning id, order_id
), a as (
  insert into allocation_allocation (order_id, location_id, decision_id, because, state, at, released_at,
    ship_by, promised_on, promised_by)
  select p.order_id, p.location_id, d.id, p.because, p.state, %(at)s, case when p.state = 'released' then
    %(at)s end, p.ship_by, p.promised_on, p.promised_by
  from jsonb_to_recordset(%(parcels)s::jsonb) as p(order_id bigint, location_id bigint, because jsonb,
    state text, ship_by timestamptz, promised_on date, promised_by timestamptz)
  join d using (order_id)
  returning id, order_id, location_id
)
select d.order_id, d.id, a.location_id, a.id, e.*
from d left join a using (order_id)
cross join lateral (
  select count(*), count(x.promised_on), max(x.promised_on), max(x.promised_by) from allocation_allocation x
  where x.order_id = d.order_id and x.state <> 'cancelled' and d.order_id = any(%(known)s::bigint[])) e
"""
CLOSE = """
update allocation_allocation a
set state = coalesce((
  select case when bool_or(r.settled_by like 'pick:%%') then 'picking' when count(*) > 0 then 'shipped' end
  from stock_reservation r join orders_line l on l.id = r.claim
  where l.order_id = a.order_id and r.holder = a.id and r.state = 'consumed'), 'cancelled')
where a.order_id = any(%s) and a.state in ('waiting', 'released')
  and not exists (select from stock_reservation r join orders_line l on l.id = r.claim
                  where l.order_id = a.order_id and r.holder = a.id and r.state = 'pending')
"""
FOLLOW = """
update allocation_allocation
set state = case when order_id = any(%(held)s) then 'waiting' else 'released' end,
    released_at = case when order_id = any(%(held)s) then null else %(at)s end
where (order_id = any(%(held)s) and state = 'released') or (order_id = any(%(free)s) and state = 'waiting')
returning order_id, id, state
"""

_encode = msgspec.json.Encoder().encode


def _due(ours: datetime | None, order: OrderState) -> datetime | None:
    """Until when it is handed over: by our own calendar, or earlier where the channel says so."""
    told = order.detail.get("ship_by")
    theirs = datetime.fromisoformat(told) if isinstance(told, str) else None
    return min((each for each in (ours, theirs) if each), default=None)


def decisions(decided: Sequence["Decided"], ground: Ground, *, at: datetime, by: str, trigger: str) -> None:
    """Store each decision byte for byte with its parcels; fills
    `locations` and drops those that bring no news."""
    news = [
        d
        for d in decided
        if d.routing.parcels or any(not line.parked for line in d.order.lines if line.needs)
    ]
    if not news:
        return
    site_ids = {site.code: site.id for site in ground.sites}
    codes = {site.id: site.code for site in ground.sites}
    parcels = [
        {
            "order_id": one.order.id,
            "location_id": site_ids[parcel.site],
            "because": parcel.because,
            "ship_by": _due(parcel.ship_by, one.order),
            "promised_on": parcel.promised_on,
            "promised_by": parcel.promised_by,
            "state": "waiting" if one.order.is_blocked(Blocks.RELEASE) else "released",
        }
        for one in news
        for parcel in one.routing.parcels
    ]
    by_order = {one.order.id: one for one in news}
    for order_id, decision_id, location_id, allocation_id, *earlier in sql.run(
        DECIDE,
        {
            "ids": list(by_order),
            "inputs": [_encode(one.inputs) for one in news],
            "routings": [_encode(one.routing) for one in news],
            "parcels": sql.rows(parcels),
            "known": [i for i, one in by_order.items() if has_earlier(one.order)],
            "at": at,
            "by": by,
            "trigger": trigger,
            "version": ground.rules.version,
        },
    ):
        one = by_order[order_id]
        one.decision_id = decision_id
        one.earlier = Earlier._make(earlier)
        if location_id is not None:
            one.locations[codes[location_id]] = allocation_id


def close_empty(order_ids: Sequence[int]) -> None:
    """Allocations that promise nothing any more are over: shipped when something left from them, else
    cancelled. What was picked of one is with the floor, which says what becomes of it."""
    sql.run(CLOSE, (list(order_ids),))


def follow_holds(before: Sequence[OrderState], *, at: datetime, by: str) -> list[Event]:
    """Allocations made before this batch follow the holds of today: kept from the floor or given to it."""
    held = [order.id for order in before if order.is_blocked(Blocks.RELEASE)]
    free = [order.id for order in before if not order.is_blocked(Blocks.RELEASE)]
    released: dict[int, list[int]] = {}
    if before:
        for order_id, allocation_id, state in sql.run(FOLLOW, {"held": held, "free": free, "at": at}):
            if state == "released":
                released.setdefault(order_id, []).append(allocation_id)
    return [
        AllocationReleased(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            allocation_ids=tuple(sorted(ids)),
        )
        for order_id, ids in sorted(released.items())
    ]


def facts(decided: Sequence["Decided"], *, at: datetime, by: str, trigger: str) -> Iterable[Event]:
    """What happened, for the timeline: units promised, handed to the floor, or waiting with their reasons."""
    for one in decided:
        routing, order = one.routing, one.order
        waiting = sum(w.quantity for w in routing.waiting)
        if routing.parcels:
            yield OrderAllocated(
                subject=order.subject,
                at=at,
                actor=by,
                source=trigger,
                order_id=order.id,
                decision_id=one.decision_id,
                locations=tuple(parcel.site for parcel in routing.parcels),
                waiting=waiting,
            )
            if not order.is_blocked(Blocks.RELEASE):
                yield AllocationReleased(
                    subject=order.subject,
                    at=at,
                    actor=by,
                    source=trigger,
                    order_id=order.id,
                    allocation_ids=tuple(sorted(one.locations.values())),
                )
        if waiting and one.is_parked_anew and one.decision_id:
            yield OrderParked(
                subject=order.subject,
                at=at,
                actor=by,
                source=trigger,
                order_id=order.id,
                decision_id=one.decision_id,
                waiting=waiting,
                because=tuple(dict.fromkeys(w.because for w in routing.waiting)),
            )
