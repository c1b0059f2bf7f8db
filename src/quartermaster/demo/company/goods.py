"""The assortment: 570 things on shelves and 30 sets made of them, always the same ones."""

import random
from collections.abc import Mapping
from datetime import date
from functools import cache

from msgspec import Struct

from quartermaster.demo.company.words import FAMILIES, KITS, Family

SKUS, KIT_COUNT = 570, 30
SEED = 20260901


class Thing(Struct, frozen=True):
    """One SKU. Money in cents, tax included; `wanted` is its weight when a basket is filled."""

    code: str
    title: str
    family: str
    price_minor: int
    wanted: float
    cost_minor: int = 0
    product: str = ""
    options: Mapping[str, str] = {}
    barcode: str = ""
    weight_g: int = 0
    size_mm: tuple[int, int, int] = (0, 0, 0)
    hs_code: str = ""
    origin: str = ""
    policy: str = "deny"
    parts: Mapping[str, int] = {}  # of a kit

    @property
    def is_kit(self) -> bool:
        return bool(self.parts)


class Assortment(Struct, frozen=True):
    things: tuple[Thing, ...]
    kits: tuple[Thing, ...]

    @property
    def sold(self) -> tuple[Thing, ...]:
        return (*self.things, *self.kits)

    def by_code(self) -> dict[str, Thing]:
        return {thing.code: thing for thing in self.sold}


@cache
def assortment(size: int = SKUS) -> Assortment:
    """The first `size` things, spread over all families, and as many kits as fit that size."""
    chance = random.Random(SEED)
    shelves = [_family(family, chance) for family in FAMILIES]
    mixed = [row[n] for n in range(max(map(len, shelves))) for row in shelves if n < len(row)]
    things = tuple(mixed[:size])
    return Assortment(things, tuple(_kits(things, max(1, KIT_COUNT * size // SKUS), chance)))


def available_on(code: str, today: date) -> date | None:
    """A preorder's first day: three weeks from now."""
    return date.fromordinal(today.toordinal() + 21) if code.startswith(PREORDER) else None


PREORDER = "LMP-ONDA"
PROMOTED, PROMOTED_TIMES = "LMP-FJORD", 2.5  # on the front page of every shop, with a new photo


def _family(family: Family, chance: random.Random) -> list[Thing]:
    rows = [_variants(family, design, rank, chance) for rank, design in enumerate(family.designs)]
    # design by design would leave the later ones out of a small assortment
    return [row[n] for n in range(len(family.variants)) for row in rows]


def _variants(family: Family, design: str, rank: int, chance: random.Random) -> list[Thing]:
    low, high = family.price
    price = chance.randrange(low // 100, high // 100 + 1) * 100 - 10
    cost = price * chance.randint(*family.cost_share) // 100
    weight = chance.randint(*family.weight_g)
    product = f"{family.prefix}-{design.upper()}"
    return [
        Thing(
            code=f"{product}-{variant[:3].upper().replace(' ', '')}",
            title=f"{design} {family.title}, {variant}",
            family=family.prefix,
            price_minor=price,
            wanted=family.wanted
            / (1 + rank * 0.8)
            / (1 + n * 0.5)
            * chance.uniform(0.6, 1.4)
            * (PROMOTED_TIMES if product == PROMOTED else 1),
            cost_minor=cost,
            product=product,
            options={family.option: variant},
            barcode=_ean(chance),
            weight_g=weight,
            size_mm=family.size_mm,
            hs_code=family.hs_code,
            origin=family.origin,
            policy="backorder" if family.prefix in ("THR", "BSK") else "deny",
        )
        for n, variant in enumerate(family.variants)
    ]


def _kits(things: tuple[Thing, ...], count: int, chance: random.Random) -> list[Thing]:
    shelf: dict[str, list[Thing]] = {}
    for thing in things:
        shelf.setdefault(thing.family, []).append(thing)
    kits = []
    for n in range(count):
        code, title, *parts = KITS[n % len(KITS)]
        if not all(family in shelf for family, _ in parts):
            continue
        chosen = [(chance.choice(shelf[family][:12]), quantity) for family, quantity in parts]
        price = sum(thing.price_minor * quantity for thing, quantity in chosen)
        kits.append(
            Thing(
                code=f"{code}-{n // len(KITS) + 1}",
                title=f"{title}: {chosen[0][0].title}",
                family="SET",
                price_minor=price * 88 // 10000 * 100 - 10,
                wanted=1.6,
                parts={thing.code: quantity for thing, quantity in chosen},
            )
        )
    return kits


def _ean(chance: random.Random) -> str:
    """Of the range that shops may use inside their own walls (GS1 prefix 20 to 29), with its check digit."""
    digits = f"29{chance.randrange(10**10):010}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"
