"""The named filters of a rule: each lets a site pass (None) or removes it with a sentence that says why."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from quartermaster.allocation.rules.facts import Order, Rule, Site
from quartermaster.allocation.rules.sentences import days, listed, some_of

type Filter = Callable[[Site, Order, Rule, Mapping[str, int]], str | None]
BARRED_MAX = 3  # sentences that are told

type Short = tuple[str, int, int]  # SKU, wanted, has


def active(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    return None if site.is_active else f"{site.code} is not active."


def site_kind(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    """Only the kinds of site, and only the sites, that the rule names."""
    if rule.sites and site.code not in rule.sites:
        return f"{site.code} is not among the sites of this rule ({some_of(rule.sites)})."
    if rule.site_kinds and site.kind not in rule.site_kinds:
        return f"{site.code} is of kind {site.kind}, this rule uses {listed(rule.site_kinds, 'or')}."
    return None


def country(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    """A site that ships only to some countries cannot take an order whose country is unknown."""
    if not site.ships_to or order.country in site.ships_to:
        return None
    if not order.country:
        return f"{site.code} ships only to {some_of(site.ships_to)}, and the order names no country."
    return f"{site.code} does not ship to {order.country}."


def cutoff(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    return None if site.is_before_cutoff else f"{site.code} is past its cut-off today."


def capacity(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    if site.capacity_left is None or site.capacity_left > 0:
        return None
    return f"{site.code} takes no more orders today."


def hazmat(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    if site.takes_hazmat:
        return None
    codes = [line.code for line in order.wanted if line.is_hazmat and line.quantity > 0]
    return f"{site.code} takes no hazardous goods ({some_of(codes)})." if codes else None


def restricted(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    """By the list of goods that may not go everywhere."""
    return f"{site.code} may not send it. {' '.join(site.barred[:BARRED_MAX])}" if site.barred else None


def promise(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    """Not in the default list: removes what the promise criterion would only rank last. Unknown days stay."""
    if order.promise_days is None or site.days is None or site.days <= order.promise_days:
        return None
    return f"{site.code} needs {days(site.days)}, promised: {days(order.promise_days)}."


def stock(site: Site, order: Order, rule: Rule, need: Mapping[str, int]) -> str | None:
    """Removes a site that holds nothing wanted. One that holds a part of it may still serve a split."""
    available = site.available
    for sku in need:
        if available.get(sku, 0) > 0:
            return None
    return lacking(site, shortage(site, need)) if need else None


def shortage(site: Site, need: Mapping[str, int]) -> list[Short]:
    """What the site has too little of. Each SKU once, over all lines and kits that want it."""
    available = site.available
    return [
        (sku, wants, max(available.get(sku, 0), 0))
        for sku, wants in need.items()
        if available.get(sku, 0) < wants
    ]


def lacking(site: Site, short: list[Short]) -> str:
    """BER lacks 1 × HB-204 (has 1, wants 2; 3 more are safety stock)."""
    words = []
    for sku, wants, has in short:
        kept = site.safety.get(sku, 0)
        past = site.over.get(sku, 0)
        note = f"; {kept} more {'is' if kept == 1 else 'are'} safety stock" if kept > 0 else ""
        note += f"; {past} more {'is' if past == 1 else 'are'} too near their last day" if past else ""
        if sku in site.near:
            old, asked = site.near[sku]
            note += f"; {old} more may not go to this channel, which asks for {days(asked)} to be left"
        words.append(f"{wants - has} × {sku} (has {has}, wants {wants}{note})")
    return f"{site.code} lacks {some_of(words)}."


FILTERS: dict[str, Filter] = {
    "active": active,
    "site_kind": site_kind,
    "country": country,
    "cutoff": cutoff,
    "capacity": capacity,
    "hazmat": hazmat,
    "restricted": restricted,
    "promise": promise,
    "stock": stock,
}

# What each filter asks of a site, for the sentence that describes a rule.
ASKS: dict[str, str] = {
    "active": "are active",
    "site_kind": "are of the kind named",
    "country": "ship to the country",
    "cutoff": "are before their cut-off",
    "capacity": "take orders today",
    "hazmat": "may handle hazardous goods if there are any",
    "restricted": "may send what is wanted there",
    "promise": "keep the promise",
    "stock": "have stock",
}


def filters_of(rule: Rule) -> tuple[tuple[str, Filter], ...]:
    """The rule's filters in its order. Four hold even when not listed: a closed site serves nothing, nobody
    ships what is not there or may not go there, and a rule uses only the sites it names. KeyError: unknown
    name.
    """
    return _prepared(rule.filters, bool(rule.sites or rule.site_kinds))


@lru_cache(maxsize=1024)
def _prepared(names: tuple[str, ...], is_restricted: bool) -> tuple[tuple[str, Filter], ...]:
    wanted = [name for name in dict.fromkeys(names) if is_restricted or name != "site_kind"]
    if is_restricted and "site_kind" not in wanted:
        wanted.insert(0, "site_kind")
    if "active" not in wanted:
        wanted.insert(0, "active")
    if "restricted" not in wanted:
        wanted.insert(wanted.index("active") + 1, "restricted")
    if "stock" not in wanted:
        wanted.append("stock")
    return tuple((name, FILTERS[name]) for name in wanted)
