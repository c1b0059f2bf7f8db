"""The shops that can be asked and told: how they stand."""

from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.core import sql

SHOPS = """
select row_to_json(x)::text from (
  select c.slug, c.kind, c.is_active, s.mode, s.tells_buyers, s.read_up_to, s.asked_at, s.answered_at,
    s.failures, s.because, s.fetched,
    (select count(*) from channels_shipment p where p.shop_id = c.id and p.state = 'queued')::int
      as shipments_waiting,
    (select count(*) from channels_shipment p where p.shop_id = c.id and p.state = 'refused')::int
      as shipments_refused
  from channels_shop s join inbox_connection c on c.id = s.connection_id
  where %(only)s = '' or c.slug = %(only)s order by c.slug) x
"""


class ShopShown(msgspec.Struct, frozen=True):
    """A shop. fetched: orders it answered so far. shipments_waiting, shipments_refused: parcels it is still
    to be told of, or will not hear of."""

    slug: str
    kind: str
    is_active: bool
    mode: Literal["observe", "live"]
    tells_buyers: bool
    read_up_to: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    failures: int
    because: str
    fetched: int
    shipments_waiting: int
    shipments_refused: int


def shops(only: str = "") -> list[ShopShown]:
    return [msgspec.json.decode(row, type=ShopShown) for (row,) in sql.run(SHOPS, {"only": only})]
