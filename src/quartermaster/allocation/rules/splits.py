"""Plans of several parcels: the fewest that serve everything, or the most goods value that can go now.

Searched exactly among SITES_MAX sites: for every line the best ranked one that serves most of it, then by
rank. Beyond that, or in contrived orders that use up the steps of the search, a better plan may be missed.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from msgspec import Struct

from quartermaster.allocation.rules import rank
from quartermaster.allocation.rules.demand import Demand, Line, line_of
from quartermaster.allocation.rules.facts import Site, Split
from quartermaster.allocation.rules.fill import Steps, Units, fill, most
from quartermaster.allocation.rules.filters import Short

SITES_MAX = 8


class Seen(Struct):
    """A site that passed the filters, with its scores and what it has too little of."""

    site: Site
    scores: dict[str, rank.Score]
    key: rank.Key
    short: list[Short]


class Plan(Struct, frozen=True):
    """units: by line of the demand, then by site. scores: of the plan as a whole."""

    sites: tuple[Seen, ...]
    units: tuple[Units, ...]
    scores: dict[str, rank.Score]


def whole(
    demand: Demand, seen: Sequence[Seen], split: Split, criteria: Sequence[rank.Criterion]
) -> list[Plan]:
    """Plans that serve every unit, best first: fewest parcels, then the rule's rank, then the codes.

    Only the first plan is meant to be carried out. Each further one is the best plan of as many parcels for a
    site that no plan before it used: it tells what that site was worth. Empty when no such plan exists.
    """
    if demand.shapeless or not split.is_allowed:
        return []
    lines = [line_of(line) for line in demand.lines]
    near = contenders(lines, seen)
    steps = Steps()
    plans: list[Plan] = []
    for size in range(2, min(split.parcels_max, len(near)) + 1):
        told: set[str] = set()
        for _, group in sorted(_ranked(near, size, criteria)):
            if plans and told.issuperset(near[at].site.code for at in group):
                continue
            sites = [near[at] for at in group]
            units = fill(
                lines, _free(demand, sites), value_min=split.value_min_minor, is_all=True, steps=steps
            )
            if units is not None:
                plans.append(_plan(sites, units, criteria))
                told.update(each.site.code for each in sites)
        if plans:
            break
    return plans


def partly(
    demand: Demand, seen: Sequence[Seen], split: Split, criteria: Sequence[rank.Criterion]
) -> Plan | None:
    """The allowed plan that serves the most goods value now, then the most units, then in fewest parcels.

    A rule that does not split may still send what one site has: is_allowed is about places, ships_partly
    about time. A parcel that goes ahead of the rest must be worth value_min_minor too.
    """
    if not split.ships_partly:
        return None
    lines = [line_of(line) for line in demand.lines]
    near = contenders(lines, seen)
    free = _free(demand, near)
    parcels_max = min(split.parcels_max if split.is_allowed else 1, len(near))
    bounds = []
    for size in range(1, parcels_max + 1):
        for ranked, group in _ranked(near, size, criteria):
            value, count = most(lines, [free[at] for at in group])
            bounds.append((-value, -count, size, ranked, group))
    best: tuple[tuple[int, int, int, rank.Key], Plan] | None = None
    steps = Steps()
    for value, count, size, ranked, group in sorted(bounds):
        if best is not None and best[0] < (value, count, size, ranked):
            break
        units = fill(
            lines, [free[at] for at in group], value_min=split.value_min_minor, is_all=False, steps=steps
        )
        if units is None:
            continue
        value = -sum(line.worth(sum(each)) for line, each in zip(lines, units, strict=True))
        reached = (value, -sum(map(sum, units)), size, ranked)
        if best is None or reached < best[0]:
            best = (reached, _plan([near[at] for at in group], units, criteria))
    return best[1] if best is not None else None


def contenders(lines: Sequence[Line], seen: Sequence[Seen]) -> list[Seen]:
    """The sites plans are made of, best ranked first: those that can serve a unit, at most SITES_MAX."""
    rooms = [(each, [line.room(each.site.available) for line in lines]) for each in seen]
    able = sorted((pair for pair in rooms if any(pair[1])), key=lambda pair: pair[0].key)
    if len(able) > SITES_MAX:
        picked = dict.fromkeys(
            max(range(len(able)), key=lambda at: (able[at][1][line], -at)) for line in range(len(lines))
        )
        kept = list(dict.fromkeys([*picked, *range(len(able))]))[:SITES_MAX]
        able = [able[at] for at in sorted(kept)]
    return [each for each, _ in able]


def _free(demand: Demand, sites: Sequence[Seen]) -> list[Mapping[str, int]]:
    return [{sku: max(each.site.available.get(sku, 0), 0) for sku in demand.need} for each in sites]


def _ranked(
    near: Sequence[Seen], size: int, criteria: Sequence[rank.Criterion]
) -> list[tuple[rank.Key, tuple[int, ...]]]:
    return [
        (rank.key(rank.together([near[at].scores for at in group], criteria), _codes(near, group)), group)
        for group in combinations(range(len(near)), size)
    ]


def _codes(near: Sequence[Seen], group: Sequence[int]) -> str:
    return " + ".join(sorted(near[at].site.code for at in group))


def _plan(sites: Sequence[Seen], units: Sequence[Units], criteria: Sequence[rank.Criterion]) -> Plan:
    """Without the sites that serve nothing after all."""
    used = [at for at in range(len(sites)) if any(each[at] for each in units)]
    kept = tuple(sites[at] for at in used)
    return Plan(
        kept,
        tuple(tuple(each[at] for at in used) for each in units),
        rank.together([each.scores for each in kept], criteria),
    )
