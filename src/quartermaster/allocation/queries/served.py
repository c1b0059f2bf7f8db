"""Which sites serve which orders, with how many units of what."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from quartermaster.core import sql


class Piece(msgspec.Struct, frozen=True):
    """Units of one SKU as they lie on the shelf: a kit shows as its components."""

    sku: str
    quantity: int


class Served(msgspec.Struct, frozen=True):
    """What one site serves of one order. state: waiting (a hold keeps
    it from the floor) | released | picking | packed | shipped."""

    id: str
    order_id: int
    location: str
    state: str
    because: tuple[str, ...]
    at: datetime
    lines: tuple[Piece, ...]


SERVED = """
with lines as materialized (
  select id from orders_line where order_id = any(%(orders)s)
), pieces as (
  select r.holder, s.code as sku, sum(r.quantity)::bigint as quantity
  from stock_reservation r join lines on lines.id = r.claim join catalog_sku s on s.id = r.sku_id
  where r.state <> 'released' group by r.holder, s.code
)
select row_to_json(f)::text from (
  select a.id::text as id, a.order_id, l.code as location, a.state, a.because, a.at,
    coalesce((select json_agg(json_build_object('sku', p.sku, 'quantity', p.quantity) order by p.sku)
              from pieces p where p.holder = a.id), '[]') as lines
  from allocation_allocation a join stock_location l on l.id = a.location_id
  where a.order_id = any(%(orders)s) and a.state <> 'cancelled' order by a.id) f
"""
_served = msgspec.json.Decoder(Served)


def served(order_ids: Sequence[int]) -> Mapping[int, list[Served]]:
    """Order id -> its live allocations, oldest first. One statement; orders without one are absent."""
    found: dict[int, list[Served]] = {}
    if order_ids:
        for (text,) in sql.run(SERVED, {"orders": list(order_ids)}):
            one = _served.decode(text)
            found.setdefault(one.order_id, []).append(one)
    return found
