"""A cancellation as its shop is told of it."""

from typing import NamedTuple

import msgspec

from quartermaster.channels.ports import Cancellation
from quartermaster.core import sql
from quartermaster.core.errors import NotFound

# The shop's list of reasons is short, and ours are sentences: what is sure is told, the rest is the note.
CANCELLATION = """
select c.slug, s.mode, c.is_active, o.id, jsonb_build_object(
  'reference', 'C-' || x.id, 'order', o.external_id, 'is_whole', x.is_whole, 'note', x.note,
  'tells_buyer', s.tells_buyers,
  'reason', case when exists (
    select from orders_hold h where h.order_id = o.id and h.kind = 'fraud' and h.released_at is null)
    then 'fraud' else 'other' end,
  'lines', (
    select coalesce(jsonb_agg(jsonb_build_object('line', l.external_id, 'code', l.code, 'quantity', y.units)
      order by l.position), '[]')
    from channels_cancelled_line y join orders_line l on l.id = y.line_id where y.cancellation_id = x.id)
  )::text
from channels_cancellation x join channels_shop s on s.connection_id = x.shop_id
join inbox_connection c on c.id = s.connection_id join orders_order o on o.id = x.order_id
where x.id = %s
"""


class WantedOff(NamedTuple):
    """What a shop is to be told is not sent, and whether it still is told anything."""

    slug: str
    mode: str
    is_active: bool
    order_id: int
    cancellation: Cancellation


def wanted_off(cancellation_id: int) -> WantedOff:
    """Raises NotFound."""
    for slug, mode, is_active, order_id, content in sql.run(CANCELLATION, (cancellation_id,)):
        return WantedOff(slug, mode, is_active, order_id, msgspec.json.decode(content, type=Cancellation))
    raise NotFound(what="cancellation to be told of", which=f"C-{cancellation_id}")
