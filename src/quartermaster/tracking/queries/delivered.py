"""How many units of a line its delivered parcels hold."""

from collections.abc import Mapping, Sequence

from quartermaster.core import sql

# Of a kit, whole kits: the part of which the fewest have arrived decides. Parts that the kit no longer names
# are counted by how many of them went out for each kit.
COUNTED = """
select l.order_id, l.id, l.code, l.delivered,
  least(l.shipped, min(case
    when i.sku_id is null or i.sku_id = l.sku_id then i.arrived
    else i.arrived / coalesce(k.quantity, greatest(1, i.gone / greatest(1, l.shipped))) end))::bigint
from orders_line l
join (
  select i.line_id, i.sku_id, sum(i.quantity)::bigint as gone,
    coalesce(sum(i.quantity) filter (where t.delivered_at is not null), 0)::bigint as arrived
  from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
    left join tracking_track t on t.parcel_id = p.id
  where p.state = 'handed_over' and {those} group by i.line_id, i.sku_id) i on i.line_id = l.id
left join catalog_kit_leaf k on k.kit_id = l.sku_id and k.part_id = i.sku_id
group by l.id
"""
OF_ORDERS = COUNTED.format(those="p.order_id = any(%s)")
EVERYWHERE = COUNTED.format(those="true")


def delivered_units(order_ids: Sequence[int]) -> Mapping[int, int]:
    """Line id -> units delivered, of lines that parcels with known content have left for."""
    return {line_id: count for _, line_id, _, _, count in sql.run(OF_ORDERS, (list(order_ids),))}
