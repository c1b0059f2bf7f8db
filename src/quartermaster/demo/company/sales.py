"""What is sold: a buyer, an address, a basket, and what it all comes to."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.demo.company.goods import Assortment, Thing
from quartermaster.demo.company.shops import SHOPS, Shop
from quartermaster.demo.company.words import FIRST, LAST, SPREAD, STREETS, TOWNS

VAT = 19
FREE_FROM, SHIPPING = 8900, 590
_RETURNING = 0.3  # share of orders by somebody who has bought before
LINES = (1, 1, 1, 1, 1, 2, 2, 2, 3, 4)
_UNITS = (1, 1, 1, 1, 2, 2, 4)


class Buyer(Struct, frozen=True):
    number: int
    first: str
    last: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"buyer{self.number}@example.com"


class Address(Struct, frozen=True):
    street: str
    postcode: str
    city: str
    region: str
    country: str


class Bought(Struct, frozen=True):
    """Units of one thing. Money in cents, tax included."""

    code: str
    title: str
    quantity: int
    unit_minor: int

    @property
    def gross_minor(self) -> int:
        return self.unit_minor * self.quantity


class Sale(Struct, frozen=True):
    """One order as its shop knows it. `number` is the shop's own; distinct numbers give distinct orders."""

    shop: str
    number: int
    placed_at: datetime
    buyer: Buyer
    address: Address | None
    lines: tuple[Bought, ...]
    discount_minor: int = 0
    shipping_minor: int = 0
    payment: str = "paid"  # paid | pending | short
    note: str = ""

    @property
    def items_minor(self) -> int:
        return sum(line.gross_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.items_minor - self.discount_minor + self.shipping_minor


class Change(Struct, frozen=True):
    """What became of a sale since it was placed. `taken`: line by place from 0 -> units taken off."""

    at: datetime
    is_cancelled: bool = False
    taken: Mapping[int, int] = {}
    street: str = ""  # the buyer's correction


class Till:
    """Rings up one sale after the other. The same chance gives the same sales."""

    def __init__(
        self, goods: Assortment, chance: random.Random, *, buyers: int = 0, lines: Sequence[int] = LINES
    ) -> None:
        """`lines`: how many things a basket may hold; each is as likely as the next."""
        self._chance = chance
        self._lines = lines
        self._things = goods.sold
        self._weights = list(accumulate(thing.wanted for thing in self._things))
        self._countries, self._share = list(SPREAD), list(accumulate(SPREAD.values()))
        self._buyers: list[tuple[Buyer, Address]] = []
        self._first_buyer = buyers

    def ring(self, number: int, at: datetime, shop: str = "") -> Sale:
        """A sale at that moment; in the shop that serves the buyer's country when none is named."""
        chance = self._chance
        buyer, address = self._who(shop)
        sold_in = shop or self._shop(address.country).slug
        lines = self._basket(sold_in)
        items = sum(line.gross_minor for line in lines)
        discount = items // 10 if chance.random() < 0.12 else 0
        return Sale(
            shop=sold_in,
            number=number,
            placed_at=at,
            buyer=buyer,
            address=address,
            lines=lines,
            discount_minor=discount,
            shipping_minor=0 if items >= FREE_FROM else SHIPPING,
        )

    def _who(self, shop: str) -> tuple[Buyer, Address]:
        chance = self._chance
        if not shop and self._buyers and chance.random() < _RETURNING:
            return chance.choice(self._buyers)
        country = chance.choices(self._countries, cum_weights=self._share)[0]
        if shop:
            abroad = SHOPS[shop].countries
            country = chance.choice(abroad) if abroad else country
        number = self._first_buyer + len(self._buyers) + 1
        buyer = Buyer(number, chance.choice(FIRST), chance.choice(LAST))
        self._buyers.append((buyer, _address(country, chance)))
        return self._buyers[-1]

    def _shop(self, country: str) -> Shop:
        open_to = [shop for shop in SHOPS.values() if not shop.countries or country in shop.countries]
        named = [shop for shop in open_to if shop.countries]
        return self._chance.choices(named or open_to, [shop.share for shop in named or open_to])[0]

    def _basket(self, shop: str) -> tuple[Bought, ...]:
        chance = self._chance
        wanted: dict[str, Thing] = {}
        for thing in chance.choices(self._things, cum_weights=self._weights, k=chance.choice(self._lines)):
            wanted.setdefault(thing.code, thing)
        return tuple(
            Bought(
                thing.code,
                thing.title,
                1 if thing.is_kit or thing.price_minor > 5000 else chance.choice(_UNITS),
                thing.price_minor,
            )
            for thing in wanted.values()
        )


def of(thing: Thing, quantity: int = 1) -> Bought:
    return Bought(thing.code, thing.title, quantity, thing.price_minor)


def tax_in(gross_minor: int) -> int:
    """The tax within an amount that includes it, rounded down."""
    return gross_minor * VAT // (100 + VAT)


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount by weight; the parts add up to it, what is left over goes to the first ones."""
    whole = sum(weights) or 1
    parts = [amount * weight // whole for weight in weights]
    for n in range(amount - sum(parts)):
        parts[n % len(parts)] += 1
    return parts


def without_address(sale: Sale) -> Sale:
    """As a form that did not ask for the street sends it."""
    assert sale.address is not None
    return replace(sale, address=replace(sale.address, street=""))


def _address(country: str, chance: random.Random) -> Address:
    town = chance.choice(TOWNS[country])
    street = chance.choice(STREETS[country])
    number = chance.randint(1, 120)
    postcode = "".join(str(chance.randrange(10)) if sign == "#" else sign for sign in town.postcode)
    return Address(
        street=f"{number} {street}" if country in ("FR", "US") else f"{street} {number}",
        postcode=postcode,
        city=town.name,
        region=town.region,
        country=country,
    )
