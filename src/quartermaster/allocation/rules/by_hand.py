"""A person sends the order from a site of their choice; the rules still say what they would have done."""

from collections.abc import Sequence

from msgspec.structs import replace

from quartermaster.allocation.rules.demand import demand_of, line_of
from quartermaster.allocation.rules.facts import Candidate, Order, Routing, RuleSet, Site, Waiting
from quartermaster.allocation.rules.fill import Steps, fill
from quartermaster.allocation.rules.promise import parcel
from quartermaster.allocation.rules.route import route, takes_at
from quartermaster.allocation.rules.sentences import listed
from quartermaster.core.errors import NotFound

BY_HAND = "by hand"  # stands where otherwise the name of the rule stands


def assign(order: Order, sites: Sequence[Site], rules: RuleSet, site_code: str) -> Routing:
    """Everything the given site has free goes there, whatever the filters say; the rest waits.

    Every candidate keeps what the rules say of it. Raises NotFound for a site not among `sites`.
    """
    site = next((each for each in sites if each.code == site_code), None)
    if site is None:
        raise NotFound(what="site", which=site_code)
    ruled = route(order, sites, rules)
    demand = demand_of(order)
    served = [0] * len(demand.lines)
    if demand.lines:
        free = {sku: max(site.available.get(sku, 0), 0) for sku in demand.need}
        lines = [line_of(line) for line in demand.lines]
        units = fill(lines, [free], value_min=0, is_all=False, steps=Steps())
        served = [each[0] for each in units or ()] or served
    takes = takes_at(demand, served)
    waiting = tuple(
        Waiting(
            line.line_id, line.code, line.quantity - count, _rest(site_code, line.code, count, line.quantity)
        )
        for line, count in zip(demand.lines, served, strict=True)
        if count < line.quantity
    )
    return Routing(
        BY_HAND,
        ruled.rule_version,
        (parcel(order, site, takes, ("Chosen by hand.",)),) if takes else (),
        waiting,
        tuple(_as_chosen(each, site_code, has_any=bool(takes)) for each in ruled.candidates),
        (f"{site_code} was chosen by hand.", _instead_of(ruled, site_code)),
    )


def _rest(site_code: str, code: str, served: int, wanted: int) -> str:
    return f"{site_code} was chosen by hand and can serve {served} of {wanted} × {code}."


def _as_chosen(candidate: Candidate, site_code: str, *, has_any: bool) -> Candidate:
    if candidate.site == site_code:
        chosen = "Chosen by hand." if has_any else "Chosen by hand, but it has nothing to send."
        return replace(candidate, is_chosen=has_any, because=f"{chosen} The rules say: {candidate.because}")
    if candidate.is_chosen:
        return replace(candidate, is_chosen=False, because=f"Chosen by the rules: {candidate.because}")
    return candidate


def _instead_of(ruled: Routing, site_code: str) -> str:
    codes = [parcel.site for parcel in ruled.parcels]
    if codes == [site_code]:
        return "The rules would have chosen it too."
    if codes:
        return f"The rules would have chosen {listed(codes)}."
    return "The rules would have let the order wait."
