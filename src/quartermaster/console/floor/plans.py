"""What was suggested for a parcel, as the pack page shows it."""

from typing import NamedTuple

from quartermaster.console.floor.drawing import Drawing, drawn
from quartermaster.shipping.queries.packing import PlanShown, plan_of
from quartermaster.shipping.rules.cartons import Box
from quartermaster.warehouse.rules.packaging import Packaging


class Content(NamedTuple):
    """Units of a SKU; its number in the drawing."""

    number: int
    sku: str
    units: int


class BoxSeen(NamedTuple):
    box: Box
    contents: tuple[Content, ...]
    drawing: Drawing | None  # None: goods in their own packaging, or nothing that lies


class PlanSeen(NamedTuple):
    shown: PlanShown
    boxes: tuple[BoxSeen, ...]
    carton: str  # the first one's: what is filled in


def plan_seen(parcel_id: int, packaging: Packaging) -> PlanSeen | None:
    """None while nobody asked for a suggestion."""
    shown = plan_of(parcel_id)
    if shown is None:
        return None
    boxes = tuple(_seen(box, packaging) for box in (shown.plan.boxes if shown.plan else ()))
    return PlanSeen(shown, boxes, boxes[0].box.carton if boxes else "")


def _seen(box: Box, packaging: Packaging) -> BoxSeen:
    contents = tuple(Content(n, sku, units) for n, (sku, units) in enumerate(box.contents, 1))
    carton = packaging.carton(box.carton)
    if carton is None or not box.lying:
        return BoxSeen(box, contents, None)
    numbers = {one.sku: one.number for one in contents}
    return BoxSeen(box, contents, drawn(carton.inner_mm, box.lying, numbers))
