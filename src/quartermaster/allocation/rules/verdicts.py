"""What a routing says of each site: chosen, close, short of something or of no use, in words with numbers."""

from collections.abc import Mapping, Sequence

from quartermaster.allocation.rules import rank
from quartermaster.allocation.rules.demand import Demand
from quartermaster.allocation.rules.facts import Candidate, Order, Site, Waiting
from quartermaster.allocation.rules.filters import lacking
from quartermaster.allocation.rules.rank import BY_CODE, CRITERIA
from quartermaster.allocation.rules.sentences import days, listed, money, parcels, some_of
from quartermaster.allocation.rules.splits import Plan, Seen


def winner(order: Order, full: Sequence[Seen]) -> str:
    """Has everything, one parcel, EUR 4.90, 1 day. Cheapest of 2."""
    site = full[0].site
    head = f"Has everything, one parcel, {_lane(order, site)}."
    if len(full) == 1:
        return f"{head} The only site with everything."
    return f"{head} {_won(order, full)}"


def runner_up(order: Order, best: Seen, other: Seen) -> str:
    """Has everything and keeps the promise, but costs EUR 1.30 more."""
    name = rank.decider(best.scores, other.scores)
    if name == BY_CODE:
        return f"Has everything and is as good as {best.site.code}, which comes first by code."
    lateness = _lateness(order, other.site)
    if name == "promise" and lateness:
        return f"Has everything, but {lateness}."
    head = "Has everything and keeps the promise" if lateness == "" else "Has everything"
    return f"{head}, but {_behind(order, name, best.scores, other.scores)}."


def short_of(seen: Seen, demand: Demand) -> Candidate:
    """The verdict on a site that lacks something while another has everything."""
    told, scores = lacking(seen.site, seen.short), seen.scores
    can_help = _can_serve_any(seen.site, demand)
    if can_help:
        told += " Would need a second parcel."
    return Candidate(seen.site.code, False, "stock", told, _with_parcels(scores, 2 if can_help else None))


def of_plans(order: Order, demand: Demand, short: Sequence[Seen], plans: Sequence[Plan]) -> list[Candidate]:
    """The verdicts when no site has everything: the sites of the first plan, then the others by rank."""
    if not plans:
        return [
            Candidate(
                seen.site.code,
                False,
                "stock" if seen.short else "",
                _short(seen, demand),
                _with_parcels(seen.scores, None),
            )
            for seen in short
        ]
    plan = plans[0]
    size = len(plan.sites)
    chosen = [
        Candidate(
            seen.site.code,
            True,
            "",
            f"{share_of(order, demand, plan, at)} {_short(seen, demand)}",
            _with_parcels(seen.scores, size),
        )
        for at, seen in enumerate(plan.sites)
    ]
    codes = {seen.site.code for seen in plan.sites}
    return chosen + [
        _passed_over(order, demand, seen, plans) for seen in short if seen.site.code not in codes
    ]


def _passed_over(order: Order, demand: Demand, seen: Seen, plans: Sequence[Plan]) -> Candidate:
    best, code = plans[0], seen.site.code
    with_it = next((plan for plan in plans[1:] if any(each.site.code == code for each in plan.sites)), None)
    if with_it is not None:
        others = listed([each.site.code for each in with_it.sites if each.site.code != code])
        name = rank.decider(best.scores, with_it.scores)
        behind = (
            "comes later by code" if name == BY_CODE else _behind(order, name, best.scores, with_it.scores)
        )
        told = f"Together with {others} it would do, but that {behind}."
    elif is_whole(demand, best):
        told = f"No plan of {parcels(len(best.sites))} has a use for it."
    else:
        told = "Not in the plan that serves the most goods value now."
    scores = _with_parcels(seen.scores, len(with_it.sites) if with_it is not None else None)
    return Candidate(code, False, "", f"{_short(seen, demand)} {told}", scores)


def share_of(order: Order, demand: Demand, plan: Plan, at: int) -> str:
    """Serves 2 × HB-204 and 1 × MG-011, EUR 4.90, 1 day."""
    served = [
        f"{units[at]} × {line.code}"
        for line, units in zip(demand.lines, plan.units, strict=True)
        if units[at] > 0
    ]
    site = plan.sites[at].site
    return f"Serves {some_of(served)}, {_lane(order, site)}."


def of_split(order: Order, demand: Demand, plan: Plan, waiting: Sequence[Waiting]) -> str:
    """The decision as a whole, when no single site has everything."""
    codes = listed([each.site.code for each in plan.sites])
    count = parcels(len(plan.sites))
    if not waiting:
        cost = plan.scores.get("cost")
        price = f", {money(cost, order.currency)} together" if cost is not None else ""
        return f"No site has everything; {count} from {codes} are the fewest{price}."
    rest = some_of([f"{each.quantity} × {each.code}" for each in waiting])
    return f"Not everything can go now. Most goods value: {count} from {codes}; waiting: {rest}."


def is_whole(demand: Demand, plan: Plan) -> bool:
    return all(sum(units) == line.quantity for line, units in zip(demand.lines, plan.units, strict=True))


def _short(seen: Seen, demand: Demand) -> str:
    if not demand.lines:
        return f"Nothing is wanted of {seen.site.code}."
    if seen.short:
        return lacking(seen.site, seen.short)
    return f"{seen.site.code} has all but {some_of([line.code for line in demand.shapeless])}."


def _lane(order: Order, site: Site) -> str:
    """EUR 4.90, 1 day. A broken promise is said, whoever is chosen."""
    cost = money(site.cost_minor, order.currency) if site.cost_minor is not None else "cost unknown"
    if site.days is None:
        return f"{cost}, days unknown"
    if order.promise_days is not None and site.days > order.promise_days:
        return f"{cost}, {days(site.days)} (promised: {days(order.promise_days)})"
    return f"{cost}, {days(site.days)}"


def _lateness(order: Order, site: Site) -> str | None:
    """Empty when the promise is kept, else how it is broken; None without a promise or known days."""
    if order.promise_days is None or site.days is None:
        return None
    if site.days <= order.promise_days:
        return ""
    return f"needs {days(site.days)}, promised: {days(order.promise_days)}"


def _behind(order: Order, name: str, best: Mapping[str, rank.Score], other: Mapping[str, rank.Score]) -> str:
    """How the other one is worse in the criterion that decided."""
    ours, theirs = best[name], other[name]
    if ours is None or theirs is None:
        return f"has no known {'cost' if name == 'cost' else 'distance' if name == 'distance' else 'days'}"
    more = theirs - ours
    if name == "cost":
        return f"costs {money(more, order.currency)} more"
    if name == "distance":
        return f"is {more} km farther"
    return f"takes {days(more)} longer"


def _won(order: Order, full: Sequence[Seen]) -> str:
    """Cheapest of 2 that keep the promise."""
    best, second = full[0].scores, full[1].scores
    name = rank.decider(best, second)
    if name == BY_CODE:
        return f"As good as {full[1].site.code}, and first by code."
    before = list(best)[: list(best).index(name)]
    rivals = (
        sum(all(seen.scores[each] == best[each] for each in before) for seen in full) if before else len(full)
    )
    told = f"{CRITERIA[name].best} of {rivals}"
    if rivals == len(full):
        return f"{told}."
    if "promise" in before and order.promise_days is not None and best["promise"] == 0:
        return f"{told} that keep the promise."
    return f"{CRITERIA[name].best} of the {rivals} best."


def _can_serve_any(site: Site, demand: Demand) -> bool:
    free = site.available
    return any(
        all(free.get(part.sku, 0) >= part.per_unit for part in line.parts)
        for line in demand.lines
        if line.parts
    )


def _with_parcels(scores: dict[str, rank.Score], count: int | None) -> dict[str, rank.Score]:
    return {**scores, "parcels": count} if "parcels" in scores else scores
