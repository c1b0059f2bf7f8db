"""A parcel as its shop is told of it."""

from typing import NamedTuple

import msgspec

from quartermaster.channels.ports import Shipment
from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.tracking.queries.links import address

SHIPMENT = """
select c.slug, s.mode, c.is_active, x.state, o.id, jsonb_build_object(
  'reference', 'P-' || p.id, 'order', o.external_id, 'carrier', p.carrier,
  'tracking_number', p.tracking_number, 'shipped_at', p.handed_over_at, 'tells_buyer', s.tells_buyers,
  'is_last', not exists (
    select from orders_line l where l.order_id = o.id and l.is_shippable
      and l.open + l.allocated + l.picked > 0)
    -- of parcels that left together one is the last: the one with the highest number
    and not exists (select from warehouse_parcel y where y.order_id = o.id and y.id > p.id
      and y.state <> 'cancelled'),
  'lines', (
    select coalesce(jsonb_agg(jsonb_build_object('line', l.external_id, 'code', l.code, 'quantity', i.units)
      order by l.position), '[]')
    from (select line_id, sum(line_units)::bigint as units from warehouse_parcel_item
          where parcel_id = p.id group by 1) i
    join orders_line l on l.id = i.line_id where i.units > 0 and l.external_id <> ''))::text
from channels_shipment x join channels_shop s on s.connection_id = x.shop_id
join inbox_connection c on c.id = s.connection_id
join warehouse_parcel p on p.id = x.parcel_id join orders_order o on o.id = p.order_id
where x.parcel_id = %s
"""


class Wanted(NamedTuple):
    """What a shop is to be told, and whether it still is."""

    slug: str
    mode: str
    is_active: bool
    state: str
    shipment: Shipment


def wanted(parcel_id: int) -> Wanted:
    """Raises NotFound."""
    for slug, mode, is_active, state, order_id, content in sql.run(SHIPMENT, (parcel_id,)):
        url = address(order_id)
        told = {**msgspec.json.decode(content), "tracking_url": url if url.startswith("http") else ""}
        return Wanted(slug, mode, is_active, state, msgspec.convert(told, Shipment))
    raise NotFound(what="parcel to be told of", which=f"P-{parcel_id}")
