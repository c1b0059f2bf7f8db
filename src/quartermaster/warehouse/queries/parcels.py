"""Parcels as a packer reads them."""

from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.warehouse.queries.photos import photo_wanted


class ItemShown(msgspec.Struct, frozen=True):
    """Units in a parcel; of a kit, a part."""

    id: str
    line: str
    sku: str
    quantity: int
    lot: str
    serial: str


class Waits(msgspec.Struct, frozen=True):
    """Units that were picked for the order at this site and are in no parcel."""

    sku: str
    title: str
    quantity: int


class InsertShown(msgspec.Struct, frozen=True):
    """A card, leaflet or sample that goes in. `sku`: it is an article, `is_scanned` or not."""

    code: str
    title: str
    sku: str
    because: str
    is_scanned: bool


class PhotoShown(msgspec.Struct, frozen=True):
    """A photo of a parcel. state: where the parcel was when it came."""

    id: str
    state: str
    at: datetime
    by: str


class ParcelShown(msgspec.Struct, frozen=True):
    """A parcel. state: packing | packed | labelled | handed_over | cancelled. Weight in g, sizes in mm.
    photo_wanted: why it is not closed without a photo, "" when it is."""

    id: str
    order: str
    location: str | None
    state: str
    carton: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    carrier: str
    service: str
    tracking_number: str
    promised_on: date | None
    ship_by: datetime | None
    packed_at: datetime | None
    packed_by: str
    items: tuple[ItemShown, ...]
    inserts: tuple[InsertShown, ...] = ()
    waiting: tuple[Waits, ...] = ()
    photos: tuple[PhotoShown, ...] = ()
    photo_wanted: str = ""


ONE = """
select row_to_json(f)::text from (
  select p.id::text as id, 'SO-' || p.order_id as "order", l.code as location, p.state, p.carton, p.weight_g,
    p.length_mm, p.width_mm, p.height_mm, p.carrier, p.service, p.tracking_number, p.promised_on, p.ship_by,
    p.packed_at, p.packed_by,
    coalesce((select json_agg(json_build_object('id', i.id::text, 'line', i.line_id::text,
        'sku', coalesce(s.code, n.code), 'quantity', i.quantity, 'lot', i.lot, 'serial', i.serial)
        order by i.id)
      from warehouse_parcel_item i join orders_line n on n.id = i.line_id
      left join catalog_sku s on s.id = i.sku_id where i.parcel_id = p.id), '[]') as items,
    coalesce((select json_agg(json_build_object('code', n.code, 'title', n.title, 'sku', n.sku,
        'because', n.because, 'is_scanned', n.scanned_at is not null) order by n.id)
      from warehouse_parcel_insert n where n.parcel_id = p.id), '[]') as inserts,
    coalesce((select json_agg(json_build_object('id', f.id::text, 'state', f.parcel_state, 'at', f.at,
        'by', f.by) order by f.id)
      from warehouse_parcel_photo f where f.parcel_id = p.id), '[]') as photos
  from warehouse_parcel p left join stock_location l on l.id = p.location_id where p.id = %s) f
"""
# Units of an order in hand at a site, by SKU and in parts that add up: picked, not put back, and in no parcel
# but those in one of the states `open_to`.
IN_HAND = """(
  select k.sku_id, k.picked as units
  from warehouse_pick k join allocation_allocation a on a.id = k.allocation_id
  where k.order_id = %(order)s and a.location_id = %(location)s
  union all
  select sku_id, -quantity from warehouse_put_back where order_id = %(order)s and location_id = %(location)s
  union all
  select i.sku_id, -i.quantity from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
  where p.order_id = %(order)s and p.location_id = %(location)s and p.external_id = ''
    and p.state <> all(%(open_to)s)) x"""
WAITING = f"""
select s.code, s.title, sum(x.units)::bigint from {IN_HAND}
join catalog_sku s on s.id = x.sku_id group by s.code, s.title having sum(x.units) > 0 order by s.code
"""  # noqa: S608 - constants only
WHERE = "select order_id, location_id from warehouse_parcel where id = %s"
_parcel = msgspec.json.Decoder(ParcelShown)


def parcel(parcel_id: int) -> ParcelShown:
    """With what is still to be packed beside it. Raises NotFound."""
    found = sql.run(ONE, (parcel_id,))
    if not found:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    ((order_id, location_id),) = sql.run(WHERE, (parcel_id,))
    shown = _parcel.decode(found[0][0])
    wanted = photo_wanted(parcel_id) if shown.state == "packing" else ""
    waits = tuple(waiting(order_id, location_id))
    return msgspec.structs.replace(shown, waiting=waits, photo_wanted=wanted)


def waiting(order_id: int, location_id: int | None) -> list[Waits]:
    """What was picked for an order at a site and is in no parcel yet."""
    asked = {"order": order_id, "location": location_id, "open_to": ["cancelled"]}
    return [Waits(*row) for row in sql.run(WAITING, asked)]
