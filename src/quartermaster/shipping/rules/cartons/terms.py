"""What a carton costs on the road: the larger of its weight and its volume, by the cheapest service."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from quartermaster.shipping.ports import Shipment
from quartermaster.shipping.rules.cartons.shapes import Terms
from quartermaster.shipping.rules.price import band_for, in_force, volume_weight_g, zone_of
from quartermaster.shipping.rules.tables import Dimensional, Tables
from quartermaster.warehouse.rules.packaging import Packaging, Sides

LONG_AGO = date(1970, 1, 1)


class Charge(NamedTuple):
    """minor units, the weight they are charged for, and by which service."""

    minor: int
    billable_g: int
    service: str


def terms_for(shipment: Shipment, tables: Tables, packaging: Packaging, *, on: date) -> tuple[Terms, ...]:
    """How the services that go there charge. Where no table goes: by the packaging's divisor and kilogram."""
    found = []
    for carrier in tables.carriers:
        zone = zone_of(shipment, carrier.zones)
        for product in carrier.products:
            where = next((each for each in product.prices if zone and each.zone == zone.name), None)
            if where is None or (shipment.is_hazmat and not product.takes_hazmat):
                continue
            newest = sorted(in_force(product.dimensional, on), key=lambda rule: rule.from_on)[-1:]
            found.append(
                Terms(
                    name=f"{carrier.title} {product.title}",
                    bands=where.bands,
                    dimensional=newest[0] if newest else None,
                    step_g=product.weight_step_g,
                    weight_max_g=product.weight_max_g,
                    length_max_mm=product.length_max_mm,
                    girth_max_mm=product.girth_max_mm,
                )
            )
    return tuple(found) or (by_the_kilogram(packaging),)


def by_the_kilogram(packaging: Packaging) -> Terms:
    rule = Dimensional(divisor=packaging.divisor, from_on=LONG_AGO)
    return Terms(f"divisor {packaging.divisor:,}", minor_per_kg=packaging.minor_per_kg, dimensional=rule)


def charge(outer_mm: Sides, weight_g: int, terms: Sequence[Terms]) -> Charge | None:
    """The cheapest of these services; None when none takes it. Ties: the lighter charge, then by name."""
    found = [one for each in terms if (one := _one(outer_mm, weight_g, each))]
    return min(found, default=None)


def _one(outer_mm: Sides, weight_g: int, terms: Terms) -> Charge | None:
    longest, middle, shortest = sorted(outer_mm, reverse=True)
    if (
        (terms.weight_max_g and weight_g > terms.weight_max_g)
        or (terms.length_max_mm and longest > terms.length_max_mm)
        or (terms.girth_max_mm and longest + 2 * (middle + shortest) > terms.girth_max_mm)
    ):
        return None
    grams = weight_g
    if terms.dimensional:
        grams = max(grams, volume_weight_g((longest, middle, shortest), terms.dimensional))
    grams = -(-grams // terms.step_g) * terms.step_g
    if not terms.bands:
        return Charge(-(-grams * terms.minor_per_kg // 1000), grams, terms.name)
    band = band_for(grams, terms.bands)
    return Charge(band.cost_minor, grams, terms.name) if band else None
