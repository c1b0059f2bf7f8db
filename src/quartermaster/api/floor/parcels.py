"""Packing: a parcel is opened, scanned full, closed, perhaps opened again."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    Code,
    ParcelId,
    PhotoKept,
    PhotoSent,
    Quantity,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
)
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.parcels import parcel
from quartermaster.warehouse.queries.photos import parcel_photo

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
Measure = Annotated[int, Field(ge=1, le=1_000_000)]


class Item(Shape):
    id: str
    line: str
    sku: str
    quantity: int
    lot: str
    serial: str


class Waiting(Shape):
    sku: str
    title: str
    quantity: int


class ParcelInsert(Shape):
    """What goes in beside the goods, and why. sku: it is an article, to be scanned."""

    code: str
    title: str
    sku: str
    because: str
    is_scanned: bool


class ParcelPhoto(Shape):
    """state: where the parcel was when the photo came."""

    id: str
    state: str
    at: datetime
    by: str


class Parcel(Shape):
    """state: packing | packed | labelled | handed_over | cancelled. waiting: picked, and in no parcel yet.
    photo_wanted: why it is not closed without a photo; empty when it is."""

    id: str
    order: str
    location: str | None
    state: str
    carton: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    carrier: str
    service: str
    tracking_number: str
    promised_on: date | None
    ship_by: datetime | None
    packed_at: datetime | None
    packed_by: str
    items: list[Item]
    inserts: list[ParcelInsert]
    waiting: list[Waiting]
    photos: list[ParcelPhoto]
    photo_wanted: str


class ParcelWanted(Sent):
    order: Code
    location: Code


class Scan(Sent):
    """code: barcode, SKU or serial number. Every scan is one of its own: repeat it with its
    Idempotency-Key."""

    code: Code
    serial: Text = ""


class Size(Sent):
    length_mm: Measure
    width_mm: Measure
    height_mm: Measure


class Closing(Sent):
    """partly: the order gets more parcels. carton: one of the packaging gives size and tare. weight_because:
    why it is closed although the scale says something else than its units and carton weigh. carton_because:
    why another carton than suggested. insert_because: why an insert that is an article is left out.
    photo_because: why there is no photo, where one is wanted."""

    partly: bool = False
    carton: Text = ""
    weight_g: Measure | None = None
    size: Size | None = None
    weight_because: Text = ""
    carton_because: Text = ""
    insert_because: Text = ""
    photo_because: Text = ""


class Units(Sent):
    quantity: Quantity


@router.post("/parcels", auth=WRITE, response={201: Parcel}, summary="Begin a parcel")
def begin(request: HttpRequest, wanted: ParcelWanted) -> Status[Parcel]:
    made = actions.open_parcel(wanted.order, wanted.location, at=now(), by=actor(request))
    return Status(201, _told(str(made)))


@router.get("/parcels/{parcel_id}", auth=READ, response=Parcel, summary="Read a parcel")
def read(request: HttpRequest, parcel_id: ParcelId) -> Parcel:
    return _told(parcel_id)


@router.post("/parcels/{parcel_id}/items", auth=WRITE, response=Parcel, summary="Scan a unit into a parcel")
def scan(request: HttpRequest, parcel_id: ParcelId, wanted: Scan) -> Parcel:
    """What the order does not need is refused with the sentence to show."""
    actions.scan(int(parcel_id), wanted.code, serial=wanted.serial, at=now(), by=actor(request))
    return _told(parcel_id)


@router.post(
    "/parcels/{parcel_id}/items/{item_id}/take-out",
    auth=WRITE,
    response=Parcel,
    summary="Take units out again",
)
def take_out(request: HttpRequest, parcel_id: ParcelId, item_id: RowId, wanted: Units) -> Parcel:
    actions.take_out(int(parcel_id), int(item_id), wanted.quantity, at=now(), by=actor(request))
    return _told(parcel_id)


@router.post("/parcels/{parcel_id}/close", auth=WRITE, response=Parcel, summary="Close a parcel")
def close(request: HttpRequest, parcel_id: ParcelId, wanted: Closing) -> Parcel:
    """Everything picked must be in it, unless the order gets more parcels. Closing again does nothing."""
    size = wanted.size
    actions.close(
        int(parcel_id),
        partly=wanted.partly,
        carton=wanted.carton,
        weight_g=wanted.weight_g,
        size_mm=(size.length_mm, size.width_mm, size.height_mm) if size else None,
        weight_because=wanted.weight_because,
        carton_because=wanted.carton_because,
        insert_because=wanted.insert_because,
        photo_because=wanted.photo_because,
        at=now(),
        by=actor(request),
    )
    return _told(parcel_id)


@router.post(
    "/parcels/{parcel_id}/photos", auth=WRITE, response={201: PhotoKept}, summary="Add a photo of a parcel"
)
def add_photo(request: HttpRequest, parcel_id: ParcelId, wanted: PhotoSent) -> Status[PhotoKept]:
    """Open, closed or gone; the same bytes again are the same photo."""
    made = actions.add_parcel_photo(int(parcel_id), wanted.photo, at=now(), by=actor(request))
    return Status(201, PhotoKept(id=str(made)))


@router.get("/parcel-photos/{photo_id}", auth=READ, response={200: None}, summary="Read a photo of a parcel")
def read_photo(request: HttpRequest, photo_id: RowId) -> HttpResponse:
    kind, body = parcel_photo(int(photo_id))
    return HttpResponse(body, content_type=kind)


@router.post("/parcels/{parcel_id}/open", auth=WRITE, response=Parcel, summary="Open a closed parcel again")
def open_again(request: HttpRequest, parcel_id: ParcelId, wanted: Reason) -> Parcel:
    """Its label is given back."""
    actions.open_again(int(parcel_id), because=wanted.because, at=now(), by=actor(request))
    return _told(parcel_id)


def _told(parcel_id: str) -> Parcel:
    return Parcel.model_validate(parcel(int(parcel_id)))
