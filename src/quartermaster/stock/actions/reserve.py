"""Promise units out of levels."""

from collections.abc import Sequence
from datetime import datetime

import psycopg
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.stock.rules.posting import NotEnoughStock


class Reserve(Struct, frozen=True):
    """Units to be promised. `claim` and `holder` are the owner's numbers: order line and allocation."""

    sku_id: int
    location_id: int
    quantity: int
    claim: int
    holder: int


# All or nothing: no level moves and no reservation is made unless every level has enough.
RESERVE = """
with wanted as materialized (
  select * from jsonb_to_recordset(%(wanted)s::jsonb)
    as w(sku_id bigint, location_id bigint, quantity bigint, claim bigint, holder bigint)),
total as materialized (
  select sku_id, location_id, sum(quantity)::bigint as quantity from wanted group by sku_id, location_id),
level as materialized (
  select sku_id, location_id from total t join stock_level l using (sku_id, location_id)
  where l.sellable - l.reserved >= t.quantity),
enough as materialized (select (select count(*) from level) = (select count(*) from total) as are_there),
made as (
  insert into stock_reservation (sku_id, location_id, quantity, claim, holder, at)
  select sku_id, location_id, quantity, claim, holder, %(at)s from wanted
  where (select are_there from enough)),
raised as (
  update stock_level l set reserved = l.reserved + t.quantity from total t
  where l.sku_id = t.sku_id and l.location_id = t.location_id and (select are_there from enough))
select are_there from enough
"""

SHORT = """
select s.code, l.code, w.quantity, coalesce(v.sellable - v.reserved, 0)
from (select sku_id, location_id, sum(quantity)::bigint as quantity
      from jsonb_to_recordset(%(wanted)s::jsonb) as w(sku_id bigint, location_id bigint, quantity bigint)
      group by sku_id, location_id) w
left join stock_level v using (sku_id, location_id)
left join catalog_sku s on s.id = w.sku_id left join stock_location l on l.id = w.location_id
where coalesce(v.sellable - v.reserved, 0) < w.quantity
order by w.sku_id, w.location_id limit 1
"""


def reserve(wanted: Sequence[Reserve], *, at: datetime) -> None:
    """Promise all of it, or refuse with NotEnoughStock. One statement.

    The caller holds the levels' locks (`lock_levels`) and decided by what they said; safety stock is the
    caller's business. Without the locks the CHECK on the level still keeps anything from being sold twice.
    """
    if not wanted:
        return
    assert sql.in_transaction(), "reserve() belongs inside the transaction that holds the locks"
    assert all(one.quantity > 0 for one in wanted), "reserve() takes units, it does not give them back"
    batch = sql.rows(wanted)
    try:
        are_there = sql.run(RESERVE, {"wanted": batch, "at": at})[0][0]
    except psycopg.errors.CheckViolation as error:
        units = sum(one.quantity for one in wanted)
        raise NotEnoughStock(
            source="The site", quantity=units, sku="units", held="less", move="reserve"
        ) from error
    if not are_there:
        sku, source, quantity, held = sql.run(SHORT, {"wanted": batch})[0]
        raise NotEnoughStock(source=source, quantity=quantity, sku=sku, held=held, move="reserve")
