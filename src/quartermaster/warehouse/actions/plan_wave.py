"""A wave: released work that should leave together, chosen at once and put on lists as people pick it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import PickListMade, WaveMade
from quartermaster.orders.actions.state import load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.stock.actions import lock_some
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.actions.direct import Directed, directed, write
from quartermaster.warehouse.actions.make_pick_list import promised
from quartermaster.warehouse.actions.propose_wave import Proposal, propose_wave, units_of, work_of
from quartermaster.warehouse.actions.wave_reasons import reasons
from quartermaster.warehouse.queries.geometry import Geometry, geometry
from quartermaster.warehouse.queries.wave_work import Queued
from quartermaster.warehouse.rules.grouping import Mode, Plan, by_zone, measured, zone_of
from quartermaster.warehouse.rules.wanted import WaveWanted

TRIES = 5  # when others took all of what was chosen, something else is chosen

# As for a list: whoever is working on an order has its lock, others take the next ones.
QUEUE = """
select a.id, o.id, o.priority, a.ship_by, o.placed_at
from allocation_allocation a join orders_order o on o.id = a.order_id
where a.location_id = %(location)s and a.state = 'released' and o.id = any(%(orders)s)
order by o.id, a.id
for no key update of o skip locked
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


def plan_wave(
    wanted: WaveWanted,
    *,
    release: bool = True,
    tells: Callable[[str], object] = lambda step: None,
    also: Callable[[int], None] = lambda wave: None,
    at: datetime,
    by: str,
) -> int | None:
    """Choose released work, direct each unit to a bin, and group the orders onto lists. Returns the wave's
    id; None when there is nothing to pick. Without `release` nobody can pick it until `release_wave`.

    Decided by what is seen without locks; then the chosen orders are locked, and those that somebody took or
    changed meanwhile are left out. Two at once get different work. `tells` hears what is being
    done; `also` is given the wave in the transaction that makes it. Raises NotFound for an unknown site,
    Invalid.
    """
    gone: set[int] = set()
    for _ in range(TRIES):
        proposal = propose_wave(wanted, tells=tells, at=at, but=gone)
        if proposal is None:
            return None
        tells("writing the lists")
        with transaction.atomic():
            wave = _make(proposal, release=release, at=at, by=by)
            if wave is not None:
                also(wave)
        if wave is not None:
            return wave
        gone |= set(proposal.orders)
    return None


def _make(proposal: Proposal, *, release: bool, at: datetime, by: str) -> int | None:
    """Take what is still there of what was chosen. None when nothing is."""
    site, wanted = proposal.site, proposal.wanted
    asked = {"location": site, "orders": list(proposal.picks)}
    queue = [Queued(*row) for row in sql.run(QUEUE, asked)]
    orders = load(one.order_id for one in queue)
    free = [one for one in queue if not orders[one.order_id].is_blocked(Blocks.RELEASE)]
    picks = _still_there(proposal, free, at)
    if not picks:
        return None
    places = {pick.spot.place_id for its in picks.values() for pick in its}
    hall = proposal.hall if places <= proposal.seen else geometry(site, sorted(places))
    plan = _plan(proposal, picks, hall)
    because = reasons(proposal, plan, picks)
    made: dict[str, object] = {"location": site, "mode": proposal.mode, "routing": proposal.routing}
    made |= {"by": by, "at": at}
    made |= {"state": "released" if release else "planned", "released": at if release else None}
    wave = int(sql.run(MAKE, {**made, "because": sql.rows([because])[1:-1]})[0][0])
    lists = _write(wave, proposal, plan, picks, hall, at=at, by=by)
    states.follow([orders[order_id] for order_id in sorted(picks)], at=at)
    fact = WaveMade(
        subject=f"wave:W-{wave}",
        at=at,
        actor=by,
        wave_id=wave,
        location=wanted.location,
        mode=proposal.mode,
        orders=len(picks),
        lists=lists,
    )
    emit([fact])
    return wave


def _still_there(proposal: Proposal, free: Sequence[Queued], at: datetime) -> dict[int, list[Directed]]:
    """What the orders that want the same as before are picked from, in the order of the queue."""
    turn = {order: n for n, order in enumerate(proposal.orders)}
    work = promised(sorted(free, key=lambda one: turn[one.order_id]))
    of_order = defaultdict(list)
    for one in work:
        of_order[one.order_id].append(one)
    same = [one for one in work if units_of(of_order[one.order_id]) == proposal.promises[one.order_id]]
    lock_some({(one.sku_id, proposal.site) for one in same})
    picks: defaultdict[int, list[Directed]] = defaultdict(list)
    for pick in directed(same, proposal.site, at=at, preferred=proposal.places):
        picks[pick.wanted.order_id].append(pick)
    zone = proposal.wanted.zone
    return {
        order: its
        for order, its in picks.items()
        if not zone or all(zone_of(pick.spot.place) == zone for pick in its)
    }


def _plan(proposal: Proposal, picks: Mapping[int, Sequence[Directed]], hall: Geometry | None) -> Plan:
    """The lists that were decided, with the orders that are left of them."""
    number, before = {order: n for n, order in enumerate(picks)}, list(proposal.picks)
    kept = [[number[before[n]] for n in one if before[n] in number] for one in proposal.plan.batches]
    told = proposal.plan.because[:2]
    return measured(work_of(picks, hall), [one for one in kept if one], proposal.walks, told)


def _write(
    wave: int,
    proposal: Proposal,
    plan: Plan,
    picks: Mapping[int, list[Directed]],
    hall: Geometry | None,
    *,
    at: datetime,
    by: str,
) -> int:
    """The lists of a wave with their picks and totes. Returns how many. A few statements for each list."""
    order_ids, site, mode = list(picks), proposal.site, proposal.mode
    parts: list[tuple[str, list[Directed]]] = []
    for one in plan.batches:
        mine = [pick for n in one for pick in picks[order_ids[n]]]
        zones = by_zone(mine, lambda pick: pick.spot.place) if mode is Mode.ZONE else {"": mine}
        parts += zones.items()
    rows = sql.rows(
        {"n": n, "zone": zone, "because": {"wave": f"W-{wave}", "mode": mode, "zone": zone}}
        for n, (zone, _) in enumerate(parts)
    )
    made = sql.run(LISTS, {"location": site, "wave": wave, "lists": rows, "by": by, "at": at})
    totes, facts = [], []
    for (list_id,), (_, mine) in zip(sorted(made), parts, strict=True):
        write(list_id, mine, site, strategy=proposal.routing, hall=hall)
        orders = list(dict.fromkeys(pick.wanted.order_id for pick in mine))
        if mode is Mode.CLUSTER:
            totes += [
                {"pick_list_id": list_id, "order_id": order, "slot": n} for n, order in enumerate(orders, 1)
            ]
        facts.append(
            PickListMade(
                subject=f"pick_list:PL-{list_id}",
                at=at,
                actor=by,
                pick_list_id=list_id,
                location=proposal.wanted.location,
                order_ids=tuple(sorted(orders)),
            )
        )
    sql.run(TOTES, (sql.rows(totes),))
    emit(facts)
    return len(parts)
