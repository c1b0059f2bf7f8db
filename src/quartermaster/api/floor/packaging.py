"""/api/packaging: cartons, mailers and inserts, and how exact a scale is."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Json, Sent, Shape
from quartermaster.core.errors import Invalid
from quartermaster.shipping.queries.cartons import carton_report
from quartermaster.warehouse.actions import import_cartons, write_packaging
from quartermaster.warehouse.queries.packaging import (
    Version,
    packaging_in_force,
    packaging_of,
    table_of,
)
from quartermaster.warehouse.rules.packaging import Packaging

router = Router(tags=["Packaging"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PackagingInForce(Shape):
    """packaging: see docs/howto/pick-and-pack.md."""

    version: int
    because: str
    actor: str
    made_at: datetime | None
    packaging: Json


class PackagingWanted(Sent):
    """The whole packaging. version: the one it was made from; a newer one is not overwritten (409)."""

    because: Because
    packaging: Json
    version: Number | None = None


@router.get("/packaging", auth=READ, response=PackagingInForce, summary="Read the packaging in force")
def packaging(request: HttpRequest) -> dict[str, Any]:
    return _told(packaging_in_force())


class CartonsOut(Shape):
    """csv: a table of cartons with a header."""

    version: int
    csv: str


class CartonsWanted(Sent):
    """csv: rows take the place of cartons of the same code, new ones are added, others stay. All or none."""

    because: Because
    csv: Annotated[str, Field(max_length=500_000)]
    version: Number | None = None


class CartonReport(Shape):
    """Shares: 0.02 is two percent more than expected. null: nothing to compare."""

    carton: str
    parcels: int
    planned: int
    followed: int
    others: int
    weighed: int
    weight_off: float | None
    billed: int
    billable_off: float | None
    left_us: int
    damaged: int
    damage_rate: float | None


@router.get("/packaging/cartons", auth=READ, response=CartonsOut, summary="Read the cartons as CSV")
def cartons(request: HttpRequest) -> CartonsOut:
    found = packaging_in_force().packaging
    return CartonsOut(version=found.version, csv=table_of(found.cartons))


@router.put("/packaging/cartons", auth=WRITE, response=CartonsOut, summary="Change cartons by CSV")
def change(request: HttpRequest, wanted: CartonsWanted) -> CartonsOut:
    """What is wrong is told row by row, and nothing is written."""
    import_cartons(wanted.csv, because=wanted.because, version=wanted.version, at=now(), by=actor(request))
    return cartons(request)


@router.get(
    "/packaging/report", auth=READ, response=list[CartonReport], summary="How cartons do against their plans"
)
def report(request: HttpRequest, since: datetime, until: datetime) -> list[CartonReport]:
    return [CartonReport.model_validate(row) for row in carton_report(since=since, until=until)]


@router.get("/packaging/{version}", auth=READ, response=PackagingInForce, summary="Read older packaging")
def packaging_version(request: HttpRequest, version: Number) -> dict[str, Any]:
    return _told(packaging_of(version))


@router.put("/packaging", auth=WRITE, response=PackagingInForce, summary="Put new packaging in force")
def change_packaging(request: HttpRequest, wanted: PackagingWanted) -> dict[str, Any]:
    """Parcels that were closed keep their measures. Older versions stay."""
    try:
        made = msgspec.convert({"version": 1, **wanted.packaging}, Packaging)
    except msgspec.ValidationError as error:
        raise Invalid(what="The packaging", errors={"packaging": str(error)}) from None
    write_packaging(made, because=wanted.because, version=wanted.version, at=now(), by=actor(request))
    return _told(packaging_in_force())


def _told(found: Version) -> dict[str, Any]:
    return {
        "version": found.packaging.version,
        "because": found.because,
        "actor": found.actor,
        "made_at": found.made_at,
        "packaging": msgspec.to_builtins(found.packaging),
    }
