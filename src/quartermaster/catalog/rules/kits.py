"""Kits: sold as one, stocked as their parts. A kit may hold kits; never itself, however deep."""

from collections.abc import Hashable, Iterable, Mapping

from quartermaster.core.quantities import QUANTITY_MAX

DEPTH_MAX, LEAVES_MAX = 20, 1000

type Parts[Id] = Mapping[Id, int]  # part -> how many of it in one kit
type Kits[Id] = Mapping[Id, Parts[Id]]


def circle[Id: Hashable](kits: Kits[Id], kit: Id) -> list[Id]:
    """The way from a kit back to itself, both ends included: A, B, A. [] when there is none."""
    came_from: dict[Id, Id] = {}
    todo = [kit]
    while todo:
        one = todo.pop()
        for part in kits.get(one, {}):
            if part == kit:
                way = [kit, one]
                while way[-1] != kit:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if part not in came_from:
                came_from[part] = one
                todo.append(part)
    return []


def leaves[Id: Hashable](kits: Kits[Id], kit: Id) -> dict[Id, int]:
    """What one unit of the kit takes from the shelf: SKUs that are no kits, with their units.

    Goes down level by level, so a part that several kits share adds up. The kits must hold no circle.
    """
    found: dict[Id, int] = {}
    level: dict[Id, int] = {kit: 1}
    while level:
        below: dict[Id, int] = {}
        for one, count in level.items():
            for part, quantity in kits.get(one, {}).items():
                target = below if kits.get(part) else found
                target[part] = target.get(part, 0) + count * quantity
        level = below
    return found


def depth[Id: Hashable](kits: Kits[Id], kit: Id) -> int:
    """How many levels of kits there are: 1 for a kit of plain SKUs, 0 for what is no kit."""
    levels, level = 0, {kit} if kits.get(kit) else set()
    while level:
        levels += 1
        level = {part for one in level for part in kits[one] if kits.get(part)}
    return levels


def above[Id: Hashable](kits: Kits[Id], changed: Iterable[Id]) -> set[Id]:
    """The kits that hold any of these, at whatever depth; these themselves included."""
    holders: dict[Id, list[Id]] = {}
    for kit, inside in kits.items():
        for part in inside:
            holders.setdefault(part, []).append(kit)
    found, todo = set[Id](), list(changed)
    while todo:
        if (one := todo.pop()) not in found:
            found.add(one)
            todo.extend(holders.get(one, ()))
    return found


def fault[Id: Hashable](kits: Kits[Id], kit: Id, names: Mapping[Id, str]) -> str:
    """Why the kit cannot be as it stands in `kits`, or "". The kits above it are looked at too."""
    if way := circle(kits, kit):
        return f"it would hold itself: {' → '.join(names[one] for one in way)}"
    for one in above(kits, [kit]):
        if not kits.get(one):
            continue
        if depth(kits, one) > DEPTH_MAX:
            return f"{names[one]} would be more than {DEPTH_MAX} kits deep"
        inside = leaves(kits, one)
        if len(inside) > LEAVES_MAX or max(inside.values()) > QUANTITY_MAX:
            return f"{names[one]} would hold more than {LEAVES_MAX} SKUs, or too many units of one"
    return ""
