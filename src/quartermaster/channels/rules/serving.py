"""Which sites may serve the orders of a shop: what the routing rules leave open to some order of it."""

from collections.abc import Iterable

from msgspec import Struct

from quartermaster.allocation.rules import Otherwise, Rule, RuleSet


class Site(Struct, frozen=True):
    code: str
    kind: str
    is_active: bool = True


def serving(rules: RuleSet, shop: str, sites: Iterable[Site]) -> frozenset[str]:
    """Codes of the active sites that a rule names for orders of this shop. A rule that asks for more than
    the shop (a country, a tag, a value) counts: some order may meet it. Behind a rule that takes every order
    of the shop and parks the rest, nothing is reached."""
    active = [site for site in sites if site.is_active]
    found: set[str] = set()
    for rule in rules.rules:
        if rule.channels and shop not in rule.channels:
            continue
        found.update(site.code for site in active if _names(rule, site))
        is_for_all = not (rule.countries or rule.tags or rule.value_min_minor)
        if is_for_all and rule.otherwise is Otherwise.PARK:
            break
    return frozenset(found)


def _names(rule: Rule, site: Site) -> bool:
    return (not rule.sites or site.code in rule.sites) and (
        not rule.site_kinds or site.kind in rule.site_kinds
    )
