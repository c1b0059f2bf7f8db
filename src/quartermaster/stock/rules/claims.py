"""What a claim holds, part by part, and what it lets go of when it wants fewer units.

A claim's unit is what its owner counts: one lamp, or one kit of two bulbs and a shade. What one holder has
was promised by one decision, so there one unit of the claim always takes the same parts.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple


class Held(NamedTuple):
    """Units of one SKU that a holder has for a claim. `picked` counts within `consumed`: still on the floor
    or handed over from there."""

    claim: int
    holder: int
    sku_id: int
    per_unit: int  # units of the SKU for one unit of the claim
    pending: int
    consumed: int
    picked: int


class Part(NamedTuple):
    """Units of a SKU for a claim, of one holder where that matters."""

    claim: int
    sku_id: int
    units: int
    holder: int | None = None


class LetGo(NamedTuple):
    """Promised units to give back, and picked ones that are to be put back."""

    pending: list[Part]
    picked: list[Part]


def whole(parts: Iterable[Held]) -> int:
    """Units of the claim of which every part is consumed. The parts are all that one holder has for it."""
    return min((part.consumed // part.per_unit for part in parts), default=0)


def wholes(held: Iterable[Held]) -> dict[tuple[int, int], int]:
    """(claim, holder) -> units of which every part is consumed."""
    return {key: whole(parts) for key, parts in by_holder(held).items()}


def by_holder(held: Iterable[Held]) -> dict[tuple[int, int], list[Held]]:
    """(claim, holder) -> everything it has."""
    found: defaultdict[tuple[int, int], list[Held]] = defaultdict(list)
    for part in held:
        found[part.claim, part.holder].append(part)
    return dict(found)


def let_go(held: Iterable[Held], units: int, *, first: Literal["oldest", "newest"]) -> LetGo:
    """What goes when this claim lets go of `units` that are not whole yet. Of a kit that is picked in part,
    what is promised goes first and what was picked serves the kits that stay."""
    gone, left = LetGo([], []), units
    for _, parts in sorted(by_holder(held).items(), reverse=first == "newest"):
        there = max(-(-(part.pending + part.consumed) // part.per_unit) for part in parts)
        goes = min(left, there - whole(parts))
        left -= goes
        for part in parts if goes else ():
            keep = (there - goes) * part.per_unit
            if (back := part.pending - max(0, keep - part.consumed)) > 0:
                gone.pending.append(Part(part.claim, part.sku_id, back))
            if (loose := min(part.picked, part.consumed - keep)) > 0:
                gone.picked.append(Part(part.claim, part.sku_id, loose))
    return gone


def untouched(held: Iterable[Held], units: int) -> tuple[int, list[Part]]:
    """Of what this claim has, up to `units` units of which nothing is consumed yet, the newest holder's
    first: how many there are, and the promised parts of them. A kit that is begun keeps what is promised."""
    left, found = units, []
    for (claim, holder), parts in sorted(by_holder(held).items(), reverse=True):
        there = max(-(-(part.pending + part.consumed) // part.per_unit) for part in parts)
        begun = max(-(-part.consumed // part.per_unit) for part in parts)
        goes = min(left, there - begun)
        left -= goes
        for part in parts if goes else ():
            keep = (there - goes) * part.per_unit
            if (back := part.pending - max(0, keep - part.consumed)) > 0:
                found.append(Part(claim, part.sku_id, back, holder))
    return units - left, found
