"""What a wave would take, decided without any lock: searching takes time, and nobody waits for it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from time import thread_time
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse.actions.direct import Directed, Wanted, needs_of, spots_of
from quartermaster.warehouse.actions.make_pick_list import promised
from quartermaster.warehouse.queries.geometry import Geometry, geometry
from quartermaster.warehouse.queries.policy import PolicyVersion, pick_policy
from quartermaster.warehouse.queries.shelf import Asks
from quartermaster.warehouse.queries.wave_work import Queued, lanes_of, waiting, zones_of
from quartermaster.warehouse.rules.bins import Rotation, Spot, Turn, direct, in_turn
from quartermaster.warehouse.rules.choosing import Candidate, Choice, Shelf, choose
from quartermaster.warehouse.rules.grouping import Mode, Plan, Walks, Work, group, zone_of
from quartermaster.warehouse.rules.routing import Strategy
from quartermaster.warehouse.rules.wanted import WaveWanted, errors_in

SEARCH_S = 0.5  # CPU seconds to choose orders, and as many to put them on lists
FIRST_S = 1.0  # CPU seconds for the first way to put them on lists
SEARCHED = 2_000  # times a search asks whether it is over: small waves are searched alike on any machine

MEASURES = """
select id, coalesce(weight_g, 0), coalesce(length_mm::bigint * width_mm * height_mm / 1000, 0)
from catalog_sku where id = any(%s)
"""

type Promises = Mapping[int, Counter[tuple[int, int]]]  # order -> (line, SKU) -> units


class Proposal(NamedTuple):
    """A wave as it would be now. orders: what it takes, in the order of the queue, and candidates with what
    they want, as `choice` counts them; picks: by order; places: where to go if the rotation leaves a choice;
    seen: places the hall was asked about."""

    site: int
    wanted: WaveWanted
    policy: PolicyVersion
    queue: list[Queued]
    candidates: list[Candidate]
    choice: Choice
    promises: Promises
    picks: dict[int, list[Directed]]
    places: frozenset[int]
    seen: frozenset[int]
    hall: Geometry | None
    walks: Walks
    plan: Plan

    @property
    def mode(self) -> Mode:
        return self.wanted.mode or self.policy.policy.mode

    @property
    def routing(self) -> Strategy:
        return self.walks.strategy

    @property
    def orders(self) -> list[int]:
        return [self.queue[n].order_id for n in self.choice.taken]


def propose_wave(
    wanted: WaveWanted,
    *,
    tells: Callable[[str], object] = lambda step: None,
    at: datetime,
    but: Collection[int] = (),
) -> Proposal | None:
    """What a wave would take now, on which lists, and why. None when there is nothing to take. `but`: without
    these orders. Takes no lock and changes nothing. Raises NotFound for an unknown site, Invalid that names
    every faulty field."""
    site = location_id(wanted.location)
    lanes = lanes_of(site) if wanted.carrier else []
    zones = zones_of(site) if wanted.zone else None
    carriers = [lane.carrier for lane in lanes] if wanted.carrier else None
    if errors := errors_in(wanted, carriers=carriers, zones=zones):
        raise Invalid(what="The wave", errors=errors)
    queue = waiting(site, wanted, lanes, but)
    work = promised(queue)
    spots, turns, asks = spots_of(work, site, at=at)
    if wanted.zone:
        queue, work, spots = _within(wanted.zone, queue, work, spots, turns, site, asks)
    of_order = _by_order(work)
    queue = _once(queue, of_order)
    if not queue:
        return None
    hall = geometry(site, sorted({spot.place_id for spot in spots}))
    aisles = _aisles(spots, hall)
    tells(f"choosing among {len(queue):,} orders")
    candidates = [_candidate(one, of_order[one.order_id]) for one in queue]
    choice = choose(
        candidates,
        _shelves(spots, turns, aisles),
        wanted.capacity,
        is_over=_budget(),
        any_of=_any_of(spots, turns),
        of="bin" if hall is None else "aisle",
    )
    places = frozenset(place for place, aisle in aisles.items() if aisle in choice.aisles)
    preferring = {sku: turn._replace(preferred=places) for sku, turn in turns.items()}
    orders = [queue[n].order_id for n in choice.taken]
    chosen = [one for order in orders for one in of_order[order]]
    picks = _directed(chosen, spots, preferring, site, asks)
    if not picks:
        return None
    policy = pick_policy(site)
    walks = Walks(hall.layout if hall else None, wanted.routing or policy.policy.routing)
    limits = wanted.limits or policy.policy.limits
    works = work_of(picks, hall)
    tells(f"putting {len(works):,} orders on lists")
    plan = group(works, walks, wanted.mode or policy.policy.mode, limits, is_over=_budget(), is_late=_late())
    promises = {order: units_of(of_order[order]) for order in picks}
    seen = frozenset(aisles)
    return Proposal(
        site, wanted, policy, queue, candidates, choice, promises, picks, places, seen, hall, walks, plan
    )


def work_of(picks: Mapping[int, Sequence[Directed]], hall: Geometry | None) -> list[Work]:
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


def units_of(work: Sequence[Wanted]) -> Counter[tuple[int, int]]:
    """(line, SKU) -> units: equal as long as an order wants the same."""
    found: Counter[tuple[int, int]] = Counter()
    for one in work:
        found[one.line_id, one.sku_id] += one.units
    return found


def _budget() -> Callable[[], bool]:
    end, asked = thread_time() + SEARCH_S, count()
    return lambda: next(asked) >= SEARCHED or thread_time() > end


def _late() -> Callable[[], bool]:
    """Even the first way to put orders on lists has its time: a large wave waits for no measuring."""
    end = thread_time() + FIRST_S
    return lambda: thread_time() > end


def _by_order(work: Sequence[Wanted]) -> Mapping[int, list[Wanted]]:
    found: defaultdict[int, list[Wanted]] = defaultdict(list)
    for one in work:
        found[one.order_id].append(one)
    return found


def _once(queue: Sequence[Queued], of_order: Mapping[int, Sequence[Wanted]]) -> list[Queued]:
    """Orders that have something to pick, each where it stands first."""
    first = {one.order_id: one for one in reversed(queue) if one.order_id in of_order}
    return [one for one in queue if first.get(one.order_id) is one]


def _candidate(one: Queued, work: Sequence[Wanted]) -> Candidate:
    wanted: Counter[int] = Counter()
    for each in work:
        wanted[each.sku_id] += each.units
    return Candidate((one.priority, one.ship_by), len({each.line_id for each in work}), wanted)


def _within(
    zone: str,
    queue: Sequence[Queued],
    work: Sequence[Wanted],
    spots: Sequence[Spot],
    turns: Mapping[int, Turn],
    site: int,
    asks: Asks,
) -> tuple[list[Queued], list[Wanted], list[Spot]]:
    """Only orders whose units can all be picked in the zone: its spots, where the rotation lets them be."""
    mine = frozenset(spot.place_id for spot in spots if zone_of(spot.place) == zone)
    preferring = {sku: turn._replace(preferred=mine) for sku, turn in turns.items()}
    picks = _directed(work, spots, preferring, site, asks)
    whole = {order for order, its in picks.items() if its and all(pick.spot.place_id in mine for pick in its)}
    return (
        [one for one in queue if one.order_id in whole],
        [one for one in work if one.order_id in whole],
        [spot for spot in spots if spot.place_id in mine],
    )


def _aisles(spots: Sequence[Spot], hall: Geometry | None) -> dict[int, int]:
    """Place id -> the number of its aisle; a bin that stands nowhere known is an aisle of its own."""
    found: dict[int, int] = {}
    behind = count(len(hall.layout.xs) if hall else 0)
    for place in sorted({spot.place_id for spot in spots}):
        is_known = hall is not None and place in hall.stops
        found[place] = hall.stops[place].aisle if hall is not None and is_known else next(behind)
    return found


def _shelves(spots: Sequence[Spot], turns: Mapping[int, Turn], aisles: Mapping[int, int]) -> list[Shelf]:
    of_sku: defaultdict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        of_sku[spot.sku_id].append(spot)
    return [
        Shelf(sku, aisles[spot.place_id], spot.units)
        for sku, its in sorted(of_sku.items())
        for spot in in_turn(its, turns[sku])
    ]


def _any_of(spots: Sequence[Spot], turns: Mapping[int, Turn]) -> set[int]:
    """SKUs of which any unit will do: by the rotation, or because all are of one age."""
    ages: defaultdict[int, set[object]] = defaultdict(set)
    for spot in spots:
        match turns[spot.sku_id].rotation:
            case Rotation.FEFO:
                ages[spot.sku_id].add(spot.expires_on)
            case Rotation.FIFO:
                ages[spot.sku_id].add(spot.since)
            case Rotation.NEAREST:
                ages[spot.sku_id].add(None)
    return {sku for sku, its in ages.items() if len(its) == 1}


def _directed(
    work: Sequence[Wanted], spots: Sequence[Spot], turns: Mapping[int, Turn], site: int, asks: Asks
) -> dict[int, list[Directed]]:
    found: defaultdict[int, list[Directed]] = defaultdict(list)
    for one in direct(needs_of(work, site, asks), spots, turns).directed:
        found[work[one.key].order_id].append(Directed(work[one.key], one.spot, one.units))
    return found
