"""Bring the allocations of orders in line with what the orders want now, whatever happened before.

For each order: units nobody wants any more are given back, and so are units that a hold does not let be
reserved; open units are routed and reserved, units the channel handed over itself are taken out of stock,
and the floor gets what no hold keeps from it. The
outcome depends on the order's state alone, so it does not matter which events came, how often, or in which
sequence.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.allocation.actions import promises, store, units
from quartermaster.allocation.actions.gather import Ground, gather, look, order_facts, site_facts, wanted
from quartermaster.allocation.actions.promises import NOTHING, Earlier
from quartermaster.allocation.queries.shelf import rooms
from quartermaster.allocation.rules import Inputs, Order, Routing, assign, route
from quartermaster.allocation.rules.park import Sold, park
from quartermaster.core import sql
from quartermaster.core.events import Event, emit
from quartermaster.events import OrderChanged
from quartermaster.orders.actions.heal import heal_late
from quartermaster.orders.actions.state import LineState, OrderState, load, save
from quartermaster.orders.rules.holds import Blocks
from quartermaster.stock.actions import Reserve, lock_some, reserve
from quartermaster.stock.queries.dates import over

LOCK_SKUS = "select 1 from catalog_sku where id = any(%s) order by id for no key update"
WAITING = """
select sku_id, sum(open)::bigint from orders_line
where parked in ('backorder', 'preorder') and sku_id = any(%s) and not (order_id = any(%s)) group by sku_id
"""


@dataclass(slots=True)
class Decided:
    """A routing decision on its way into the database."""

    order: OrderState
    inputs: Inputs
    routing: Routing
    is_parked_anew: bool = False
    decision_id: int = 0
    locations: dict[str, int] = field(default_factory=dict)  # site code -> allocation id, once stored
    earlier: Earlier = NOTHING  # what was promised of the order before


def allocate(events: Sequence[Event]) -> None:
    """The listener: settle the orders these events are about. One event per order in a batch."""
    ids = [event.order_id for event in events]  # type: ignore[attr-defined]  # the flow sends facts about orders
    heal_late(ids, at=events[-1].at)
    moved = {e.order_id: None for e in events if isinstance(e, OrderChanged) and _has_moved(e)}
    settle(ids, at=events[-1].at, by="routing", trigger=events[-1].name, by_hand=moved)


def _has_moved(event: OrderChanged) -> bool:
    """Does it go somewhere else now, as routing sees it? Then what is reserved may be at the wrong site."""
    before, after = event.changed.get("ship_to", (None, None))
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return any(before.get(name, "") != after.get(name, "") for name in ("country", "region", "postcode"))


def settle(
    order_ids: Iterable[int],
    *,
    at: datetime,
    by: str,
    trigger: str,
    by_hand: Mapping[int, str | None] | None = None,
    anew: Collection[int] = (),
) -> None:
    """Settle a batch of orders. `by_hand`: order id -> site chosen by a person (None: the rules, again).
    What such an order has reserved is given back first, and so is what the lines `anew` have. Constant number
    of statements.

    Decided by what is seen without locks; levels are locked when their units are taken, at the very end. When
    somebody was faster, or somebody has to wait, all is done again under locks of everything that matters:
    else units that come free at that very moment would be missed by both sides.
    """
    ask = _Ask(sorted(set(order_ids)), at, by, trigger, by_hand or {}, anew)
    try:
        with transaction.atomic():  # a savepoint: giving up lets go of every lock it took
            _settle(ask, lock=False)
    except _Gone:
        _settle(ask, lock=True)


class _Gone(Exception):
    """What was seen is no longer there, or is not enough."""


class _Ask(NamedTuple):
    order_ids: list[int]
    at: datetime
    by: str
    trigger: str
    by_hand: Mapping[int, str | None]
    anew: Collection[int]


def _settle(ask: _Ask, *, lock: bool) -> None:
    orders = load(ask.order_ids)
    anew = {
        line.id
        for order in orders.values()
        for line in order.lines
        if line.id in ask.anew
        or (order.id in ask.by_hand and not line.units.picked and not order.is_blocked(Blocks.ALLOCATION))
    }
    before = [order for order in orders.values() if any(line.units.allocated for line in order.lines)]
    touched = [line for o in orders.values() for line in o.lines if _has_work(o, line, line.id in anew)]
    decided: list[Decided] = []
    promised: list[Reserve] = []
    moved: list[Event] = []
    if touched:
        ground = _look(touched, lock=lock, at=ask.at)
        is_back = units.give_back(orders.values(), anew=anew, at=ask.at, by=ask.by)
        if units.obey_holds(orders.values(), at=ask.at, by=ask.by) or is_back:
            look(ground)
        lock = ground.is_locked
        decided = _route(orders.values(), ground, ask.by_hand, ask.at)
        if not lock and any(one.routing.waiting for one in decided):
            raise _Gone
        store.decisions(decided, ground, at=ask.at, by=ask.by, trigger=ask.trigger)
        promised = units.promise(decided, ground)
        moved = promises.keep(decided, at=ask.at, by=ask.by)
        if lock:
            reserve(promised, at=ask.at)
            units.ship_elsewhere(orders.values(), at=ask.at, by=ask.by)
        _park(decided, ground)
    told = store.facts(decided, at=ask.at, by=ask.by, trigger=ask.trigger)
    followed = store.follow_holds(before, at=ask.at, by=ask.by)
    save(list(orders.values()), touched)
    emit([*told, *moved, *followed])
    if promised and not lock:
        _take(promised, has_old=bool(ground.over), is_asked=bool(ground.shelf.asks), at=ask.at)


def _look(touched: Sequence[LineState], *, lock: bool, at: datetime) -> Ground:
    """Units that come back or leave change levels for sure: those are locked before anything is decided."""
    reserved = {sku_id for _, sku_id, _ in units.pending(x.id for x in touched if x.units.allocated)}
    will_leave = any(line.units.fulfilled > line.units.shipped for line in touched)
    skus = {line.sku_id for line in touched if line.sku_id is not None}
    return gather(skus, reserved, lock=lock or will_leave or bool(reserved), at=at)


def _take(promised: Sequence[Reserve], *, has_old: bool, is_asked: bool, at: datetime) -> None:
    """Lock just the levels that are taken from; all of it must be there, beside what is past its day. Where a
    channel asks for days: what is promised to it must be good for so long still."""
    needed: Counter[tuple[int, int]] = Counter()
    for one in promised:
        needed[one.sku_id, one.location_id] += one.quantity
    free = {(level.sku_id, level.location_id): level.free for level in lock_some(needed)}
    old = over({one.sku_id for one in promised}, at=at) if has_old else {}
    if any(free.get(level, 0) - old.get(level, 0) < count for level, count in needed.items()):
        raise _Gone
    reserve(promised, at=at)
    if is_asked:
        left = rooms({one.sku_id for one in promised}, at=at).rooms
        if any(min(left.get((site, sku_id), {0: 0}).values()) < 0 for sku_id, site in needed):
            raise _Gone


def _has_work(order: OrderState, line: LineState, anew: bool) -> bool:
    """Is there anything for allocation to do about this line?"""
    if not line.is_shippable:
        return False
    has_open = line.units.open > 0 and not order.is_blocked(Blocks.ALLOCATION)
    goes_back = line.units.allocated > 0 and (anew or line.units.surplus > 0)
    is_held = order.gives_back and (line.units.allocated > 0 or line.parked != "")
    return (
        has_open
        or goes_back
        or is_held
        or line.units.fulfilled > line.units.shipped
        or line.units.sent_back > line.units.returned
    )


def _route(
    orders: Iterable[OrderState], ground: Ground, by_hand: Mapping[int, str | None], at: datetime
) -> list[Decided]:
    """Decide order by order, the most urgent first; what one is promised the next cannot have."""
    decided = []
    for order in sorted(orders, key=lambda o: (-o.priority, o.placed_at, o.id)):
        lines = () if order.is_blocked(Blocks.ALLOCATION) else wanted(order, ground)
        if not lines:
            continue
        facts = order_facts(order, lines, ground, at)
        sites = site_facts(facts, ground)
        chosen = by_hand.get(order.id)
        routing = assign(facts, sites, ground.rules, chosen) if chosen else route(facts, sites, ground.rules)
        _promise(routing, facts, ground)
        decided.append(Decided(order, Inputs(facts, sites, ground.rules), routing))
    return decided


def _promise(routing: Routing, order: Order, ground: Ground) -> None:
    """Take what was promised off what is free, for the next order of the batch."""
    parts = {line.line_id: line.parts for line in order.wanted}
    ids = {site.code: site.id for site in ground.sites}
    for parcel in routing.parcels:
        location_id = ids[parcel.site]
        ground.taken[location_id] = ground.taken.get(location_id, 0) + 1
        for take in parcel.takes:
            for part in parts[take.line_id]:
                ground.take(order.channel, location_id, part.sku, take.quantity * part.per_unit)


def _park(decided: Sequence[Decided], ground: Ground) -> None:
    """Note on each line why its open units wait; a line that got everything waits for nothing."""
    codes = {waiting.code for one in decided for waiting in one.routing.waiting}
    capped = {
        sku.id
        for sku in ground.skus.values()
        if sku.code in codes and (sku.cap is not None or sku.policy == "preorder")
    }
    order_ids = [d.order.id for d in decided]
    others = {}
    if capped:  # one batch at a time counts what waits: a SKU that was never stocked has no level to lock
        sql.run(LOCK_SKUS, (sorted(capped),))
        others = dict(sql.run(WAITING, (sorted(capped), order_ids)))
    for one in decided:
        reasons = {w.line_id: w for w in one.routing.waiting}
        for line in one.order.lines:
            before = line.parked
            line.parked = ""
            if line.id in reasons and line.units.open and line.sku_id is not None:
                sku = ground.skus[line.sku_id]
                sold = Sold(sku.policy, sku.cap, ground.incoming.get(sku.code, 0), others.get(sku.id, 0))
                line.parked = park(line.units.open, sold, is_somewhere=ground.has_for_one(sku.id))
                if line.parked in ("backorder", "preorder"):
                    others[sku.id] = others.get(sku.id, 0) + line.units.open
            one.is_parked_anew |= line.parked != before and line.parked != ""
