"""The named criteria a rule ranks by: smaller is better, unknown is worst, the site code ends every tie."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import asin, cos, inf, isfinite, radians, sin, sqrt

from msgspec import Struct

from quartermaster.allocation.rules.facts import Order, Site

type Score = int | None
type Key = tuple[float | str, ...]

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


class Criterion(Struct, frozen=True):
    """score: of one site. together: of a plan of several sites, from their scores, all known.

    wish says what the rule prefers, best what the winner is called when this criterion decided.
    """

    name: str
    score: Callable[[Order, Site], Score]
    together: Callable[[Iterable[int]], int]
    wish: str
    best: str


def cost(order: Order, site: Site) -> Score:
    """Lane cost in minor units."""
    return site.cost_minor


def promise(order: Order, site: Site) -> Score:
    """Days late against the promise, 0 when it is kept. Without a promise: transit days, sooner is better."""
    if site.days is None or order.promise_days is None:
        return site.days
    late = site.days - order.promise_days
    return late if late > 0 else 0


def transit_days(order: Order, site: Site) -> Score:
    return site.days


def distance(order: Order, site: Site) -> Score:
    """Great-circle kilometres between site and receiver (haversine), None when either is not known.

    Says nothing of roads and lanes, so it belongs at the end of a rank list.
    """
    if site.latitude is None or site.longitude is None or order.latitude is None or order.longitude is None:
        return None
    here, east, there, west = (
        radians(degrees) for degrees in (site.latitude, site.longitude, order.latitude, order.longitude)
    )
    if not isfinite(here + east + there + west):
        return None
    chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin((west - east) / 2) ** 2
    return round(2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(max(chord, 0.0)))))


def one_parcel(order: Order, site: Site) -> Score:
    """A site that has everything needs one parcel; plans of several sites count theirs."""
    return 1


CRITERIA: dict[str, Criterion] = {
    it.name: it
    for it in (
        Criterion("parcels", one_parcel, sum, "fewest parcels", "Fewest parcels"),
        Criterion("cost", cost, sum, "lowest cost", "Cheapest"),
        Criterion("promise", promise, max, "promise kept", "Soonest"),
        Criterion("days", transit_days, max, "fewest days", "Soonest"),
        Criterion("distance", distance, sum, "shortest distance", "Nearest"),
    )
}
BY_CODE = "code"
NAMES = frozenset({*CRITERIA, BY_CODE})


@lru_cache(maxsize=1024)
def criteria_of(rank: tuple[str, ...]) -> tuple[Criterion, ...]:
    """The criteria that decide, in order. A code decides for good: what follows it is never looked at.
    KeyError: unknown name.
    """
    names = dict.fromkeys(rank)
    until = list(names).index(BY_CODE) if BY_CODE in names else len(names)
    return tuple(CRITERIA[name] for name in list(names)[:until])


def scores(order: Order, site: Site, criteria: Sequence[Criterion]) -> dict[str, Score]:
    return {it.name: it.score(order, site) for it in criteria}


def key(scored: Mapping[str, Score], code: str) -> Key:
    """Sorts sites best first; unknown after every number, equal ones by code."""
    return (*[inf if score is None else score for score in scored.values()], code)


def together(plan: Sequence[Mapping[str, Score]], criteria: Sequence[Criterion]) -> dict[str, Score]:
    """The scores of a plan: costs and distances add up, the slowest parcel keeps the promise or breaks it."""
    return {it.name: _joint(it, [scored[it.name] for scored in plan]) for it in criteria}


def _joint(criterion: Criterion, each: Sequence[Score]) -> Score:
    known = [score for score in each if score is not None]
    return criterion.together(known) if len(known) == len(each) else None


def decider(winner: Mapping[str, Score], other: Mapping[str, Score]) -> str:
    """The first criterion in which two sites or plans differ; "code" when they are equal in all."""
    for name, score in winner.items():
        if score != other[name]:
            return name
    return BY_CODE
