"""Packaging as a document: cartons and mailers, inserts, what must not share a box, how exact a scale is.

Lengths in millimetres, weights in grams, money in minor units of the document's currency.
"""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from quartermaster.warehouse.rules.photos import PhotoRule, wrong_with_photo

LIQUID, HAZMAT, FOOD, PLAIN = "liquid", "hazmat", "food", "plain"
KINDS = (HAZMAT, LIQUID, FOOD, PLAIN)
APART = ((HAZMAT, LIQUID), (HAZMAT, FOOD), (HAZMAT, PLAIN), (LIQUID, FOOD), (LIQUID, PLAIN))

type Sides = tuple[int, int, int]  # length, width, height


class Carton(Struct, frozen=True, forbid_unknown_fields=True):
    """A box or mailer we have. `weight_max_g`: of what goes in. `void_bp`: share of the room inside that
    filling takes (hundredths of a percent). `sites`: codes of locations that have it; empty: all. One that
    is not `is_on` is suggested nowhere; parcels packed in it are still weighed against it."""

    code: str
    title: str
    inner_mm: Sides
    outer_mm: Sides
    tare_g: int
    weight_max_g: int
    cost_minor: int
    kind: str = "box"  # box | mailer
    void_bp: int = 0
    sites: tuple[str, ...] = ()
    is_on: bool = True


class Insert(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to put into parcels: a card, a leaflet, a sample. Each list that is not empty must fit the
    order. `sku`: what it is as an article, then it is scanned like one."""

    code: str
    title: str
    channels: tuple[str, ...] = ()  # slugs of connections
    skus: tuple[str, ...] = ()  # at least one of them is in the parcel
    countries: tuple[str, ...] = ()  # where the parcel goes
    weight_g: int = 0
    from_on: date | None = None
    until_on: date | None = None  # the last day
    tags: tuple[str, ...] = ()  # of the order; one is enough
    first_order: bool = False  # only with the first order of a customer
    sku: str = ""


class Packaging(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of one version.

    `apart`: kinds of goods that never share a box. What nobody measured is guessed, and said to be:
    `guess_g_per_l` makes a volume of a weight and back, `guess_ml` stands for what has neither. Where no rate
    table goes, `divisor` and `minor_per_kg` count. A parcel may differ from what it should weigh by
    `tolerance_g` and `tolerance_bp` of it together. `photos`: a parcel that one of these rules fits is closed
    with a photo of it.
    """

    version: int
    currency: str
    cartons: tuple[Carton, ...]
    inserts: tuple[Insert, ...] = ()
    apart: tuple[tuple[str, str], ...] = APART
    guess_g_per_l: int = 250
    guess_ml: int = 1000
    divisor: int = 5000
    minor_per_kg: int = 100
    tolerance_g: int = 15
    tolerance_bp: int = 200
    photos: tuple[PhotoRule, ...] = ()

    def carton(self, code: str) -> Carton | None:
        return next((carton for carton in self.cartons if carton.code == code), None)

    def at(self, site: str) -> tuple[Carton, ...]:
        """Those a site has, switched on."""
        return tuple(c for c in self.cartons if c.is_on and (not c.sites or site in c.sites))


def _box(cm: Sides, tare_g: int, cost_minor: int, kg: int) -> Carton:
    outer = (cm[0] * 10, cm[1] * 10, cm[2] * 10)
    inner = (outer[0] - 8, outer[1] - 8, outer[2] - 14)
    name = "×".join(map(str, cm))
    return Carton(
        f"BOX-{cm[0]}{cm[1]}{cm[2]}", f"Box {name} cm", inner, outer, tare_g, kg * 1000, cost_minor,
        void_bp=1000,
    )  # fmt: skip


def _mailer(code: str, mm: Sides, tare_g: int, cost_minor: int) -> Carton:
    inner = (mm[0] - 10, mm[1] - 10, mm[2] - 4)
    return Carton(f"MAIL-{code}", f"Mailer {code}", inner, mm, tare_g, 2000, cost_minor, "mailer")


# A plain set to begin with; a shop puts its own in its place.
FIRST = Packaging(
    version=1,
    currency="EUR",
    cartons=(
        _mailer("S", (250, 180, 30), 20, 12),
        _mailer("M", (350, 250, 50), 35, 18),
        _mailer("L", (450, 350, 80), 60, 28),
        _box((20, 15, 10), 90, 25, 5),
        _box((25, 20, 15), 150, 35, 8),
        _box((30, 30, 20), 280, 55, 15),
        _box((40, 30, 20), 360, 65, 20),
        _box((40, 40, 30), 520, 90, 25),
        _box((60, 40, 30), 760, 125, 30),
        _box((60, 40, 40), 880, 150, 30),
        _box((80, 60, 40), 1500, 260, 30),
        _box((80, 60, 60), 1900, 340, 30),
    ),
)


def check(packaging: Packaging) -> list[str]:
    """What is wrong with it, in words; empty when it can be put in force."""
    return list(_problems(packaging))


def _problems(packaging: Packaging) -> Iterator[str]:
    codes = [carton.code for carton in packaging.cartons]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"two cartons are called {code}"
    inserts = [insert.code for insert in packaging.inserts]
    for code in sorted({code for code in inserts if inserts.count(code) > 1}):
        yield f"two inserts are called {code}"
    for carton in packaging.cartons:
        yield from (f"carton {carton.code or '?'}: {wrong}" for wrong in wrong_with(carton))
    for pair in packaging.apart:
        if unknown := sorted(set(pair) - set(KINDS)):
            yield f"apart: {', '.join(unknown)} is none of {', '.join(KINDS)}"
    if len(packaging.currency) != 3 or not packaging.currency.isupper():
        yield "currency: three capital letters, as EUR"
    for name in ("guess_g_per_l", "guess_ml", "divisor"):
        if getattr(packaging, name) <= 0:
            yield f"{name}: above zero"
    if min(packaging.minor_per_kg, packaging.tolerance_g, packaging.tolerance_bp) < 0:
        yield "minor_per_kg, tolerance_g and tolerance_bp: not below zero"
    for insert in packaging.inserts:
        if not insert.code.strip() or not insert.title.strip() or insert.weight_g < 0:
            yield f"insert {insert.code or '?'}: it has a code, a title and no weight below zero"
    for number, rule in enumerate(packaging.photos, 1):
        yield from (f"photo rule {number}: {wrong}" for wrong in wrong_with_photo(rule))


def wrong_with(carton: Carton) -> Iterator[str]:
    """What is wrong with one carton, in words."""
    if not carton.code.strip() or not carton.title.strip():
        yield "it has a code and a title"
    if carton.kind not in ("box", "mailer"):
        yield "kind is box or mailer"
    if min(*carton.inner_mm, *carton.outer_mm, carton.weight_max_g) <= 0:
        yield "sides and weight_max_g are above zero"
    if max(*carton.inner_mm, *carton.outer_mm) > 10_000 or max(carton.weight_max_g, carton.tare_g) > 10**6:
        yield "longer than 10 m or heavier than 1,000 kg"
    if any(inside > outside for inside, outside in zip(carton.inner_mm, carton.outer_mm, strict=True)):
        yield "its inside is larger than its outside"
    if min(carton.tare_g, carton.cost_minor) < 0:
        yield "tare_g and cost_minor are not below zero"
    if not 0 <= carton.void_bp < 10_000:
        yield "void_bp is from 0 to 9999"
