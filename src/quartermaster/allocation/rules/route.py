"""Which sites serve an order, and in sentences why: the first rule that matches and finds a way decides."""

from collections.abc import Sequence

from msgspec import Struct

from quartermaster.allocation.rules import rank, splits, verdicts, waits
from quartermaster.allocation.rules.demand import Demand, demand_of
from quartermaster.allocation.rules.facts import (
    Candidate,
    Order,
    Otherwise,
    Parcel,
    Routing,
    Rule,
    RuleSet,
    Site,
    Take,
)
from quartermaster.allocation.rules.filters import filters_of, shortage
from quartermaster.allocation.rules.promise import parcel
from quartermaster.allocation.rules.splits import Plan, Seen


class Survey(Struct):
    """The sites under one rule: with everything, short of something, removed by a filter."""

    full: list[Seen]
    short: list[Seen]
    removed: list[Candidate]


def route(order: Order, sites: Sequence[Site], rules: RuleSet) -> Routing:
    """The answer for every order: all its units are in parcels or waiting, never more than a site has free.

    One site with everything comes first, then the fewest parcels, then what can go now, then the next rule.
    Depends on nothing but its arguments, and not on the order of `sites`; site codes must differ. The rules
    must have passed `check`: a filter or criterion nobody knows raises KeyError.
    """
    demand = demand_of(order)
    passed: list[str] = []
    routing = None
    for rule in rules.rules:
        if matches(rule, order):
            routing = _decide(order, demand, sites, rule, rules.version, passed)
            if routing.parcels or rule.otherwise is Otherwise.PARK:
                return routing
            passed.append(f"Rule {rule.name} found no site.")
    return routing if routing is not None else waits.unmatched(demand, sites, rules.version)


def matches(rule: Rule, order: Order) -> bool:
    """Every condition given must hold; of several countries, channels or tags one is enough."""
    return (
        (not rule.countries or order.country in rule.countries)
        and (not rule.channels or order.channel in rule.channels)
        and (not rule.tags or not set(rule.tags).isdisjoint(order.tags))
        and (rule.value_min_minor is None or order.value_minor >= rule.value_min_minor)
    )


def _decide(
    order: Order, demand: Demand, sites: Sequence[Site], rule: Rule, version: int, passed: list[str]
) -> Routing:
    criteria = rank.criteria_of(rule.rank)
    survey = look(order, demand, sites, rule, criteria)
    if survey.full:
        return _single(order, demand, rule, version, survey, passed)
    plans = splits.whole(demand, survey.short, rule.split, criteria)
    if not plans and not order.ships_complete:
        part = splits.partly(demand, survey.short, rule.split, criteria)
        plans = [part] if part is not None else []
    plan = plans[0] if plans else None
    # Where nothing is that may go was asked all else before.
    removed = {each.site: each.because for each in survey.removed if each.removed_by != "stock"}
    waiting = waits.waiting(order, demand, rule, survey.short, removed, sites, plan)
    because = (
        verdicts.of_split(order, demand, plan, waiting)
        if plan is not None
        else waits.parked(order, demand, survey.short)
    )
    return Routing(
        rule.name,
        version,
        parcels_of(order, demand, plan) if plan is not None else (),
        waiting,
        (*verdicts.of_plans(order, demand, survey.short, plans), *survey.removed),
        (*passed, because),
    )


def look(
    order: Order, demand: Demand, sites: Sequence[Site], rule: Rule, criteria: Sequence[rank.Criterion]
) -> Survey:
    """Run every site through the rule's filters; what passes is scored and sorted, best first."""
    survey = Survey([], [], [])
    need, filters = demand.need, filters_of(rule)
    for site in sites:
        for name, removes in filters:
            because = removes(site, order, rule, need)
            if because is not None:
                survey.removed.append(Candidate(site.code, False, name, because))
                break
        else:
            scores = rank.scores(order, site, criteria)
            seen = Seen(site, scores, rank.key(scores, site.code), shortage(site, need))
            (survey.short if seen.short or demand.shapeless or not need else survey.full).append(seen)
    if len(sites) > 1:
        survey.full.sort(key=_by_key)
        survey.short.sort(key=_by_key)
        survey.removed.sort(key=_by_site)
    return survey


def _by_key(seen: Seen) -> rank.Key:
    return seen.key


def _by_site(candidate: Candidate) -> str:
    return candidate.site


def _single(
    order: Order, demand: Demand, rule: Rule, version: int, survey: Survey, passed: list[str]
) -> Routing:
    winner = survey.full[0]
    because = verdicts.winner(order, survey.full)
    takes = tuple([Take(line.line_id, line.code, line.quantity) for line in demand.lines])
    candidates = [Candidate(winner.site.code, True, "", because, winner.scores)]
    for other in survey.full[1:]:
        told = verdicts.runner_up(order, winner, other)
        candidates.append(Candidate(other.site.code, False, "", told, other.scores))
    for other in survey.short:
        candidates.append(verdicts.short_of(other, demand))
    candidates += survey.removed
    parcels = (parcel(order, winner.site, takes, (because,)),)
    return Routing(
        rule.name, version, parcels, (), tuple(candidates), (*passed, f"{winner.site.code}: {because}")
    )


def parcels_of(order: Order, demand: Demand, plan: Plan) -> tuple[Parcel, ...]:
    return tuple(
        parcel(
            order,
            seen.site,
            takes_at(demand, [units[at] for units in plan.units]),
            (verdicts.share_of(order, demand, plan, at),),
        )
        for at, seen in enumerate(plan.sites)
    )


def takes_at(demand: Demand, units: Sequence[int]) -> tuple[Take, ...]:
    """The takes of one site from its units by line."""
    return tuple(
        Take(line.line_id, line.code, count)
        for line, count in zip(demand.lines, units, strict=True)
        if count > 0
    )
