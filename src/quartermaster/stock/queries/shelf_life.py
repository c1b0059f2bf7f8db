"""How long a lot must still be good for what a channel sold."""

from datetime import datetime

import msgspec

from quartermaster.core import sql


class ShelfLifeShown(msgspec.Struct, frozen=True):
    """days: that must be left when a unit is promised and picked. sku "": of every SKU of the channel."""

    channel: str
    sku: str
    days: int
    because: str
    at: datetime
    by: str


LISTED = """
select row_to_json(r)::text from (
  select c.slug as channel, coalesce(s.code, '') as sku, h.days, h.because, h.at, h.by
  from stock_shelf_life h join inbox_connection c on c.id = h.connection_id
  left join catalog_sku s on s.id = h.sku_id order by 1, 2) r
"""
_shown = msgspec.json.Decoder(ShelfLifeShown)


def shelf_life() -> list[ShelfLifeShown]:
    """By channel and SKU."""
    return [_shown.decode(row) for (row,) in sql.run(LISTED)]


def days_asked(connection_id: str, sku_id: str) -> str:
    """SQL of the days that a channel asks of a SKU, 0 when it asks none; names of columns."""
    return f"""(select coalesce(max(h.days) filter (where h.sku_id is not null), max(h.days), 0)
    from stock_shelf_life h where h.connection_id = {connection_id}
      and (h.sku_id is null or h.sku_id = {sku_id}))"""  # noqa: S608 - names of ours
