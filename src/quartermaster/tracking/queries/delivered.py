"""How many units of a line its delivered parcels hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held
from quartermaster.warehouse.rules.boxes import whole_in

# A line that left as parts is counted by what was promised to it, whatever its kit is made of today.
COUNTED = """
select l.order_id, l.id, l.code, l.delivered, l.shipped,
  case when not coalesce(bool_or(i.sku_id <> l.sku_id), false)
    then least(l.shipped, sum(i.arrived))::bigint end as counted,
  case when bool_or(i.sku_id <> l.sku_id)
    then jsonb_object_agg(i.sku_id, i.arrived) filter (where i.sku_id is not null)::text end as parts
from orders_line l
join (
  select i.line_id, i.sku_id,
    coalesce(sum(i.quantity) filter (where t.delivered_at is not null), 0)::bigint as arrived
  from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
    left join tracking_track t on t.parcel_id = p.id
  where p.state = 'handed_over' and {those} group by i.line_id, i.sku_id) i on i.line_id = l.id
group by l.id
"""
OF_ORDERS = COUNTED.format(those="p.order_id = any(%s)")
EVERYWHERE = COUNTED.format(those="true")
_parts = msgspec.json.Decoder(dict[int, int])


class Arrived(NamedTuple):
    """What of a line has arrived: `counted` units, or of a kit its parts: a JSON object of SKU ids."""

    order_id: int
    line_id: int
    code: str
    delivered: int
    shipped: int
    counted: int | None
    parts: str | None


def delivered_units(order_ids: Sequence[int]) -> Mapping[int, int]:
    """Line id -> units delivered, of lines that parcels with known content have left for. Two statements."""
    return counted(map(Arrived._make, sql.run(OF_ORDERS, (list(order_ids),))))


def counted(arrived: Iterable[Arrived]) -> dict[int, int]:
    """Line id -> units delivered. A kit has arrived when every part that was promised for it has."""
    found: dict[int, int] = {}
    kits: list[Arrived] = []
    for line in arrived:
        if line.counted is None:
            kits.append(line)
        else:
            found[line.line_id] = line.counted
    promised: defaultdict[int, list[Held]] = defaultdict(list)
    for part in held(line.line_id for line in kits):
        promised[part.claim].append(part)
    for line in kits:
        units = _parts.decode(line.parts or "{}")
        found[line.line_id] = min(line.shipped, whole_in(promised[line.line_id], units))
    return found
