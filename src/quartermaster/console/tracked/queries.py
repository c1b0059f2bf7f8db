"""What whoever waits for an order may know of it: no name but the first, no street, no price, no SKU."""

from datetime import date, datetime

import msgspec

from quartermaster.core import sql


class ScanTold(msgspec.Struct, frozen=True):
    at: datetime
    status: str
    place: str


class Parcel(msgspec.Struct, frozen=True):
    """status: of its track; "" before the carrier has it. scans: the newest first."""

    carrier: str
    tracking_number: str
    status: str
    promised_on: date | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    scans: tuple[ScanTold, ...]


class Waited(msgspec.Struct, frozen=True):
    """An order as its receiver sees it. name: as the shop calls it."""

    name: str
    first_name: str
    city: str
    status: str
    promised_on: date | None
    parcels: tuple[Parcel, ...]


# Of a name only what stands before the first space, and nothing that holds a digit or an @.
ORDER = """
select row_to_json(r)::text from (
  select o.external_name as name, o.status, o.promised_on,
    case when split_part(trim(o.ship_to->>'name'), ' ', 1) ~ '^[^0-9@]{1,40}$'
      then split_part(trim(o.ship_to->>'name'), ' ', 1) else '' end as first_name,
    coalesce(o.ship_to->>'city', '') as city,
    coalesce((select json_agg(p order by p.id) from (
      select p.id, p.carrier, p.tracking_number, coalesce(t.status, '') as status, p.promised_on,
        p.handed_over_at, t.delivered_at,
        coalesce((select json_agg(s order by s.at desc, s.id desc) from (
          select s.id, s.at, s.status, s.place from tracking_scan s
          where s.parcel_id = p.id and s.status not in ('unknown', 'cancelled', 'pre_transit')
          order by s.at desc, s.id desc limit 20) s), '[]') as scans
      from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
      where p.order_id = o.id and p.state = 'handed_over' order by p.id limit 20) p), '[]') as parcels
  from orders_order o where o.id = %s) r
"""
_waited = msgspec.json.Decoder(Waited)


def waited(order_id: int) -> Waited | None:
    """One statement."""
    found = sql.run(ORDER, (order_id,))
    return _waited.decode(found[0][0]) if found else None
