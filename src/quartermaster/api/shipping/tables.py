"""/api/rate-tables: what the carriers that are rated by table charge and promise."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Json, Revision, Sent, Shape
from quartermaster.core.errors import Invalid
from quartermaster.shipping.actions import write_tables
from quartermaster.shipping.queries.tables import Version, tables_in_force, tables_of
from quartermaster.shipping.rules import Tables

router = Router(tags=["Rate tables"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class RateTables(Shape):
    """tables: see docs/reference/rate-tables.md."""

    version: int
    because: str
    actor: str
    made_at: datetime | None
    tables: Json


class TablesWanted(Sent):
    """The whole tables. version: the one they were made from; a newer one is not overwritten (409)."""

    because: Because
    tables: Json
    version: Revision | None = None


@router.get("/rate-tables", auth=READ, response=RateTables, summary="Read the rate tables in force")
def tables(request: HttpRequest) -> dict[str, Any]:
    return _told(tables_in_force())


@router.get("/rate-tables/{version}", auth=READ, response=RateTables, summary="Read older rate tables")
def tables_version(request: HttpRequest, version: Revision) -> dict[str, Any]:
    return _told(tables_of(version))


@router.put("/rate-tables", auth=WRITE, response=RateTables, summary="Put new rate tables in force")
def change_tables(request: HttpRequest, wanted: TablesWanted) -> dict[str, Any]:
    """Labels that were bought keep their price. Older versions stay: they explain older choices."""
    try:
        made = msgspec.convert({"version": 1, **wanted.tables}, Tables)
    except msgspec.ValidationError as error:
        raise Invalid(what="The rate tables", errors={"tables": str(error)}) from None
    write_tables(made, because=wanted.because, version=wanted.version, at=now(), by=actor(request))
    return _told(tables_in_force())


def _told(found: Version) -> dict[str, Any]:
    return {
        "version": found.tables.version,
        "because": found.because,
        "actor": found.actor,
        "made_at": found.made_at,
        "tables": msgspec.to_builtins(found.tables),
    }
