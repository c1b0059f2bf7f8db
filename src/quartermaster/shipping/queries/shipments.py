"""Parcels as a carrier sees them: from where, to whom, how heavy, ready when."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Shipment
from quartermaster.shipping.queries.calendar import closed_on, site_days
from quartermaster.stock.queries.calendars import CALENDARS, read

SHIPMENTS = f"""
select p.id, p.order_id, p.state, o.ship_to::text, coalesce(l.code, ''), coalesce(l.country, ''),
  coalesce(l.region, ''), coalesce(l.postcode, ''), coalesce(l.timezone, 'UTC'),
  coalesce(p.weight_g, i.weight_g + coalesce(p.tare_g, 0)), p.length_mm, p.width_mm, p.height_mm,
  coalesce(i.is_hazmat, false), p.promised_on, i.value_minor, o.currency, {CALENDARS},
  coalesce(o.detail->'tags', '[]')::text, coalesce(c.slug, ''), o.external_id,
  c.id is not null and exists (
    select from warehouse_parcel y where y.order_id = o.id and y.id < p.id and y.state <> 'cancelled')
from warehouse_parcel p join orders_order o on o.id = p.order_id
left join inbox_connection c on c.id = o.connection_id and o.detail->'shipped_by_channel' = 'true'
left join stock_location l on l.id = p.location_id
left join lateral (
  select bool_or(s.is_hazmat) as is_hazmat,
    sum((line.gross_minor - line.discount_minor) * x.line_units / nullif(line.ordered, 0))::bigint
      as value_minor,
    case when count(*) = count(s.weight_g) then sum(s.weight_g * x.quantity)::int end as weight_g
  from warehouse_parcel_item x join orders_line line on line.id = x.line_id
  left join catalog_sku s on s.id = x.sku_id where x.parcel_id = p.id) i on true
where p.id = any(%(ids)s) order by p.id
"""  # noqa: S608 - constants only
_tags = msgspec.json.Decoder(tuple[str, ...])
_address = msgspec.json.Decoder(Address | None, strict=False)


class ToShip(NamedTuple):
    """A parcel with its shipment; None without an address to ship to."""

    parcel_id: int
    order_id: int
    state: str
    receiver: Address | None
    shipment: Shipment | None


def to_ship(ready_at: Mapping[int, datetime]) -> dict[int, ToShip]:
    """Parcels by id, each ready at its moment. One statement. A parcel that nobody weighed weighs what is in
    it, when that is known, and its carton."""
    asked = {"ids": list(ready_at), "at": min(ready_at.values(), default=None)}
    return {row[0]: _read(row, ready_at[row[0]]) for row in sql.run(SHIPMENTS, asked)}


def parcel_id_of(number: str) -> int:
    """The id of P-7. Raises NotFound when that is no parcel's number."""
    digits = number.removeprefix("P-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        return int(digits)
    raise NotFound(what="parcel", which=number[:40])


def _read(row: tuple[object, ...], ready_at: datetime) -> ToShip:
    parcel_id, order_id, state, ship_to, site, country, region, postcode, zone, *rest = row
    assert isinstance(parcel_id, int)
    assert isinstance(order_id, int)
    *rest, channel, channel_order, is_second = rest
    receiver = _address.decode(str(ship_to)) if ship_to is not None else None
    if receiver is None and channel:
        receiver = Address()  # it stands on the channel's label
    if receiver is None:
        return ToShip(parcel_id, order_id, str(state), None, None)
    local = ready_at.astimezone(_zone(str(zone)))
    weight_g, length_mm, width_mm, height_mm, is_hazmat, *rest = rest
    promised_on, value_minor, currency, calendars, tags = rest
    shipment = msgspec.convert(
        {
            "parcel": f"P-{parcel_id}",
            "site": site,
            "country": country,
            "region": region,
            "postcode": postcode,
            "ready_at": local.replace(microsecond=0),
            "receiver": msgspec.to_builtins(receiver),
            "weight_g": weight_g,
            "length_mm": length_mm,
            "width_mm": width_mm,
            "height_mm": height_mm,
            "is_hazmat": is_hazmat,
            "promised_on": promised_on,
            "value_minor": value_minor,
            "value_currency": currency,
            **site_days(str(country), str(region), read(str(calendars)), local.date()),
            "tags": _tags.decode(str(tags)),
            "channel": channel,
            "channel_order": channel_order if channel else "",
            "is_second": is_second,
            "receiver_closed_on": closed_on(receiver.country, receiver.region, local.date()),
        },
        Shipment,
    )
    return ToShip(parcel_id, order_id, str(state), receiver, shipment)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
