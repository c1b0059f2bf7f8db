"""What of an order's lines has a label, and what has left: counted anew from its parcels, kits as wholes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.orders.actions.state import OrderState
from quartermaster.shipping.rules.units import whole

PACKED = """
select i.line_id, i.sku_id, p.state = 'handed_over', sum(i.quantity)::bigint
from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
where p.order_id = any(%s) and p.state in ('labelled', 'handed_over') group by 1, 2, 3
"""
KITS = """
select l.id, k.part_id, k.quantity from orders_line l join catalog_sku s on s.id = l.sku_id and s.is_kit
left join catalog_kit_leaf k on k.kit_id = l.sku_id where l.order_id = any(%s)
"""

type Count = Mapping[int, tuple[int, int]]  # line id -> units that have left, units that have left or a label


def counts(order_ids: Iterable[int]) -> Count:
    """Two statements, whatever the number of orders."""
    ids = sorted(set(order_ids))
    gone: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    ready: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for line_id, sku_id, is_gone, quantity in sql.run(PACKED, (ids,)):
        ready[line_id][sku_id] += quantity
        if is_gone:
            gone[line_id][sku_id] += quantity
    kits: dict[int, dict[int, int]] = {}
    for line_id, part_id, quantity in sql.run(KITS, (ids,)):
        parts = kits.setdefault(line_id, {})
        if part_id is not None:
            parts[part_id] = quantity
    return {
        line_id: (whole(gone[line_id], kits.get(line_id)), whole(units, kits.get(line_id)))
        for line_id, units in ready.items()
    }


def label_units(orders: Iterable[OrderState]) -> None:
    """Set `labelled` of the lines of these locked orders by their parcels' states. The caller saves."""
    found = list(orders)
    now = counts(order.id for order in found) if found else {}
    for order in found:
        for line in order.lines:
            gone, ready = now.get(line.id, (0, 0))
            line.units = replace(line.units, labelled=min(line.units.packed, max(0, ready - gone)))
