"""A closed parcel is compared with the cartons that were suggested for it."""

from collections import Counter
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.events import CartonOverridden
from quartermaster.warehouse.actions.parcels import Closing
from quartermaster.warehouse.queries.packaging import packed_in
from quartermaster.warehouse.rules.plans import PlannedBox, followed


class CartonNotPlanned(Refused):
    code = "carton-not-planned"
    message = "P-{parcel_id} was to go into {planned}, not into {taken}."
    remedy = "Take a suggested carton, or say why another one is taken."


NEWEST = """
select id, coalesce(plan -> 'boxes', '[]')::text from warehouse_packing_plan where parcel_id = %s
order by id desc limit 1
"""
TAKEN = "update warehouse_packing_plan set taken = %s, taken_because = %s, box = %s where id = %s"
_boxes = msgspec.json.Decoder(tuple[PlannedBox, ...])


def follow_plan(closing: Closing, *, because: str, at: datetime, by: str) -> None:
    """Write down which carton was taken. Another one than suggested wants a reason, which is recorded; a
    parcel nobody named a carton for, or nothing was suggested for, is as it is. Raises CartonNotPlanned."""
    found = sql.run(NEWEST, (closing.id,))
    if not found or not closing.carton:
        return
    ((plan_id, text),) = found
    boxes = _boxes.decode(text)
    planned = tuple(dict.fromkeys(box.carton or "its own packaging" for box in boxes))
    is_other = bool(boxes) and closing.carton not in planned
    if is_other and not because.strip():
        raise CartonNotPlanned(parcel_id=closing.id, planned=" or ".join(planned), taken=closing.carton)
    units: Counter[str] = Counter()
    for one in packed_in(closing.id):
        units[one.sku] += one.units
    box = followed(boxes, closing.carton, units)
    sql.run(TAKEN, (closing.carton, because.strip() if is_other else "", box, plan_id))
    if is_other:
        emit(
            [
                CartonOverridden(
                    subject=f"order:SO-{closing.order_id}",
                    at=at,
                    actor=by,
                    order_id=closing.order_id,
                    parcel_id=closing.id,
                    planned=planned,
                    taken=closing.carton,
                    because=because.strip(),
                )
            ]
        )
