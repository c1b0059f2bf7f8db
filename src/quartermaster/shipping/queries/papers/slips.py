"""Packing slips: what is in a parcel, for whom."""

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.orders.ports import Address
from quartermaster.shipping.queries.papers.labels import address_lines
from quartermaster.shipping.queries.papers.typesetting import code128, typeset

SLIP = """
select 'SO-' || o.id, o.external_name, coalesce(s.name, ''), coalesce(s.code, ''), o.ship_to::text,
  p.carrier, p.tracking_number, to_char(coalesce(p.packed_at, p.made_at), 'FMDD Mon YYYY'),
  (select count(*) from warehouse_parcel x where x.order_id = o.id and x.state <> 'cancelled'),
  (select coalesce(jsonb_agg(row_to_json(i) order by i.position, i.sku), '[]') from (
     select coalesce(k.code, l.code) as sku, coalesce(nullif(k.title, ''), l.title) as title, l.position,
       case when k.id <> l.sku_id then l.title else '' end as kit, sum(i.quantity)::bigint as quantity
     from warehouse_parcel_item i join orders_line l on l.id = i.line_id
     left join catalog_sku k on k.id = i.sku_id
     where i.parcel_id = p.id group by 1, 2, 3, 4) i)::text,
  array(select n.title from warehouse_parcel_insert n where n.parcel_id = p.id order by n.id)
from warehouse_parcel p join orders_order o on o.id = p.order_id
left join stock_location s on s.id = p.location_id where p.id = %s
"""


class Packed(msgspec.Struct, frozen=True):
    """Units of an article in the parcel. `kit`: what they are a part of."""

    sku: str
    title: str
    quantity: int
    kit: str | None = ""


def slip_pdf(parcel_id: int) -> bytes:
    """The packing slip of a parcel, A4. Raises NotFound."""
    found = sql.run(SLIP, (parcel_id,))
    if not found:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    order, external_name, name, code, ship_to, carrier, number, packed_on, parcels, lines_json, inserts = (
        found[0]
    )
    to = msgspec.json.decode(ship_to, type=Address, strict=False) if ship_to else Address()
    lines = msgspec.json.decode(lines_json, type=list[Packed])
    content = {
        "order": order,
        "external_name": external_name,
        "site": name or code,
        "parcel": f"P-{parcel_id}",
        "packed_on": packed_on,
        "carrier": carrier,
        "tracking_number": number,
        "receiver": address_lines(to),
        "svg": code128(f"P-{parcel_id}"),
        "lines": [{**msgspec.structs.asdict(line), "kit": line.kit or ""} for line in lines],
        "units": sum(line.quantity for line in lines),
        "parcels": parcels,
        "inserts": inserts,
    }
    return typeset("slip", content)
