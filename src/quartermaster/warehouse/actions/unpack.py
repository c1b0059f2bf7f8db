"""Take units out of parcels again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import ParcelOpened
from quartermaster.orders.actions.state import OrderState
from quartermaster.warehouse.actions.give_up import give_up_emptied
from quartermaster.warehouse.rules.surplus import Back

# What is printed on a closed parcel does not hold for what is in it then: whoever bought the label voids it.
OPEN = """
with opened as (
  select id, state from warehouse_parcel where id = any(%(parcels)s) and state in ('packed', 'labelled')),
parcel as (
  update warehouse_parcel p set state = 'packing', packed_at = null, packed_by = '', carrier = '',
    service = '', tracking_number = ''
  from opened where p.id = opened.id),
item as (
  update warehouse_parcel_item i set line_units = 0 from opened where i.parcel_id = opened.id)
select p.order_id, p.id, o.state, i.line_id, coalesce(sum(i.line_units), 0)::bigint
from opened o join warehouse_parcel p on p.id = o.id left join warehouse_parcel_item i on i.parcel_id = p.id
group by p.order_id, p.id, o.state, i.line_id order by p.id
"""
LESS = """
with less as materialized (
  select id, sum(units) as units from jsonb_to_recordset(%(items)s::jsonb) as l(id bigint, units bigint)
  group by id),
gone as (
  delete from warehouse_parcel_item i using less l where i.id = l.id and i.quantity = l.units)
update warehouse_parcel_item i set quantity = i.quantity - l.units
from less l where i.id = l.id and i.quantity > l.units
"""


class Opened(NamedTuple):
    """A line's share in a parcel that was closed."""

    order_id: int
    parcel_id: int
    state: str
    line_id: int | None
    line_units: int


def reopen(
    parcel_ids: Iterable[int], orders: Mapping[int, OrderState], *, because: str, at: datetime, by: str
) -> None:
    """Open closed parcels of these orders, which are locked; the caller saves them. One statement and one for
    the facts; nothing for parcels that are open."""
    found = [Opened._make(row) for row in sql.run(OPEN, {"parcels": sorted(set(parcel_ids))})]
    lines = {line.id: line for order in orders.values() for line in order.lines}
    for one in found:
        if one.line_id is not None:
            line = lines[one.line_id]
            labelled = line.units.labelled - (one.line_units if one.state == "labelled" else 0)
            line.units = replace(line.units, packed=line.units.packed - one.line_units, labelled=labelled)
    emit(
        ParcelOpened(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            parcel_id=parcel_id,
            because=because,
        )
        for order_id, parcel_id in dict.fromkeys((one.order_id, one.parcel_id) for one in found)
    )


def unpack(
    tasks: Sequence[Back], orders: Mapping[int, OrderState], *, because: str, at: datetime, by: str
) -> None:
    """Take units out of the parcels they are in; closed ones are opened, empty ones are over."""
    boxed = [task for task in tasks if task.there.parcel_id]
    if not boxed:
        return
    parcel_ids = sorted({task.there.parcel_id for task in boxed})
    reopen(parcel_ids, orders, because=because, at=at, by=by)
    units: Counter[int] = Counter()
    for task in boxed:
        units[task.there.item_id] += task.units
    sql.run(LESS, {"items": sql.rows({"id": id, "units": count} for id, count in units.items())})
    give_up_emptied(parcel_ids, at=at, by=by)
