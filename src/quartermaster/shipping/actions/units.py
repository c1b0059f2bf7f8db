"""What of an order's lines has a label, and what leaves with a parcel; kits as wholes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.orders.actions.state import OrderState
from quartermaster.shipping.rules.units import Item, Shift, shifts
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held

LABELLED = """
select i.line_id, sum(i.line_units)::bigint
from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
where p.order_id = any(%s) and p.state = 'labelled' group by 1
"""
LEAVING = """
select line_id, sum(line_units)::bigint from warehouse_parcel_item where parcel_id = any(%s) group by 1
"""
# A kit whose parts are in several parcels is counted by one of them: the one that made it whole. What was
# packed as parts is a kit here, whatever its SKU is today.
KITS = """
select i.id, i.line_id, i.sku_id, i.quantity, i.line_units, p.state = 'handed_over' or p.id = any(%(leaving)s)
from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
join orders_line l on l.id = i.line_id
where p.order_id = any(%(orders)s) and p.external_id = ''
  and p.state in ('packed', 'labelled', 'handed_over')
  and exists (select from warehouse_parcel_item x where x.line_id = l.id and x.sku_id <> l.sku_id)
order by p.id, i.id
"""
SHIFT = """
update warehouse_parcel_item i set line_units = i.line_units + s.units
from jsonb_to_recordset(%s::jsonb) as s(item_id bigint, units bigint) where i.id = s.item_id
"""


class Leaves(NamedTuple):
    """Units of a line that leave now."""

    line_id: int
    units: int


def label_units(orders: Iterable[OrderState]) -> None:
    """Set `labelled` of the lines of these locked orders by their parcels' states. The caller saves."""
    found = list(orders)
    labelled = dict(sql.run(LABELLED, ([order.id for order in found],)))
    for order in found:
        for line in order.lines:
            units = min(line.units.packed, labelled.get(line.id, 0))
            line.units = replace(line.units, labelled=units)


def leaving(order_ids: Iterable[int], parcel_ids: Sequence[int]) -> list[Leaves]:
    """What leaves with these parcels. A kit of which a part stays here does not: it is counted by the parcel
    with that part from now on. Constant number of statements."""
    items = [
        Item(*row) for row in sql.run(KITS, {"orders": sorted(set(order_ids)), "leaving": list(parcel_ids)})
    ]
    if items:
        parts: defaultdict[int, list[Held]] = defaultdict(list)
        for part in held({item.line_id for item in items}):
            parts[part.claim].append(part)
        moved: Sequence[Shift] = shifts(items, parts)
        if moved:
            sql.run(SHIFT, (sql.rows(_summed(moved)),))
    return [Leaves._make(row) for row in sql.run(LEAVING, (list(parcel_ids),))]


def _summed(moved: Iterable[Shift]) -> list[dict[str, int]]:
    units: Counter[int] = Counter()
    for one in moved:
        units[one.source] -= one.units
        units[one.target] += one.units
    return [{"item_id": item_id, "units": count} for item_id, count in sorted(units.items()) if count]
