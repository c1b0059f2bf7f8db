"""Promise units out of levels."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

import psycopg
from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.stock.rules.posting import NotEnoughStock


class Reserve(Struct, frozen=True):
    """Units to be promised. `claim` and `holder` are the owner's numbers: order line and allocation.
    `per_unit`: of a kit's part, units of it in one kit."""

    sku_id: int
    location_id: int
    quantity: int
    claim: int
    holder: int
    per_unit: int = 1


class _NoLevel(Exception):
    """A SKU has never been at the site it is wanted from: what was written is taken back."""


# All or nothing: the CHECK on the level refuses the whole statement when one level has not enough.
RESERVE = """
with wanted as (
  select * from jsonb_to_recordset(%(wanted)s::jsonb)
    as w(sku_id bigint, location_id bigint, quantity bigint, claim bigint, holder bigint,
    per_unit bigint)),
made as (
  insert into stock_reservation (sku_id, location_id, quantity, claim, holder, per_unit, at)
  select sku_id, location_id, quantity, claim, holder, per_unit, %(at)s from wanted),
total as (
  select sku_id, location_id, sum(quantity)::bigint as quantity from wanted group by sku_id, location_id),
raised as (
  update stock_level l set reserved = l.reserved + t.quantity from total t
  where l.sku_id = t.sku_id and l.location_id = t.location_id returning 1)
select (select count(*) from raised) = (select count(*) from total)
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
    with contextlib.suppress(psycopg.errors.CheckViolation, _NoLevel), transaction.atomic():
        if sql.run(RESERVE, {"wanted": batch, "at": at})[0][0]:
            return
        raise _NoLevel
    sku, source, quantity, held = sql.run(SHORT, {"wanted": batch})[0]
    raise NotEnoughStock(source=source, quantity=quantity, sku=sku, held=held, move="reserve")
