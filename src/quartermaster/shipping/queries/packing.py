"""What lies on the bench for a parcel, as the choice of cartons wants it; and what was suggested."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules.cartons import Goods, Plan
from quartermaster.warehouse.queries.parcels import IN_HAND, WHERE
from quartermaster.warehouse.rules.packaging import FOOD, HAZMAT, LIQUID, PLAIN

# How a SKU is to be packed stands among its attributes: {"packing": ["fragile", "liquid"], "nest_mm": 12}.
BENCH = f"""
select s.code, sum(x.units)::int, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.is_hazmat,
  case when jsonb_typeof(s.attributes -> 'packing') = 'array' then s.attributes -> 'packing' else '[]' end
    ::text,
  case when s.attributes ->> 'nest_mm' ~ '^[0-9]{{1,4}}$' then (s.attributes ->> 'nest_mm')::int end
from {IN_HAND} join catalog_sku s on s.id = x.sku_id
group by s.id having sum(x.units) > 0 order by s.code
"""  # noqa: S608 - constants only
NEWEST = """
select row_to_json(r)::text from (
  select 'P-' || parcel_id as parcel, plan, because, rules_version, packaging_version, tables_version,
    made_at, made_by, taken, taken_because, box
  from warehouse_packing_plan where parcel_id = %s order by id desc limit 1) r
"""


class PlanShown(msgspec.Struct, frozen=True):
    """What was suggested for a parcel. `taken`, `taken_because` and `box` (of the plan, from 0): what it was
    closed with."""

    parcel: str
    plan: Plan | None
    because: tuple[str, ...]
    rules_version: int
    packaging_version: int
    tables_version: int
    made_at: datetime
    made_by: str
    taken: str
    taken_because: str
    box: int | None


_shown = msgspec.json.Decoder(PlanShown)


def on_the_bench(parcel_id: int) -> tuple[Goods, ...]:
    """Units picked for the parcel's order at its site that are in no closed parcel, by SKU."""
    ((order_id, location_id),) = sql.run(WHERE, (parcel_id,))
    asked = {"order": order_id, "location": location_id, "open_to": ["packing", "cancelled"]}
    return tuple(_goods(*row) for row in sql.run(BENCH, asked))


def plan_of(parcel_id: int) -> PlanShown | None:
    """The newest suggestion; None while nobody asked for one."""
    for (text,) in sql.run(NEWEST, (parcel_id,)):
        return _shown.decode(text)
    return None


def plan_shown(number: str) -> PlanShown:
    """Raises NotFound."""
    found = plan_of(parcel_id_of(number))
    if found is None:
        raise NotFound(what="packing plan of", which=number[:40])
    return found


def _goods(
    sku: str,
    units: int,
    weight_g: int | None,
    length_mm: int | None,
    width_mm: int | None,
    height_mm: int | None,
    is_hazmat: bool,
    packing: str,
    nest_mm: int | None,
) -> Goods:
    words: Sequence[Any] = msgspec.json.decode(packing)
    sides = (length_mm, width_mm, height_mm)
    return Goods(
        sku=sku,
        units=units,
        weight_g=weight_g,
        size_mm=(sides[0], sides[1], sides[2]) if sides[0] and sides[1] and sides[2] else None,
        kind=HAZMAT if is_hazmat else next((kind for kind in (LIQUID, FOOD) if kind in words), PLAIN),
        is_upright="upright" in words,
        is_fragile="fragile" in words,
        is_alone="alone" in words,
        is_soft="soft" in words,
        nest_mm=nest_mm,
    )
