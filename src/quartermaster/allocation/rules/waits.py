"""Why units wait: the reason for every line that no parcel serves, and the sentence of a parked order."""

from collections.abc import Mapping, Sequence

from quartermaster.allocation.rules.demand import Demand, Line, line_of
from quartermaster.allocation.rules.facts import Candidate, Order, Routing, Rule, Site, Waiting, Wanted
from quartermaster.allocation.rules.sentences import days, money, parcels, some_of
from quartermaster.allocation.rules.splits import Plan, Seen


def waiting(
    order: Order,
    demand: Demand,
    rule: Rule,
    short: Sequence[Seen],
    removed: Mapping[str, str],
    sites: Sequence[Site],
    plan: Plan | None,
) -> tuple[Waiting, ...]:
    """Every unit the plan does not serve, with the first reason that holds. removed: site code -> why."""
    rest = []
    missing = missing_of(demand, short)
    for at, wanted in enumerate(demand.lines):
        left = wanted.quantity - (sum(plan.units[at]) if plan is not None else 0)
        if left > 0:
            line = line_of(wanted)
            can = sum(line.room(seen.site.available) for seen in short)
            because = (
                _not_there(wanted, line, can, removed, sites)
                if can < wanted.quantity
                else _not_allowed(order, rule, missing, plan)
            )
            rest.append(Waiting(wanted.line_id, wanted.code, left, because))
    return tuple(rest)


def missing_of(demand: Demand, short: Sequence[Seen]) -> list[str]:
    """What all sites that may serve the order have too little of together: "2 × HB-204"."""
    words = [f"{line.quantity} × {line.code}" for line in demand.shapeless]
    for sku, wants in demand.need.items():
        has = sum(max(seen.site.available.get(sku, 0), 0) for seen in short)
        if has < wants:
            words.append(f"{wants - has} × {sku}")
    return words


def parked(order: Order, demand: Demand, short: Sequence[Seen]) -> str:
    """The decision as a whole, when nothing goes now."""
    if not demand.lines:
        return "Nothing is left to serve."
    if not short:
        return "No site may serve this order now."
    missing = missing_of(demand, short)
    if missing and order.ships_complete:
        return f"The customer wants everything in one go; missing: {some_of(missing)}."
    if missing:
        return f"Missing: {some_of(missing)}; no part of the order may go ahead."
    return "Everything is there, but not at sites that may share this order."


def unmatched(demand: Demand, sites: Sequence[Site], version: int) -> Routing:
    """The answer when no rule matches: everything waits."""
    because = "No rule matches this order."
    return Routing(
        "",
        version,
        (),
        tuple(Waiting(line.line_id, line.code, line.quantity, because) for line in demand.lines),
        tuple(Candidate(code, False, "", because) for code in sorted(site.code for site in sites)),
        (because,),
    )


def _not_there(
    wanted: Wanted, line: Line, can: int, removed: Mapping[str, str], sites: Sequence[Site]
) -> str:
    if not line.needs:
        return f"{wanted.code} is made of no known part."
    old = _too_old(line, removed, sites)
    if can > 0:
        there = f"{can} free at sites that may serve this order"
        return f"{wanted.quantity} × {wanted.code} wanted, {there}{f'; {old}' if old else ''}."
    if old:
        return f"All there is: {old}."
    barred = sorted(site.code for site in sites if site.code in removed and line.room(site.available))
    if barred:
        more = f" {some_of(barred[1:])} may not serve it either." if len(barred) > 1 else ""
        return f"{barred[0]} has {wanted.code}, but: {removed[barred[0]]}{more}"
    if len(line.needs) == 1 and line.needs[0][1] == 1:
        return f"No site has {line.needs[0][0]} free."
    parts = some_of([f"{per_unit} × {sku}" for sku, per_unit in line.needs])
    return f"No site has all parts of {wanted.code} together ({parts})."


def _too_old(line: Line, removed: Mapping[str, str], sites: Sequence[Site]) -> str:
    """What sites that may serve the order have, but too near its last day: "" when that is none of it."""
    may = [site for site in sites if site.code not in removed]
    for sku, _ in line.needs:
        near = {site.code: site.near[sku] for site in may if sku in site.near}
        if near:
            asked = max(left for _, left in near.values())
            what = f"{sum(units for units, _ in near.values())} × {sku} at {some_of(list(near))}"
            return f"{what}, too old for a channel that asks for {days(asked)}"
        past = {site.code: site.over[sku] for site in may if site.over.get(sku)}
        if past:
            return f"{sum(past.values())} × {sku} at {some_of(list(past))}, too near the last day"
    return ""


def _not_allowed(order: Order, rule: Rule, missing: Sequence[str], plan: Plan | None) -> str:
    """The line alone could be served; the order or the rule says not like this."""
    if missing and plan is None:
        if order.ships_complete:
            return f"The customer wants everything in one go; missing: {some_of(missing)}."
        if not rule.split.ships_partly:
            return f"This rule ships nothing until everything is there; missing: {some_of(missing)}."
    if not rule.split.is_allowed:
        return "There is enough, but this rule does not split an order over sites."
    worth = rule.split.value_min_minor
    least = f", each worth at least {money(worth, order.currency)}" if worth > 0 else ""
    return (
        f"There is enough for this line, but not for the order in {parcels(rule.split.parcels_max)}{least}."
    )
