"""Parcels while they are packed: found, locked with their order, closed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import ParcelPacked
from quartermaster.orders.actions.state import LineState, OrderState, load, save
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.rules.boxes import whole_in


class ParcelRow(NamedTuple):
    id: int
    order_id: int
    location_id: int
    location: str
    state: str


class Closing(NamedTuple):
    """A parcel that is closed, and what was measured of it."""

    id: int
    order_id: int
    location: str
    carton: str = ""
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


class ParcelOver(Refused):
    code = "parcel-over"
    message = "P-{parcel_id} is {state}."
    remedy = "Open it again first, or pack another parcel."


PARCEL = """
select p.id, p.order_id, p.location_id, s.code, p.state
from warehouse_parcel p join stock_location s on s.id = p.location_id where p.id = %s and p.external_id = ''
"""
ITEMS = """
select i.id, i.parcel_id, i.line_id, i.sku_id, i.quantity, i.line_units
from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
where p.order_id = any(%(orders)s) and p.external_id = ''
  and (p.state in ('packed', 'labelled', 'handed_over') or p.id = any(%(closing)s))
order by i.parcel_id, i.id
"""
# Length, width and height belong together: one of them alone says nothing.
CLOSE = """
with item as (
  update warehouse_parcel_item i set line_units = w.units
  from jsonb_to_recordset(%(whole)s::jsonb) as w(id bigint, units bigint) where i.id = w.id)
update warehouse_parcel p
set state = 'packed', packed_at = %(at)s, packed_by = %(by)s,
  carton = case when c.carton = '' then p.carton else c.carton end,
  weight_g = coalesce(c.weight_g, p.weight_g), length_mm = coalesce(c.length_mm, p.length_mm),
  width_mm = coalesce(c.width_mm, p.width_mm), height_mm = coalesce(c.height_mm, p.height_mm)
from jsonb_to_recordset(%(closing)s::jsonb) as c(id bigint, carton text, weight_g int, length_mm int,
  width_mm int, height_mm int)
where p.id = c.id
"""


def locked(parcel_id: int) -> tuple[ParcelRow, dict[int, OrderState]]:
    """The parcel, and its order locked. Raises NotFound."""
    orders = load([_parcel(parcel_id).order_id])
    return _parcel(parcel_id), orders


def _parcel(parcel_id: int) -> ParcelRow:
    found = sql.run(PARCEL, (parcel_id,))
    if not found:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    return ParcelRow._make(found[0])


def close_all(closing: Sequence[Closing], orders: Mapping[int, OrderState], *, at: datetime, by: str) -> None:
    """Close these parcels of locked orders, which are saved. Constant number of statements."""
    ids = [parcel.id for parcel in closing]
    mine = {parcel.order_id: orders[parcel.order_id] for parcel in closing}
    items = sql.run(ITEMS, {"orders": list(mine), "closing": ids})
    parts: defaultdict[int, list[Held]] = defaultdict(list)
    for part in held({row[2] for row in items}):
        parts[part.claim].append(part)
    whole = _whole(items, set(ids), parts)
    rows = [{"id": item_id, "units": units} for item_id, (_, units) in whole.items()]
    told = sql.rows(parcel._asdict() for parcel in closing)
    sql.run(CLOSE, {"whole": sql.rows(rows), "closing": told, "at": at, "by": by})
    changed = _count(whole.values(), mine)
    states.follow(mine.values(), at=at)
    save(list(mine.values()), changed)
    emit(
        ParcelPacked(
            subject=f"order:SO-{parcel.order_id}",
            at=at,
            actor=by,
            order_id=parcel.order_id,
            parcel_id=parcel.id,
            location=parcel.location,
        )
        for parcel in closing
    )


def _whole(
    items: Iterable[tuple[int, ...]], closing: set[int], parts: Mapping[int, Sequence[Held]]
) -> dict[int, tuple[int, int]]:
    """Item -> (line, units of the line that are whole with it), for the parcels that are being closed."""
    boxed: defaultdict[int, Counter[int]] = defaultdict(Counter)
    counted: Counter[int] = Counter()
    found: dict[int, tuple[int, int]] = {}
    for item_id, parcel_id, line_id, sku_id, quantity, line_units in sorted(
        items, key=lambda row: (row[1] in closing, row[1], row[0])
    ):
        boxed[line_id][sku_id] += quantity
        if parcel_id in closing:
            units = whole_in(parts[line_id], boxed[line_id]) - counted[line_id]
            found[item_id] = (line_id, units)
            counted[line_id] += units
        else:
            counted[line_id] += line_units
    return found


def _count(whole: Iterable[tuple[int, int]], orders: Mapping[int, OrderState]) -> list[LineState]:
    units: Counter[int] = Counter()
    for line_id, count in whole:
        units[line_id] += count
    lines = {line.id: line for order in orders.values() for line in order.lines}
    for line_id, count in units.items():
        line = lines[line_id]
        line.units = replace(line.units, packed=line.units.packed + count)
    return [lines[line_id] for line_id in units]
