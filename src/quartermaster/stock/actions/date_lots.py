"""Say when lots expire."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import StockPolicyChanged
from quartermaster.stock.actions.announce import sku_codes
from quartermaster.stock.actions.quarantine import quarantine
from quartermaster.stock.rules.moves import TEXT_MAX


class LotDate(Struct, frozen=True):
    """The day a lot of a SKU expires: the last day it can be used."""

    sku_id: int
    lot: str
    expires_on: date


SAVE = """
with wanted as materialized (
  select * from jsonb_to_recordset(%(lots)s::jsonb) as w(sku_id bigint, lot text, expires_on date)),
before as materialized (
  select w.sku_id, w.lot, l.expires_on
  from wanted w left join stock_lot l on l.sku_id = w.sku_id and l.code = w.lot),
saved as (
  insert into stock_lot (sku_id, code, expires_on)
  select sku_id, lot, expires_on from wanted order by sku_id, lot
  on conflict (sku_id, code) do update set expires_on = excluded.expires_on
  where stock_lot.expires_on <> excluded.expires_on
  returning sku_id, code, expires_on)
select s.sku_id, s.code, b.expires_on::text, s.expires_on::text
from saved s join before b on b.sku_id = s.sku_id and b.lot = s.code
order by s.sku_id, s.code
"""


def date_lots(lots: Sequence[LotDate], *, by: str, at: datetime) -> None:
    """Date lots, known or new: of each SKU the one that expires first leaves first. A new date replaces the
    old.

    Announces StockPolicyChanged. Raises NotFound for an unknown SKU and Invalid for a lot without a name.
    """
    last = {(one.sku_id, one.lot): one for one in lots}
    errors = {
        f"lots[{n}].lot": f"must be 1 to {TEXT_MAX} characters of plain text"
        for n, one in enumerate(lots)
        if not 0 < len(one.lot) <= TEXT_MAX or not one.lot.isprintable()
    }
    if errors:
        raise Invalid(what="A lot", errors=errors)
    if not last:
        return
    with transaction.atomic():
        codes = sku_codes(sku_id for sku_id, _ in last)
        for sku_id, _ in last:
            if sku_id not in codes:
                raise NotFound(what="SKU", which=sku_id)
        emit(
            StockPolicyChanged(
                subject=f"sku:{codes[sku_id]}",
                at=at,
                actor=by,
                source="stock",
                sku_id=sku_id,
                changed={f"lot {lot} expires_on": (before, after)},
            )
            for sku_id, lot, before, after in sql.run(SAVE, {"lots": sql.rows(last.values())})
        )
        quarantine(skus=[sku_id for sku_id, _ in last], at=at, by=by)  # the date may lie in the past
