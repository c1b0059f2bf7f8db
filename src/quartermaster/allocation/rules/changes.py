"""What would have to be different for a site to serve an order: found by trying, never by reasoning."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from quartermaster.allocation.rules.demand import demand_of
from quartermaster.allocation.rules.facts import Inputs, Rule, Site
from quartermaster.allocation.rules.filters import shortage
from quartermaster.allocation.rules.route import matches, route
from quartermaster.allocation.rules.sentences import days, money
from quartermaster.core.errors import NotFound

type Change = tuple[Inputs, str]


def what_would_change(inputs: Inputs, site_code: str) -> str | None:
    """The smallest single change after which the rules would send something from this site.

    Tried in this order: more stock of one SKU (fewest units), what shut the site out today, a cheaper or a
    faster lane, a more generous rule. None when the site serves already, or when one change is not enough.
    Raises NotFound for a site not among the inputs.
    """
    site = next((each for each in inputs.sites if each.code == site_code), None)
    if site is None:
        raise NotFound(what="site", which=site_code)
    if _wins(inputs, site_code):
        return None
    for tries in (_stock, _gates, _lane, _rules):
        for changed, condition in tries(inputs, site):
            if _wins(changed, site_code):
                return f"{site_code} would serve {_how_much(changed)} {condition}."
    return None


def _wins(inputs: Inputs, site_code: str) -> bool:
    routing = route(inputs.order, inputs.sites, inputs.rules)
    return any(parcel.site == site_code for parcel in routing.parcels)


def _how_much(inputs: Inputs) -> str:
    routing = route(inputs.order, inputs.sites, inputs.rules)
    return "a part of this order" if routing.waiting or len(routing.parcels) > 1 else "this order"


def _with(inputs: Inputs, site: Site, **changes: Any) -> Inputs:
    changed = replace(site, **changes)
    return replace(inputs, sites=tuple(changed if each.code == site.code else each for each in inputs.sites))


def _least(most: int, wins: Callable[[int], bool]) -> int | None:
    """The smallest number in 1..most that wins, when more never hurts; None when not even `most` does."""
    if most < 1 or not wins(most):
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle + 1, high)
    return low


def _stock(inputs: Inputs, site: Site) -> Iterator[Change]:
    found = []
    for sku, wants, has in shortage(site, demand_of(inputs.order).need):

        def stocked(more: int, sku: str = sku, has: int = has) -> Inputs:
            return _with(inputs, site, available={**site.available, sku: has + more})

        more = _least(wants - has, lambda count: _wins(stocked(count), site.code))
        if more is not None:
            found.append((more, sku, stocked(more)))
    for more, sku, changed in sorted(found, key=lambda each: each[:2]):
        yield changed, f"with {more} more × {sku}"


def _gates(inputs: Inputs, site: Site) -> Iterator[Change]:
    country = inputs.order.country
    if not site.is_before_cutoff:
        yield _with(inputs, site, is_before_cutoff=True), "before its cut-off"
    if site.capacity_left is not None and site.capacity_left < 1:
        yield _with(inputs, site, capacity_left=1), "if it took one more order today"
    if site.ships_to and country and country not in site.ships_to:
        yield _with(inputs, site, ships_to=(*site.ships_to, country)), f"if it shipped to {country}"
    if not site.takes_hazmat:
        yield _with(inputs, site, takes_hazmat=True), "if it took hazardous goods"
    if not site.is_active:
        yield _with(inputs, site, is_active=True), "if it were active"


def _lane(inputs: Inputs, site: Site) -> Iterator[Change]:
    """An unknown cost or time is tried from just above the highest one known, downwards."""
    costs = [each.cost_minor for each in inputs.sites if each.cost_minor is not None]
    cost = site.cost_minor if site.cost_minor is not None else max(costs, default=0) + 1
    less = _least(cost, lambda less: _wins(_with(inputs, site, cost_minor=cost - less), site.code))
    if less is not None:
        price = money(cost - less, inputs.order.currency)
        yield _with(inputs, site, cost_minor=cost - less), f"at {price} or less"
    known = [each.days for each in inputs.sites if each.days is not None]
    slow = site.days if site.days is not None else max(known, default=0) + 1
    sooner = _least(slow, lambda less: _wins(_with(inputs, site, days=slow - less), site.code))
    if sooner is not None:
        yield _with(inputs, site, days=slow - sooner), f"if it took {days(slow - sooner)} or less"


def _rules(inputs: Inputs, site: Site) -> Iterator[Change]:
    for rule in inputs.rules.rules:
        if not matches(rule, inputs.order):
            continue
        if rule.sites and site.code not in rule.sites:
            changed = replace(rule, sites=(*rule.sites, site.code))
            yield _with_rule(inputs, rule, changed), f"if rule {rule.name} named it"
        if rule.site_kinds and site.kind not in rule.site_kinds:
            changed = replace(rule, site_kinds=(*rule.site_kinds, site.kind))
            yield _with_rule(inputs, rule, changed), f"if rule {rule.name} used sites of kind {site.kind}"
        for name, value, told in (
            ("is_allowed", True, "split orders over sites"),
            ("value_min_minor", 0, "set no least worth of a parcel"),
            ("ships_partly", True, "let a part of the order go"),
        ):
            changed = replace(rule, split=replace(rule.split, **{name: value}))
            if changed != rule:
                yield _with_rule(inputs, rule, changed), f"if rule {rule.name} {told}"


def _with_rule(inputs: Inputs, rule: Rule, changed: Rule) -> Inputs:
    rules = tuple(changed if each is rule else each for each in inputs.rules.rules)
    return replace(inputs, rules=replace(inputs.rules, rules=rules))
