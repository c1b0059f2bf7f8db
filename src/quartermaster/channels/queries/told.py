"""What the shop of an order was told of it, or is to be told."""

from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.core import sql

TOLD = """
select row_to_json(r)::text from (
  select 'parcel' as what, 'P-' || x.parcel_id as reference, c.slug as connection, x.state, x.theirs,
    x.because, x.wanted_at, x.settled_at
  from channels_shipment x join warehouse_parcel p on p.id = x.parcel_id
  join inbox_connection c on c.id = x.shop_id where p.order_id = %(order)s
  union all
  select case when x.is_whole then 'cancellation' else 'part cancelled' end, 'C-' || x.id, c.slug, x.state,
    x.theirs, x.because, x.wanted_at, x.settled_at
  from channels_cancellation x join inbox_connection c on c.id = x.shop_id where x.order_id = %(order)s
  union all
  select 'refund', 'R-' || x.refund_id || '.' || x.id, c.slug, x.state, x.theirs, x.because, x.wanted_at,
    x.settled_at
  from channels_payout x join inbox_connection c on c.id = x.shop_id where x.order_id = %(order)s
  order by 7, 2) r
"""


class ToldShown(msgspec.Struct, frozen=True):
    """A thing the shop is told. what: parcel, cancellation, part cancelled, refund. reference: ours (P-12,
    C-3, R-7.1); theirs: the shop's own name for it."""

    what: str
    reference: str
    connection: str
    state: Literal["queued", "told", "refused"]
    theirs: str
    because: str
    wanted_at: datetime
    settled_at: datetime | None


_shown = msgspec.json.Decoder(ToldShown)


def told_of(order_id: int) -> list[ToldShown]:
    """The oldest first."""
    return [_shown.decode(row) for (row,) in sql.run(TOLD, {"order": order_id})]
