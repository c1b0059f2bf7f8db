"""What the list of restricted goods says of parcels and the services that are offered for them."""

from collections.abc import Mapping, Sequence

from quartermaster.catalog.queries import goods, restrictions
from quartermaster.catalog.rules.restrictions import Way, judge
from quartermaster.core import sql
from quartermaster.shipping.ports import Offer, Shipment
from quartermaster.shipping.rules.decide import Barred

# What is in a parcel, and of the part of a kit the kit too.
IN_THEM = """
select i.parcel_id, array_agg(distinct x.id order by x.id) from warehouse_parcel_item i
join orders_line l on l.id = i.line_id cross join lateral (values (i.sku_id), (l.sku_id)) as x(id)
where i.parcel_id = any(%s) and x.id is not null group by 1
"""

type Asked = tuple[Shipment, Sequence[Offer]]


def barred_of(asked: Mapping[int, Asked]) -> dict[int, tuple[Barred, ...]]:
    """By parcel; those nothing is said of are left out. One statement, three where the list has lines about
    a destination."""
    if not asked:
        return {}
    on = max(shipment.ready_at.date() for shipment, _ in asked.values())
    lines = restrictions({shipment.receiver.country for shipment, _ in asked.values()}, on=on)
    if not lines:
        return {}
    skus = dict(sql.run(IN_THEM, (list(asked),)))
    known = goods({sku_id for some in skus.values() for sku_id in some})
    found = {}
    for parcel_id, (shipment, offers) in asked.items():
        has = [good for sku_id in skus.get(parcel_id, ()) for good in known.get(sku_id, ())]
        day, country = shipment.ready_at.date(), shipment.receiver.country
        told = tuple(
            Barred(carrier, name, each.level == "prohibited", each.because)
            for carrier, name in sorted({(offer.carrier, offer.service) for offer in offers})
            for each in judge(has, lines, Way(country, day, shipment.site, carrier, name, shipment.country))
        )
        if told:
            found[parcel_id] = told
    return found
