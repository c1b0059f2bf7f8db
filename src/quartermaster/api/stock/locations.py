"""The sites that hold stock."""

from datetime import time
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Code, Country, Sent, Shape, Text, Told
from quartermaster.core.texts import storable
from quartermaster.stock.actions.locate import locate
from quartermaster.stock.queries.locations import LocationShown
from quartermaster.stock.queries.locations import location as find_location
from quartermaster.stock.queries.locations import locations as find_locations
from quartermaster.stock.rules.locations import Site

router = Router(tags=["Stock"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
Kind = Literal["own", "3pl", "store", "dropship", "fba"]
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"), Told("Local time, as in 14:30.")]


class Location(Shape):
    """cutoff: local time after which orders leave the next day. ships_to: countries, none: everywhere."""

    code: str
    name: str
    kind: Kind
    country: str
    region: str
    postcode: str
    timezone: str
    latitude: float | None
    longitude: float | None
    cutoff: str | None
    orders_per_day_max: int | None
    takes_hazmat: bool
    ships_to: list[str]
    is_active: bool


class LocationChange(Sent):
    """What is left out stays as it is, or is ordinary when the location is new."""

    name: Text = ""
    kind: Kind = "own"
    country: Country = ""
    region: Text = ""
    postcode: Text = ""
    timezone: Text = "UTC"
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    cutoff: Clock | None = None
    orders_per_day_max: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    takes_hazmat: bool = True
    ships_to: Annotated[list[Annotated[str, Field(pattern="^[A-Z]{2}$")]], Field(max_length=300)] = []
    is_active: bool = True


class LocationWanted(LocationChange):
    code: Code


@router.get("/locations", auth=READ, response=list[Location], summary="List locations")
def locations(request: HttpRequest) -> list[Location]:
    return [_told(found) for found in find_locations()]


@router.post("/locations", auth=WRITE, response={201: Location}, summary="Make or change a location")
def make_location(request: HttpRequest, wanted: LocationWanted) -> Location:
    return _saved(request, wanted.code, wanted)


@router.get("/locations/{code}", auth=READ, response=Location, summary="Read a location")
def location(request: HttpRequest, code: str) -> Location:
    return _told(find_location(storable(code)))


@router.patch("/locations/{code}", auth=WRITE, response=Location, summary="Change a location")
def change_location(request: HttpRequest, code: str, wanted: LocationChange) -> Location:
    """Its code stays: it stands in every bin and every movement."""
    find_location(storable(code))
    return _saved(request, storable(code), wanted)


def _saved(request: HttpRequest, code: str, wanted: LocationChange) -> Location:
    given = wanted.model_dump(exclude_unset=True, exclude={"code"})
    if wanted.cutoff is not None:
        given["cutoff"] = time.fromisoformat(wanted.cutoff)
    (done,) = locate([Site(code=code, **given)], at=now(), by=actor(request), source="api")
    if done.refused:
        raise done.refused
    return _told(find_location(code))


def _told(found: LocationShown) -> Location:
    cutoff = found.cutoff.isoformat(timespec="minutes") if found.cutoff else None
    return Location.model_validate(
        {name: getattr(found, name) for name in found.__struct_fields__} | {"cutoff": cutoff}
    )
