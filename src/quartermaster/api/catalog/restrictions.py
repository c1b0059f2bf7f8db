"""/api/restrictions: goods that may not go everywhere."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Country,
    Day,
    Filter,
    Items,
    Limit,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
)
from quartermaster.catalog.actions import lift, restrict
from quartermaster.catalog.queries import restrictions_listed
from quartermaster.catalog.rules.restrictions import Restriction as Line

router = Router(tags=["Catalog"])
READ, WRITE = Bearer("catalog:read"), Bearer("catalog:write")


class Restriction(Shape):
    """A line of the list. Empty: any. until_on: the last day it holds. tag: a value of a SKU's attributes,
    such as its category. is_import: only for what comes into the country from another."""

    id: int
    level: str
    because: str
    country: str
    site: str
    carrier: str
    service: str
    hs_prefix: str
    sku: str
    is_hazmat: bool
    tag: str
    from_on: date
    until_on: date | None
    source: str
    is_import: bool
    written_by: str


class RestrictionWanted(Sent):
    """level: prohibited never goes, restricted goes once a person released the order. What it is about
    (hs_prefix, sku, is_hazmat, tag) must all be so. source: who says so.
    is_import: only for what comes into the country from another, not for what stays within it."""

    level: Literal["prohibited", "restricted"]
    because: Because
    from_on: Day
    until_on: Day | None = None
    country: Country = ""
    site: Text = ""
    carrier: Text = ""
    service: Text = ""
    hs_prefix: Text = ""
    sku: Text = ""
    is_hazmat: bool = False
    tag: Text = ""
    source: Text = ""
    is_import: bool = False


class RestrictionsWanted(Sent):
    lines: Annotated[list[RestrictionWanted], Field(min_length=1, max_length=1_000)]


class RestrictionsWritten(Shape):
    """changed: lines that are new, or differ from what was there."""

    changed: int


class RestrictionEnd(Sent):
    """last_on: the last day the line holds; before its first day it is forgotten."""

    last_on: Day
    because: Because


@router.get("/restrictions", auth=READ, response=Items[Restriction], summary="List restricted goods")
def find(
    request: HttpRequest, country: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Newest first, with those that are over. `country`: only lines that name it."""
    return listed(restrictions_listed(country=country, after=after, limit=limit))


@router.post("/restrictions", auth=WRITE, response=RestrictionsWritten, summary="Restrict goods")
def write(request: HttpRequest, wanted: RestrictionsWanted) -> dict[str, Any]:
    """All of them or none. A line that is there already, from the same day, is told anew."""
    lines = [Line(**line.model_dump()) for line in wanted.lines]
    return {"changed": restrict(lines, at=now(), by=actor(request))}


@router.post("/restrictions/{restriction_id}/end", auth=WRITE, response={204: None}, summary="End a line")
def end(request: HttpRequest, restriction_id: RowId, wanted: RestrictionEnd) -> Status[None]:
    lift(int(restriction_id), last_on=wanted.last_on, because=wanted.because, at=now(), by=actor(request))
    return Status(204, None)
