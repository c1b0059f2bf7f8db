"""What a service charges for a parcel: charged weight, band, surcharges. Integers only."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from quartermaster.core.money import Money
from quartermaster.shipping.ports import Shipment
from quartermaster.shipping.rules.tables import (
    EVERYWHERE,
    HOME,
    Band,
    Dimensional,
    Product,
    Surcharge,
    Tables,
    Zone,
)


class Weight(NamedTuple):
    """Grams that are charged, and why that many."""

    grams: int
    because: str


def sides(shipment: Shipment) -> tuple[int, int, int] | None:
    """Millimetres, the longest first; None unless all three are known."""
    known = (shipment.length_mm, shipment.width_mm, shipment.height_mm)
    if any(side is None for side in known):
        return None
    longest, middle, shortest = sorted((side or 0 for side in known), reverse=True)
    return longest, middle, shortest


def volume_weight_g(mm: Sequence[int], rule: Dimensional) -> int:
    """Grams that the volume stands for, rounded up; 0 for parcels the rule spares."""
    match rule.sides:
        case "up":
            lengths = [-(-side // 10) * 10 for side in mm]
        case "nearest":
            lengths = [(side + 5) // 10 * 10 for side in mm]
        case _:
            lengths = list(mm)
    mm3 = lengths[0] * lengths[1] * lengths[2]
    if mm3 <= rule.over_cm3 * 1000:
        return 0
    return -(-mm3 // rule.divisor)  # mm3 / 1000 = cm3; cm3 / divisor = kg; kg * 1000 = g


def in_force[R: (Dimensional, Surcharge)](rules: Sequence[R], on: date) -> list[R]:
    """Of rules with dates, those that hold on a day."""
    return [rule for rule in rules if rule.from_on <= on]


def charged(shipment: Shipment, product: Product, *, weight_g: int, on: date) -> Weight:
    """The larger of real and volume weight, rounded up to the service's step. The newest divisor counts."""
    grams, because = weight_g, f"{weight_g:,} g"
    rules = sorted(in_force(product.dimensional, on), key=lambda rule: rule.from_on)
    mm = sides(shipment)
    if rules and mm:
        by_volume = volume_weight_g(mm, rules[-1])
        if by_volume > grams:
            grams = by_volume
            because = f"{by_volume:,} g by volume (divisor {rules[-1].divisor:,}), it weighs {weight_g:,} g"
    stepped = -(-grams // product.weight_step_g) * product.weight_step_g
    if stepped != grams:
        because += f", charged as {stepped:,} g"
    return Weight(stepped, because)


def zone_of(shipment: Shipment, zones: Sequence[Zone]) -> Zone | None:
    """The first zone that fits."""
    to = shipment.receiver
    for zone in zones:
        if zone.origins and shipment.country not in zone.origins:
            continue
        if not _is_in(to.country, shipment.country, zone.countries):
            continue
        if not zone.postcodes or _begins(to.postcode, zone.postcodes):
            return zone
    return None


def band_for(grams: int, bands: Sequence[Band]) -> Band | None:
    return next((band for band in bands if grams <= band.up_to_g), None)


def surcharges(
    shipment: Shipment, product: Product, *, cost_minor: int, on: date, currency: str
) -> Iterator[tuple[int, str]]:
    """(minor units, sentence) of each that applies on that day. Percentages are rounded up."""
    for rule in in_force(product.surcharges, on):
        if (rule.until_on and rule.until_on < on) or not _applies(rule, shipment):
            continue
        minor = rule.amount_minor - (-cost_minor * rule.percent_bp // 10_000)
        if minor:
            percent = f" ({rule.percent_bp / 100:g} %)" if rule.percent_bp else ""
            yield minor, f"{rule.kind}{percent} {Money(minor, currency)}"


def fuel_bp(tables: Tables, carrier: str, service: str, *, on: date) -> int | None:
    """Hundredths of a percent for fuel that a service had agreed for a day; None where the tables do not know
    it."""
    for table in tables.carriers:
        for product in table.products:
            if (table.code, product.code) == (carrier, service):
                held = [rule for rule in in_force(product.surcharges, on) if rule.kind == "fuel"]
                return sum(rule.percent_bp for rule in held if not rule.until_on or rule.until_on >= on)
    return None


def _applies(rule: Surcharge, shipment: Shipment) -> bool:
    to = shipment.receiver
    match rule.kind:
        case "fuel":
            return True
        case "residential":
            return not to.company.strip()
        case "remote":
            return (not rule.country or rule.country == to.country) and _begins(to.postcode, rule.postcodes)
        case _:
            mm = sides(shipment)
            return mm is not None and mm[0] > rule.longer_than_mm


def _is_in(country: str, origin: str, countries: Sequence[str]) -> bool:
    if not country:
        return False
    return country in countries or EVERYWHERE in countries or (HOME in countries and country == origin)


def _begins(postcode: str, beginnings: Sequence[str]) -> bool:
    plain = postcode.replace(" ", "").upper()
    return any(plain.startswith(each.replace(" ", "").upper()) for each in beginnings)
