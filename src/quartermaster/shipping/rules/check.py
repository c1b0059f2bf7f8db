"""What is wrong with rate tables that somebody sends, in words."""

import re
from collections.abc import Iterator, Sequence

from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import MINOR_MAX
from quartermaster.shipping.rules.preferences import PREFERENCES_MAX
from quartermaster.shipping.rules.preferences import problems as wrong_with
from quartermaster.shipping.rules.tables import EVERYWHERE, HOME, Product, Table, Tables

CARRIERS_MAX, PRODUCTS_MAX = 50, 100
SURCHARGES = ("fuel", "residential", "remote", "oversize")
SIDES = ("up", "nearest", "exact")
_CODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_GRAMS_MAX, _MM_MAX, _DAYS_MAX = 100_000_000, 100_000, 120


def check(tables: Tables) -> list[str]:
    """Everything wrong with the tables; empty when they can be used. `rate` relies on it."""
    problems = []
    if tables.currency not in EXPONENT:
        problems.append(f'"{tables.currency}" is not an ISO 4217 currency.')
    if not 1 <= len(tables.carriers) <= CARRIERS_MAX:
        problems.append(f"There must be 1 to {CARRIERS_MAX} carriers.")
    for name, value, most in (
        ("late_minor_a_day", tables.late_minor_a_day, MINOR_MAX),
        ("late_days_max", tables.late_days_max, _DAYS_MAX),
        ("unweighed_as_g", tables.unweighed_as_g, _GRAMS_MAX),
    ):
        if not 0 <= value <= most:
            problems.append(f"{name} must be 0 to {most:,}.")
    if len(tables.preferences) > PREFERENCES_MAX:
        problems.append(f"There must be at most {PREFERENCES_MAX} preferences.")
    for number, preference in enumerate(tables.preferences, 1):
        problems += [f"Preference {number}: {each}." for each in wrong_with(preference)]
    for number, switch in enumerate(tables.returns, 1):
        problems += [
            f'Return {number}: "{country}" is no country: two capital letters.'
            for country in switch.countries
            if not (len(country) == 2 and country.isalpha() and country.isupper())
        ]
    problems += [f"The carrier {code} is there more than once." for code in _twice(tables.carriers)]
    for carrier in tables.carriers:
        problems += [f"Carrier {carrier.code}: {each}." for each in _carrier(carrier)]
    return problems


def _twice(coded: Sequence[Table | Product]) -> list[str]:
    codes = [each.code for each in coded]
    return [code for code in dict.fromkeys(codes) if codes.count(code) > 1]


def _carrier(carrier: Table) -> Iterator[str]:
    if not _CODE.fullmatch(carrier.code):
        yield "its code must be 1 to 40 small letters, digits and hyphens"
    if not carrier.title.strip() or len(carrier.title) > 80:
        yield "it needs a title of at most 80 characters"
    names = [zone.name for zone in carrier.zones]
    if not names or len(set(names)) < len(names) or not all(name.strip() for name in names):
        yield "it needs zones, each with a name of its own"
    for zone in carrier.zones:
        if not zone.countries:
            yield f"zone {zone.name} names no country"
        for country in (*zone.countries, *zone.origins):
            if country not in (HOME, EVERYWHERE) and not re.fullmatch("[A-Z]{2}", country):
                yield f'zone {zone.name}: "{country}" is not a country code, "{HOME}" or "{EVERYWHERE}"'
    if not 1 <= len(carrier.products) <= PRODUCTS_MAX:
        yield f"it needs 1 to {PRODUCTS_MAX} products"
    yield from (f"the product {code} is there more than once" for code in _twice(carrier.products))
    for product in carrier.products:
        yield from (f"{product.code}: {each}" for each in (*_product(product, names), *_rules(product)))


def _product(product: Product, zones: Sequence[str]) -> Iterator[str]:
    if not _CODE.fullmatch(product.code):
        yield "its code must be 1 to 40 small letters, digits and hyphens"
    if not product.title.strip() or len(product.title) > 80:
        yield "it needs a title of at most 80 characters"
    if not 1 <= product.weight_max_g <= _GRAMS_MAX or not 1 <= product.weight_step_g <= _GRAMS_MAX:
        yield f"weights must be 1 to {_GRAMS_MAX:,} g"
    if not 0 <= product.minimum_minor <= MINOR_MAX:
        yield "minimum_minor must not be negative or beyond reason"
    if not (0 <= product.length_max_mm <= _MM_MAX and 0 <= product.girth_max_mm <= 4 * _MM_MAX):
        yield "sizes must not be negative or beyond reason"
    if not _CLOCK.fullmatch(product.cutoff):
        yield f'the cut-off "{product.cutoff}" is not a time like 16:00'
    for name, weekdays in (("picked_up_on", product.picked_up_on), ("delivered_on", product.delivered_on)):
        if not weekdays or not set(weekdays) <= set(range(1, 8)):
            yield f"{name} needs days from 1 (Monday) to 7 (Sunday)"
    if not product.prices:
        yield "it has no prices"
    for each in product.prices:
        if each.zone not in zones:
            yield f'there is no zone "{each.zone}"'
        if not 0 <= each.days <= _DAYS_MAX:
            yield f"zone {each.zone}: days must be 0 to {_DAYS_MAX}"
        weights = [band.up_to_g for band in each.bands]
        if not weights or weights[0] < 1 or sorted(set(weights)) != weights or weights[-1] > _GRAMS_MAX:
            yield f"zone {each.zone}: bands must be there and rise by weight"
        if not all(0 <= band.cost_minor <= MINOR_MAX for band in each.bands):
            yield f"zone {each.zone}: a price must not be negative or beyond reason"
    named = [each.zone for each in product.prices]
    if len(set(named)) < len(named):
        yield "a zone has more than one price"


def _rules(product: Product) -> Iterator[str]:
    for rule in product.dimensional:
        if not 1 <= rule.divisor <= 1_000_000 or not 0 <= rule.over_cm3 <= 10**9:
            yield "a divisor must be 1 to 1,000,000"
        if rule.sides not in SIDES:
            yield f"sides are rounded {', '.join(SIDES)}, not {rule.sides}"
    dates = [rule.from_on for rule in product.dimensional]
    if len(set(dates)) < len(dates):
        yield "two divisors begin on the same day"
    for extra in product.surcharges:
        if extra.kind not in SURCHARGES:
            yield f'"{extra.kind}" is not a surcharge; there are {", ".join(SURCHARGES)}'
        if not (0 <= extra.percent_bp <= 100_000 and 0 <= extra.amount_minor <= MINOR_MAX):
            yield f"the surcharge {extra.kind} must not be negative or beyond reason"
        if extra.kind == "remote" and not extra.postcodes:
            yield "a remote surcharge needs the postcodes it is for"
        if extra.until_on and extra.until_on < extra.from_on:
            yield f"the surcharge {extra.kind} ends before it begins"
