"""What duties and taxes are expected to be: of a parcel as it was decided, or as it stands now."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.queries.customs import Sent, of_sent, profile, sent
from quartermaster.shipping.rules.customs import Declaration, crosses
from quartermaster.shipping.rules.landed import Asked, Estimate, Item, Rate, estimate

RATES = """
select row_to_json(r)::text from (
  select kind, country, from_on, source, hs_prefix, origin, carrier, service, percent_bp, amount_minor,
    currency, basis, until_on, is_example
  from shipping_tariff where country = any(%s) order by id) r
"""
STORED = """
select d.version, d.inputs, d.estimate from shipping_landed d join shipping_label l on l.id = d.label_id
where l.parcel_id = %s and l.state in ('queued', 'bought', 'unknown') order by l.id desc limit 1
"""
OF_ORDER = """
select p.id from warehouse_parcel p join orders_order o on o.id = p.order_id
join stock_location l on l.id = p.location_id
where p.order_id = %s and p.state <> 'cancelled' and l.country <> o.ship_to ->> 'country'
order by p.id limit 20
"""
_rate = msgspec.json.Decoder(Rate)


class LandedShown(NamedTuple):
    """is_stored: as it was when the label was decided."""

    version: int
    asked: Asked
    estimate: Estimate
    is_stored: bool


def tariff_version() -> int:
    """0 while nobody has told one."""
    ((version,),) = sql.run("select coalesce(max(version), 0) from shipping_tariff")
    return int(version)


def tariff(countries: Iterable[str]) -> list[Rate]:
    """Every line about these destinations, whenever it holds."""
    return [_rate.decode(row) for (row,) in sql.run(RATES, (sorted(set(countries)),))]


def asked_of(parcels: Mapping[int, tuple[str, str]]) -> dict[int, Asked]:
    """By parcel, with the carrier and service it goes with; those that cross no border are left out. Four
    statements."""
    known = profile()
    found = [
        (key, one, of_sent(one, known))
        for key, one in sent(list(parcels)).items()
        if crosses(one.country, one.receiver.country)
    ]
    if not found:
        return {}
    version, lines = tariff_version(), tariff(one.receiver.country for _, one, _ in found)
    return {key: _asked(one, told, version, lines, *parcels[key]) for key, one, told in found}


def landed(parcel_id: int) -> LandedShown | None:
    """What was expected when the label was decided, else what is now; None where no border is crossed."""
    for version, inputs, told in sql.run(STORED, (parcel_id,), binary=True):
        asked = msgspec.json.decode(inputs, type=Asked)
        return LandedShown(version, asked, msgspec.json.decode(told, type=Estimate), is_stored=True)
    for one in asked_of({parcel_id: ("", "")}).values():
        return LandedShown(one.version, one, estimate(one), is_stored=False)
    return None


def landed_of_order(order_id: int) -> dict[int, LandedShown]:
    """By parcel of the order."""
    ids: Collection[int] = [key for (key,) in sql.run(OF_ORDER, (order_id,))]
    return {key: found for key in ids if (found := landed(key)) is not None}


def _asked(
    one: Sent, told: Declaration, version: int, lines: Iterable[Rate], carrier: str, service: str
) -> Asked:
    """The freight is what the customer pays for it, by what is in the parcel."""
    paid = None
    if one.items_minor > 0:
        paid = one.freight_minor * min(told.value_minor, one.items_minor) // one.items_minor
    return Asked(
        version=version,
        on=one.on,
        receiver=told.receiver,
        currency=told.currency,
        items=tuple(Item(row.sku, row.value_minor, row.hs_code, row.origin) for row in told.rows),
        freight_minor=paid,
        incoterm="DDP" if told.incoterm == "DDP" else "DAP",
        has_ioss=bool(told.ioss),
        rates=tuple(line for line in lines if line.country == told.receiver),
        carrier=carrier or one.carrier,
        service=service or one.service,
    )
