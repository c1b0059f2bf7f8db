"""Rate a shipment by the tables: every service of every carrier, and what speaks against each."""

from datetime import date

from quartermaster.core.money import Money
from quartermaster.shipping.ports import Offer, Shipment
from quartermaster.shipping.rules import days, price
from quartermaster.shipping.rules.tables import Price, Product, Table, Tables


def rate(shipment: Shipment, tables: Tables, *, account: str) -> tuple[Offer, ...]:
    """One offer a service, in the order of the tables. The same question always gets the same answer."""
    return tuple(
        _offer(shipment, tables, carrier, product, account)
        for carrier in tables.carriers
        for product in carrier.products
    )


def _offer(shipment: Shipment, tables: Tables, carrier: Table, product: Product, account: str) -> Offer:
    def removed(because: str) -> Offer:
        return Offer(
            carrier=carrier.code,
            service=product.code,
            title=f"{carrier.title} {product.title}",
            account=account,
            removed=because,
            tables=tables.version,
        )

    found = _carried(shipment, tables, carrier, product)
    if isinstance(found, str):
        return removed(found)
    where, weight_g = found
    leaves_on, arrives_on = _days(shipment, carrier.code, product, where)
    if leaves_on is None or arrives_on is None:
        return removed("no day of pickup or delivery in sight")
    weight = price.charged(shipment, product, weight_g=weight_g, on=leaves_on)
    band = price.band_for(weight.grams, where.bands)
    if band is None:
        heaviest = max((each.up_to_g for each in where.bands), default=0)
        return removed(f"charged as {weight.grams:,} g, at most {heaviest:,} g to {where.zone}")
    total = max(band.cost_minor, product.minimum_minor)
    because = [f"zone {where.zone}, {weight.because}: {Money(band.cost_minor, tables.currency)}"]
    if total > band.cost_minor:
        because.append(f"at least {Money(total, tables.currency)}")
    if shipment.weight_g is None:
        because.insert(0, f"nobody weighed it: it counts as {weight_g:,} g")
    for minor, sentence in price.surcharges(
        shipment, product, cost_minor=total, on=leaves_on, currency=tables.currency
    ):
        total += minor
        because.append(sentence)
    because.append(f"leaves {_day(leaves_on)}, arrives {_day(arrives_on)}")
    return Offer(
        carrier=carrier.code,
        service=product.code,
        title=f"{carrier.title} {product.title}",
        account=account,
        cost_minor=total,
        currency=tables.currency,
        leaves_on=leaves_on,
        arrives_on=arrives_on,
        because=tuple(because),
        tables=tables.version,
    )


def _carried(shipment: Shipment, tables: Tables, carrier: Table, product: Product) -> tuple[Price, int] | str:
    """The price that holds and the weight it counts with, or why the service does not carry it."""
    if shipment.needs_signature:
        return "brings no signature back"
    if shipment.is_insured:
        return "does not insure"
    zone = price.zone_of(shipment, carrier.zones)
    where = next((each for each in product.prices if zone and each.zone == zone.name), None)
    if where is None:
        return f"does not go to {shipment.receiver.country or 'an unknown country'}"
    if shipment.is_hazmat and not product.takes_hazmat:
        return "takes no hazardous goods"
    weight_g = tables.unweighed_as_g if shipment.weight_g is None else shipment.weight_g
    if not weight_g:
        return "its weight is not known"
    if weight_g > product.weight_max_g:
        return f"weighs {weight_g:,} g, at most {product.weight_max_g:,} g"
    mm = price.sides(shipment)
    if mm and product.length_max_mm and mm[0] > product.length_max_mm:
        return f"is {mm[0]:,} mm long, at most {product.length_max_mm:,} mm"
    if mm and product.girth_max_mm and (girth := mm[0] + 2 * (mm[1] + mm[2])) > product.girth_max_mm:
        return f"has a girth and length of {girth:,} mm, at most {product.girth_max_mm:,} mm"
    return where, weight_g


def _days(
    shipment: Shipment, carrier: str, product: Product, where: Price
) -> tuple[date | None, date | None]:
    leaves_on = days.leaves(
        shipment.ready_at,
        cutoff=shipment.cutoff_of(carrier, product.code) or product.cutoff,
        weekdays=product.picked_up_on,
        closed_on=shipment.site_closed_on,
        open_on=shipment.site_open_on,
        week=shipment.site_week,
    )
    if leaves_on is None:
        return None, None
    arrives_on = days.arrives(
        leaves_on, where.days, weekdays=product.delivered_on, closed_on=shipment.receiver_closed_on
    )
    return leaves_on, arrives_on


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
