"""Why here: a stored decision for people, and the same question put to the rules in force today."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from quartermaster.allocation.queries.ruleset import rules_in_force
from quartermaster.allocation.queries.why import Why
from quartermaster.allocation.rules import BY_HAND, Candidate, Routing, route
from quartermaster.console.orders.timeline import actor
from quartermaster.console.orders.words import in_a_row

_TRIGGERS = {
    "OrderAccepted": "when it was accepted",
    "OrderChanged": "when it changed",
    "StockArrived": "when stock arrived",
    "StockShortened": "when stock ran short",
    "HoldReleased": "when a hold was released",
    "SkuChanged": "when a SKU became known",
}


class Looked(NamedTuple):
    """One site that was looked at. cost_minor: of its lane, None when no lane is known."""

    site: str
    is_chosen: bool
    is_removed: bool
    because: str
    cost_minor: int | None
    days: int | None
    would_serve_if: str


class Explained(NamedTuple):
    title: str
    at: datetime
    by: str
    trigger: str
    rule: str
    rule_version: int
    rules: tuple[str, ...]
    because: tuple[str, ...]
    looked: list[Looked]
    waiting: list[tuple[str, int, str]]
    currency: str
    is_reproducible: bool


class Asked(NamedTuple):
    """Today's answer beside the stored one."""

    rule_version: int
    is_same: bool
    because: tuple[str, ...]
    looked: list[Looked]
    differences: list[str]


def explained(decision: Why, names: Mapping[str, str]) -> Explained:
    chosen = in_a_row([parcel.site for parcel in decision.parcels])
    return Explained(
        title=f"Why {chosen}?" if chosen else "Why nowhere yet?",
        at=decision.at,
        by="routing" if decision.actor == "system" else actor(decision.actor, names),
        trigger=_trigger(decision.trigger),
        rule="by hand" if decision.rule == BY_HAND else decision.rule,
        rule_version=decision.rule_version,
        rules=decision.rules,
        because=() if chosen and len(decision.because) == 1 else decision.because,
        looked=_looked(decision, decision.candidates, decision.would_serve_if),
        waiting=[(one.code, one.quantity, one.because) for one in decision.waiting],
        currency=decision.inputs.order.currency,
        is_reproducible=decision.is_reproducible,
    )


def _trigger(text: str) -> str:
    """What made it be asked; a person's own words follow "by hand: "."""
    return _TRIGGERS.get(text, "") or (
        text.removeprefix("by hand").strip(": ") if text.startswith("by hand") else ""
    )


def asked_again(decision: Why) -> Asked:
    """Put the stored question to the rules in force now. Reads, and changes nothing."""
    rules = rules_in_force().rules
    today = route(decision.inputs.order, decision.inputs.sites, rules)
    return Asked(
        rule_version=rules.version,
        is_same=_choice(today) == _choice(decision),
        because=today.because,
        looked=_looked(decision, today.candidates, {}),
        differences=list(_differences(decision, today)),
    )


def _looked(decision: Why, candidates: tuple[Candidate, ...], would: Mapping[str, str]) -> list[Looked]:
    sites = {site.code: site for site in decision.inputs.sites}
    return [
        Looked(
            site=each.site,
            is_chosen=each.is_chosen,
            is_removed=bool(each.removed_by),
            because=each.because,
            cost_minor=sites[each.site].cost_minor if each.site in sites else None,
            days=sites[each.site].days if each.site in sites else None,
            would_serve_if=would.get(each.site, ""),
        )
        for each in sorted(candidates, key=lambda c: (not c.is_chosen, bool(c.removed_by)))
    ]


def _choice(answer: Why | Routing) -> dict[str, dict[str, int]]:
    """Site -> code -> units."""
    found: dict[str, dict[str, int]] = {}
    for parcel in answer.parcels:
        for take in parcel.takes:
            at = found.setdefault(parcel.site, {})
            at[take.code] = at.get(take.code, 0) + take.quantity
    return found


def _differences(then: Why, today: Routing) -> list[str]:
    before, after = _choice(then), _choice(today)
    told = []
    for site in sorted({*before, *after}):
        for code in sorted({*before.get(site, {}), *after.get(site, {})}):
            was, would = before.get(site, {}).get(code, 0), after.get(site, {}).get(code, 0)
            if was != would:
                told.append(f"{site}: {would} × {code} instead of {was}.")
    return told
