"""How many units a pick face wants, and where they come from."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quartermaster.warehouse.rules.bins import Need, Spot, direct


class Face(NamedTuple):
    """A pick face as it stands. Units: there (nobody was sent for them yet), coming (tasks under way),
    demand (released for today, and nobody was sent for them yet)."""

    place_id: int
    place: str
    sku_id: int
    units_min: int
    units_max: int
    there: int
    coming: int
    demand: int


class Wish(NamedTuple):
    """So many units from a spot to a face."""

    face: Face
    spot: Spot
    units: int
    because: str


def wanted(face: Face) -> int:
    """Units to bring so that the face is full, once it has, or will have, less than its minimum or than what
    today wants of it. A face never gets more than it holds: what today wants beyond that is brought when
    there is room."""
    has = face.there + face.coming
    floor = max(face.units_min, min(face.demand, face.units_max))
    return face.units_max - has if has < floor else 0


def shared(faces: Iterable[Face]) -> list[Face]:
    """Faces of one SKU share its demand: each, by its code, is asked for what those before it do not have."""
    left: dict[int, int] = {}
    found = []
    for face in sorted(faces, key=lambda one: (one.sku_id, one.place)):
        demand = left.get(face.sku_id, face.demand)
        found.append(face._replace(demand=demand))
        left[face.sku_id] = max(0, demand - face.units_max)
    return found


def plan(faces: Sequence[Face], spots: Iterable[Spot]) -> list[Wish]:
    """What to carry where. `spots` are kept units, without faces of their SKU and without units that somebody
    was sent for. What expires first is brought first. Faces that today's work empties come before those
    that are merely low."""
    asked = [(face, units) for face in shared(faces) if (units := wanted(face))]
    asked.sort(key=lambda one: (one[0].there + one[0].coming >= one[0].demand, one[0].place, one[0].sku_id))
    needs = [Need(n, face.sku_id, units) for n, (face, units) in enumerate(asked)]
    found = []
    for one in direct(needs, (spot for spot in spots if not spot.serial)).directed:
        face = asked[one.key][0]
        told = f"{face.there + face.coming} there, {face.demand} wanted today, at least {face.units_min}"
        found.append(Wish(face, one.spot, one.units, told))
    return found
