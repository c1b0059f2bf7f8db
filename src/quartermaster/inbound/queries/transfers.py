"""Transfers: what was to go, left, came and was lost."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound


class TransferLineShown(msgspec.Struct, frozen=True):
    """under_way: shipped, neither received nor lost."""

    sku: str
    wanted: int
    shipped: int
    received: int
    lost: int

    @property
    def under_way(self) -> int:
        return self.shipped - self.received - self.lost


class TransferShown(msgspec.Struct, frozen=True):
    """state: open | shipped | received | cancelled."""

    id: str
    number: str
    source: str
    target: str
    state: str
    because: str
    made_at: datetime
    shipped_at: datetime | None
    done_at: datetime | None
    arrival: str | None
    lines: tuple[TransferLineShown, ...]


HEAD = """
select t.id::text, 'TR-' || t.id, s.code, g.code, t.state, t.because, t.made_at, t.shipped_at, t.done_at,
  a.id::text
from inbound_transfer t join stock_location s on s.id = t.source_id
join stock_location g on g.id = t.target_id
left join inbound_arrival a on a.transfer_id = t.id where t.id = %s
"""
LINES = """
select s.code, l.wanted, l.shipped, coalesce((select sum(r.in_transit) from inbound_receipt r
  join inbound_arrival a on a.id = r.arrival_id
  where a.transfer_id = l.transfer_id and r.sku_id = l.sku_id), 0)::bigint, l.lost
from inbound_transfer_line l join catalog_sku s on s.id = l.sku_id where l.transfer_id = %s order by s.code
"""


def transfer(transfer_id: int) -> TransferShown:
    """One by its id. Raises NotFound."""
    for row in sql.run(HEAD, (transfer_id,)):
        lines = tuple(TransferLineShown(*line) for line in sql.run(LINES, (transfer_id,)))
        return TransferShown(*(*row, lines))
    raise NotFound(what="transfer", which=f"TR-{transfer_id}")
