"""Which cartons a parcel is to be packed into, and why."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import ParcelId, Shape
from quartermaster.shipping.actions import plan_packing
from quartermaster.shipping.queries.packing import plan_shown

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")


class PlannedUnits(Shape):
    sku: str
    quantity: int


class PlannedPlace(Shape):
    """quantity units (more than one: put into each other) with their corner and their size inside, in mm."""

    sku: str
    quantity: int
    at_mm: list[int]
    size_mm: list[int]


class PlannedCarton(Shape):
    """carton is empty where a unit goes in its own packaging. Weights with the carton; billable_g by the
    cheapest service. lying: where things lie; what is in no place fills the room that is left."""

    carton: str
    title: str
    contents: list[PlannedUnits]
    lying: list[PlannedPlace]
    weight_g: int
    billable_g: int
    service: str
    fill_bp: int


class PackingPlanOut(Shape):
    """cartons: empty where nothing is suggested; because says why. taken, taken_because: what it was closed
    with. followed: the position of the carton it became, with the same units."""

    parcel: str
    cartons: list[PlannedCarton]
    because: list[str]
    rules_version: int
    packaging_version: int
    tables_version: int
    made_at: datetime
    made_by: str
    taken: str
    taken_because: str
    followed: int | None


@router.post("/parcels/{parcel_id}/plan", auth=WRITE, response=PackingPlanOut, summary="Suggest cartons")
def make(request: HttpRequest, parcel_id: ParcelId) -> PackingPlanOut:
    """For all that was picked for the order here and is in no closed parcel. What was never measured is
    named, and then nothing is suggested. A parcel with a suggestion that is closed in another carton wants
    carton_because."""
    plan_packing(int(parcel_id), at=now(), by=actor(request))
    return _told(parcel_id)


@router.get("/parcels/{parcel_id}/plan", auth=READ, response=PackingPlanOut, summary="Read the suggestion")
def read(request: HttpRequest, parcel_id: ParcelId) -> PackingPlanOut:
    return _told(parcel_id)


def _told(parcel_id: str) -> PackingPlanOut:
    found = plan_shown(parcel_id)
    cartons = [
        PlannedCarton(
            carton=box.carton,
            title=box.title,
            contents=[PlannedUnits(sku=sku, quantity=units) for sku, units in box.contents],
            lying=[
                PlannedPlace(sku=one.sku, quantity=one.units, at_mm=[*one.at_mm], size_mm=[*one.size_mm])
                for one in box.lying
            ],
            weight_g=box.weight_g,
            billable_g=box.billable_g,
            service=box.service,
            fill_bp=box.fill_bp,
        )
        for box in (found.plan.boxes if found.plan else ())
    ]
    return PackingPlanOut(
        parcel=found.parcel,
        cartons=cartons,
        because=list(found.because),
        rules_version=found.rules_version,
        packaging_version=found.packaging_version,
        tables_version=found.tables_version,
        made_at=found.made_at,
        made_by=found.made_by,
        taken=found.taken,
        taken_because=found.taken_because,
        followed=found.box,
    )
