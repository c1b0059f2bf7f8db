"""The pure heart of allocation: a readable stack of rules that routes an order and explains itself.

Owns the decision and its words. Filters remove sites, a rank sorts the rest, a policy splits.
Values come in, values go out: no clock, no database, no randomness; same input, same answer.
Never touches stock: `Site.available` is what may be promised, and the caller reserves what the answer takes.
"""

from quartermaster.allocation.rules.by_hand import BY_HAND, assign
from quartermaster.allocation.rules.changes import what_would_change
from quartermaster.allocation.rules.facts import (
    Calendar,
    Candidate,
    Inputs,
    Order,
    Otherwise,
    Parcel,
    Part,
    Routing,
    Rule,
    RuleSet,
    Site,
    Split,
    Take,
    Waiting,
    Wanted,
)
from quartermaster.allocation.rules.route import route
from quartermaster.allocation.rules.ruleset import DEFAULT, check, describe

__all__ = [
    "BY_HAND",
    "DEFAULT",
    "Calendar",
    "Candidate",
    "Inputs",
    "Order",
    "Otherwise",
    "Parcel",
    "Part",
    "Routing",
    "Rule",
    "RuleSet",
    "Site",
    "Split",
    "Take",
    "Waiting",
    "Wanted",
    "assign",
    "check",
    "describe",
    "route",
    "what_would_change",
]
