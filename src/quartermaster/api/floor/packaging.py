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
from quartermaster.warehouse.actions import write_packaging
from quartermaster.warehouse.queries.packaging import Version, packaging_in_force, packaging_of
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
