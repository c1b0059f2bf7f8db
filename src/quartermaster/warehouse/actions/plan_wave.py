"""A wave: released work that should leave together, chosen at once and put on lists as people pick it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import process_time

from django.db import transaction
from msgspec import Struct
from msgspec.structs import asdict

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import PickListMade, WaveMade
from quartermaster.orders.actions.state import load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.stock.actions import lock_some
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.actions.direct import Directed, directed, write
from quartermaster.warehouse.actions.make_pick_list import TURN, Queued, promised
from quartermaster.warehouse.queries.geometry import Geometry, geometry
from quartermaster.warehouse.rules.grouping import Limits, Mode, Plan, Work, by_zone, group
from quartermaster.warehouse.rules.routing import Strategy

ORDERS_MAX = 400  # orders of one wave: more are several waves
SEARCH_S = 1  # CPU seconds to search for batches, while the orders are locked

# As for a list: whoever is working on an order has its lock, others take the next ones.
QUEUE = """
select a.id, o.id, o.priority, a.ship_by, o.placed_at
from allocation_allocation a join orders_order o on o.id = a.order_id
where a.location_id = %(location)s and a.state = 'released'
  and (%(ship_by)s::timestamptz is null or a.ship_by <= %(ship_by)s)
  and (%(priority)s::int is null or o.priority >= %(priority)s)
  and (%(method)s = '' or o.shipping_method = %(method)s)
order by o.priority desc, a.ship_by nulls last, o.placed_at, a.id
limit %(orders_max)s
for no key update of o skip locked
"""
MEASURES = """
select id, coalesce(weight_g, 0), coalesce(length_mm::bigint * width_mm * height_mm / 1000, 0)
from catalog_sku where id = any(%s)
"""
MAKE = """
insert into warehouse_wave (location_id, state, mode, routing, because, made_by, made_at, released_at,
  released_by)
values (%(location)s, %(state)s, %(mode)s, %(routing)s, %(because)s::jsonb, %(by)s, %(at)s, %(released)s,
  case when %(state)s = 'released' then %(by)s else '' end) returning id
"""
LISTS = """
insert into warehouse_pick_list (location_id, wave_id, zone, because, made_by, made_at)
select %(location)s, %(wave)s, zone, because, %(by)s, %(at)s
from jsonb_to_recordset(%(lists)s::jsonb) as w(n int, zone text, because jsonb) order by n returning id
"""
TOTES = """
insert into warehouse_tote (pick_list_id, order_id, slot)
select pick_list_id, order_id, slot from jsonb_to_recordset(%s::jsonb)
  as t(pick_list_id bigint, order_id bigint, slot smallint)
"""


class WaveWanted(Struct, frozen=True, kw_only=True):
    """What a wave is to take and how it is picked. ship_by: only what must leave until then; priority: only
    orders with at least this; method: only this shipping method, as sold."""

    location: str
    mode: Mode = Mode.BATCH
    routing: Strategy = Strategy.EXACT
    orders_max: int = 100
    ship_by: datetime | None = None
    priority: int | None = None
    method: str = ""
    limits: Limits = Limits()


def plan_wave(wanted: WaveWanted, *, release: bool = True, at: datetime, by: str) -> int | None:
    """Take released work, direct each unit to a bin, and group the orders onto lists. Returns the wave's id;
    None when there is nothing to pick. Without `release` nobody can pick it until `release_wave`.

    Two at once get different work. Raises NotFound for an unknown site, Invalid.
    """
    _check(wanted)
    with transaction.atomic():
        site = location_id(wanted.location)
        asked: dict[str, object] = {"location": site, "ship_by": wanted.ship_by, "method": wanted.method}
        asked |= {"priority": wanted.priority, "orders_max": wanted.orders_max}
        queue = [Queued._make(row) for row in sql.run(QUEUE, asked)]
        orders = load(one.order_id for one in queue)
        free = [one for one in queue if not orders[one.order_id].is_blocked(Blocks.RELEASE)]
        work = promised(free)
        lock_some({(one.sku_id, site) for one in work})
        picks: defaultdict[int, list[Directed]] = defaultdict(list)
        for pick in directed(work, site):
            picks[pick.wanted.order_id].append(pick)
        if not picks:
            return None
        hall = geometry(site, sorted({one.spot.place_id for ones in picks.values() for one in ones}))
        plan = group(
            _work(picks, hall),
            hall.layout if hall else None,
            wanted.mode,
            wanted.limits,
            strategy=wanted.routing,
            is_over=_after(SEARCH_S),
        )
        because = _because(wanted, plan, [one for one in free if one.order_id in picks])
        made: dict[str, object] = {"location": site, "mode": wanted.mode, "routing": wanted.routing}
        made |= {"by": by, "at": at}
        made |= {"state": "released" if release else "planned", "released": at if release else None}
        wave = int(sql.run(MAKE, {**made, "because": sql.rows([because])[1:-1]})[0][0])
        lists = _write(wave, wanted, plan, picks, site, at=at, by=by)
        states.follow([orders[order_id] for order_id in sorted(picks)], at=at)
        fact = WaveMade(
            subject=f"wave:W-{wave}",
            at=at,
            actor=by,
            wave_id=wave,
            location=wanted.location,
            mode=wanted.mode,
            orders=len(picks),
            lists=lists,
        )
        emit([fact])
    return wave


def _check(wanted: WaveWanted) -> None:
    errors = {}
    if not 0 < wanted.orders_max <= ORDERS_MAX:
        errors["orders_max"] = f"1 to {ORDERS_MAX}"
    if wanted.limits.orders < 1:
        errors["limits"] = "at least 1"
    if errors:
        raise Invalid(what="The wave", errors=errors)


def _after(seconds: float) -> Callable[[], bool]:
    end = process_time() + seconds
    return lambda: process_time() > end


def _work(picks: Mapping[int, Sequence[Directed]], hall: Geometry | None) -> list[Work]:
    """One for each order, in the order of the queue. Without stops where a bin stands nowhere known."""
    skus = sorted({one.wanted.sku_id for ones in picks.values() for one in ones})
    measures = {sku: (weight, volume) for sku, weight, volume in sql.run(MEASURES, (skus,))}
    work = []
    for order_id, mine in picks.items():
        places = [one.spot.place_id for one in mine]
        is_known = hall is not None and all(place in hall.stops for place in places)
        work.append(
            Work(
                order_id,
                tuple(hall.stops[place] for place in places) if hall is not None and is_known else (),
                sum(one.units for one in mine),
                sum(one.units * measures[one.wanted.sku_id][0] for one in mine),
                sum(one.units * measures[one.wanted.sku_id][1] for one in mine),
            )
        )
    return work


def _write(
    wave: int,
    wanted: WaveWanted,
    plan: Plan,
    picks: Mapping[int, list[Directed]],
    site: int,
    *,
    at: datetime,
    by: str,
) -> int:
    """The lists of a wave with their picks and totes. Returns how many. A few statements for each list."""
    order_ids = list(picks)
    parts: list[tuple[str, list[Directed]]] = []
    for one in plan.batches:
        mine = [pick for n in one for pick in picks[order_ids[n]]]
        zones = by_zone(mine, lambda pick: pick.spot.place) if wanted.mode is Mode.ZONE else {"": mine}
        parts += zones.items()
    rows = sql.rows(
        {"n": n, "zone": zone, "because": {"wave": f"W-{wave}", "mode": wanted.mode, "zone": zone}}
        for n, (zone, _) in enumerate(parts)
    )
    made = sql.run(LISTS, {"location": site, "wave": wave, "lists": rows, "by": by, "at": at})
    totes, facts = [], []
    for (list_id,), (_, mine) in zip(sorted(made), parts, strict=True):
        write(list_id, mine, site, strategy=wanted.routing)
        orders = list(dict.fromkeys(pick.wanted.order_id for pick in mine))
        if wanted.mode is Mode.CLUSTER:
            totes += [
                {"pick_list_id": list_id, "order_id": order, "slot": n} for n, order in enumerate(orders, 1)
            ]
        facts.append(
            PickListMade(
                subject=f"pick_list:PL-{list_id}",
                at=at,
                actor=by,
                pick_list_id=list_id,
                location=wanted.location,
                order_ids=tuple(sorted(orders)),
            )
        )
    sql.run(TOTES, (sql.rows(totes),))
    emit(facts)
    return len(parts)


def _because(wanted: WaveWanted, plan: Plan, queue: Sequence[Queued]) -> Mapping[str, object]:
    """The decision as it is kept: what was asked, whom it took, why these lists, and what that saves."""
    return {
        "asked": {**asdict(wanted), "limits": wanted.limits._asdict()},
        "queue": TURN,
        "lists": plan.because,
        "length_mm": plan.length,
        "one_by_one_mm": plan.one_by_one,
        "orders": [
            {"number": f"SO-{one.order_id}", "priority": one.priority, "ship_by": one.ship_by}
            for one in queue
        ],
        "batches": [len(one) for one in plan.batches],
    }
