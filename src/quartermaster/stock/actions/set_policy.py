"""Say how a level is to be promised from: what is kept back, and what is on its way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import StockPolicyChanged
from quartermaster.stock.actions.announce import arrived
from quartermaster.stock.actions.lock import open_levels

type Setting = Literal["safety", "incoming"]


class LevelUnits(Struct, frozen=True):
    """Units of a SKU at a site."""

    sku_id: int
    location_id: int
    units: int


UNKNOWN = """
select case when s.id is null then 'SKU' else 'site' end,
  case when s.id is null then sku_id else location_id end
from jsonb_to_recordset(%(wanted)s::jsonb) as w(sku_id bigint, location_id bigint)
left join catalog_sku s on s.id = sku_id
left join stock_location l on l.id = location_id
where s.id is null or l.id is null
limit 1
"""

SET = """
with wanted as materialized (
  select * from jsonb_to_recordset(%(wanted)s::jsonb) as w(sku_id bigint, location_id bigint, units bigint)),
before as materialized (
  select sku_id, location_id, v.{setting} as units, v.sellable - v.reserved as unreserved, v.safety
  from stock_level v join wanted using (sku_id, location_id))
update stock_level v set {setting} = w.units
from wanted w join before b using (sku_id, location_id)
join catalog_sku s on s.id = w.sku_id
join stock_location l on l.id = w.location_id
where v.sku_id = w.sku_id and v.location_id = w.location_id and w.units <> b.units
returning v.sku_id, s.code, l.code, b.units, w.units,
  greatest(0, v.sellable - v.reserved - v.safety) > greatest(0, b.unreserved - b.safety)
"""
_SET: dict[Setting, str] = {
    "safety": SET.format(setting="safety"),
    "incoming": SET.format(setting="incoming"),
}


def set_safety(wanted: Sequence[LevelUnits], *, by: str, at: datetime) -> None:
    """Keep these units back from promising. What is promised already stays promised.

    Announces StockPolicyChanged, and StockArrived where more is free than before. Raises NotFound, Invalid.
    """
    _set("safety", wanted, by=by, at=at)


def set_incoming(wanted: Sequence[LevelUnits], *, by: str, at: datetime) -> None:
    """Say how many units are on their way to each level. Announces StockPolicyChanged. Raises NotFound,
    Invalid."""
    _set("incoming", wanted, by=by, at=at)


def _set(setting: Setting, wanted: Sequence[LevelUnits], *, by: str, at: datetime) -> None:
    last = {(one.sku_id, one.location_id): one for one in wanted}  # the last word counts
    errors = {
        f"{setting}[{n}].units": f"must be 0 to {QUANTITY_MAX}"
        for n, one in enumerate(wanted)
        if not 0 <= one.units <= QUANTITY_MAX
    }
    if errors:
        raise Invalid(what="A stock policy", errors=errors)
    if not last:
        return
    rows = sql.rows(last.values())
    with transaction.atomic():
        for what, which in sql.run(UNKNOWN, {"wanted": rows}):
            raise NotFound(what=what, which=which)
        open_levels(last)
        changed = sql.run(_SET[setting], {"wanted": rows})
        emit(
            StockPolicyChanged(
                subject=f"sku:{sku}",
                at=at,
                actor=by,
                source="stock",
                sku_id=sku_id,
                location=location,
                changed={setting: (before, after)},
            )
            for sku_id, sku, location, before, after, _ in changed
        )
        arrived({row[0] for row in changed if row[-1]}, at=at, by=by)
