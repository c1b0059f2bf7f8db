"""Pick faces: what they hold at least and at most, and the tasks that fill them."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Code,
    Count,
    Filter,
    Items,
    Limit,
    Quantity,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
)
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries import refills as found

router = Router(tags=["Replenishment"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
LEAD = Bearer("stock:write")


class PickFace(Shape):
    """A bin that pickers take a SKU from. available: what lies there now."""

    place: str
    sku: str
    units_min: int
    units_max: int
    available: int


class FaceWanted(Sent):
    """units_max 0: it is no pick face of the SKU any more."""

    place: Code
    sku: Code
    units_min: Count
    units_max: Count


class Refill(Shape):
    """Units to carry from source to target; moved of them are there."""

    id: str
    location: str
    sku: str
    title: str
    source: str
    target: str
    lot: str
    quantity: int
    moved: int
    because: str


class Carried(Sent):
    """moved: units of the task that lie in the target, those told before included. source, target: scans."""

    moved: Quantity
    source: Code
    target: Code


class Planned(Shape):
    made: int


class SiteNamed(Sent):
    location: Text = ""


@router.get("/pick-faces", auth=READ, response=Items[PickFace], summary="List pick faces")
def faces(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    return listed(found.pick_faces(location=location, after=after, limit=limit))


@router.put("/pick-faces", auth=LEAD, response={204: None}, summary="Set a pick face")
def set_face(request: HttpRequest, wanted: FaceWanted) -> Status[None]:
    actions.set_face(
        wanted.place,
        wanted.sku,
        units_min=wanted.units_min,
        units_max=wanted.units_max,
        at=now(),
        by=actor(request),
    )
    return Status(204, None)


@router.get("/refills", auth=READ, response=Items[Refill], summary="List what is to be carried to pick faces")
def refills(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    return listed(found.refills(location=location, after=after, limit=limit))


@router.post("/refills", auth=WRITE, response=Planned, summary="Plan what pick faces need now")
def plan(request: HttpRequest, wanted: SiteNamed) -> Planned:
    """The worker does it every quarter of an hour. What is under way counts."""
    return Planned(made=actions.plan_refills(location=wanted.location, at=now(), by=actor(request)))


@router.post(
    "/refills/{task_id}/done", auth=WRITE, response={204: None}, summary="Units are in the pick face"
)
def done(request: HttpRequest, task_id: RowId, wanted: Carried) -> Status[None]:
    actions.refill(
        int(task_id),
        wanted.moved,
        source=wanted.source,
        target=wanted.target,
        at=now(),
        by=actor(request),
    )
    return Status(204, None)


@router.post("/refills/{task_id}/cancel", auth=WRITE, response={204: None}, summary="Give a refill up")
def cancel(request: HttpRequest, task_id: RowId, wanted: Reason) -> Status[None]:
    """What was carried stays; the next plan looks anew."""
    actions.give_up_refill(int(task_id), because=wanted.because, at=now(), by=actor(request))
    return Status(204, None)
