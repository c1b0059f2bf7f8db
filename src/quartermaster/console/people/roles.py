"""Roles: which areas of the console each may read, work in, or lead."""

from collections.abc import Mapping
from typing import NamedTuple

AREAS = ("orders", "stock", "ship", "floor", "messages", "kpi", "money", "people")
KINDS = ("read", "write", "lead")  # each includes those before it

PIN_TRIES = 5


class Role(NamedTuple):
    """grants: how far it goes in each area; an area that is not named is closed."""

    title: str
    says: str
    grants: Mapping[str, str]


def _all(kind: str, *but: str) -> dict[str, str]:
    return {area: kind for area in AREAS if area not in but}


ROLES: Mapping[str, Role] = {
    "owner": Role("Owner", "Everything, people included", _all("lead")),
    "supervisor": Role(
        "Supervisor",
        "The day's work and its decisions: counts, carriers, overrides, devices and badges",
        {**_all("read", "people"), "orders": "lead", "stock": "lead", "ship": "lead", "floor": "lead"}
        | {"messages": "write"},
    ),
    "picker": Role("Picker", "The floor", {"floor": "write"}),
    "packer": Role("Packer", "The floor, labels and hand-over", {"floor": "write", "ship": "write"}),
    "support": Role(
        "Support",
        "Orders and what became of them",
        {"orders": "write", "stock": "read", "ship": "read", "kpi": "read"},
    ),
    "finance": Role(
        "Finance",
        "Claims and figures; orders to look at",
        {"orders": "read", "stock": "read", "ship": "read", "kpi": "read", "money": "write"},
    ),
    "read-only": Role(
        "Read-only", "Everything but people and raw messages, to look at", _all("read", "people", "messages")
    ),
}


def allows(role: str, right: str) -> bool:
    """Whether a role includes a right ("stock:lead"). A role that is not known includes nothing; "any" is for
    everybody who is signed in."""
    if right == "any":
        return True
    area, _, kind = right.partition(":")
    granted = ROLES[role].grants.get(area) if role in ROLES else None
    return granted is not None and KINDS.index(granted) >= KINDS.index(kind)


def who_can(right: str) -> list[str]:
    """Titles of the roles that include it, the smallest last."""
    return [role.title for name, role in ROLES.items() if allows(name, right)]
