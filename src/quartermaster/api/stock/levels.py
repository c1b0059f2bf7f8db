"""Stock levels by SKU and site: what can be promised, and what is kept back."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import LIMIT_DEFAULT, Count, Filter, Items, Limit, Sent, Shape, Told, listed
from quartermaster.catalog.queries import resolve
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.texts import short, storable
from quartermaster.stock.actions import LevelUnits, set_incoming, set_safety
from quartermaster.stock.queries.availability import Available, availability
from quartermaster.stock.queries.balances import balances
from quartermaster.stock.queries.locations import location_id

router = Router(tags=["Stock"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
Cursor = Annotated[
    str, Field(pattern="^([1-9][0-9]{0,17}-[1-9][0-9]{0,17})?$"), Told("As the Link header names it.")
]


class Level(Shape):
    """Units of one SKU at one site. available can still be promised, after reservations and safety stock.

    A kit counts as what can be made of its parts.
    """

    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    incoming: int
    safety: int


class LevelPolicy(Sent):
    """safety: units kept back from promising. incoming: units on their way. What is left out stays."""

    safety: Count | None = None
    incoming: Count | None = None


class Held(Shape):
    """Units at one place, in one state, of one lot."""

    place: str
    sku: str
    state: str
    lot: str
    serial: str
    quantity: int
    expires_on: date | None


@router.get("/stock", auth=READ, response=list[Level], summary="Read stock levels")
def stock(
    request: HttpRequest,
    response: HttpResponse,
    sku: Filter = "",
    location: Filter = "",
    after: Cursor = "",
    limit: Limit = LIMIT_DEFAULT,
) -> list[Available]:
    """A plain list; where there is more, the header `Link: <…>; rel="next"` names the following page."""
    found = availability(sku=sku, location=location, after=after, limit=limit)
    if found.next:
        asked = {"sku": sku, "location": location, "after": found.next, "limit": limit}
        query = urlencode({name: value for name, value in asked.items() if value})
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return found.items


@router.get("/stock/places", auth=READ, response=Items[Held], summary="Read what lies at a place")
def places(
    request: HttpRequest,
    place: Annotated[Filter, Field(min_length=1), Told("SITE, SITE/BIN or SITE/ZONE/BIN")],
    after: Annotated[str, Field(max_length=4000, pattern="^[A-Za-z0-9_=-]*$")] = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Everything within it included."""
    return listed(balances(place, after=after, limit=limit))


@router.put("/stock/{path:sku}/{location}", auth=WRITE, response=Level, summary="Set safety and incoming")
def set_policy(request: HttpRequest, sku: str, location: str, wanted: LevelPolicy) -> Available:
    """What is promised already stays promised."""
    if wanted.safety is None and wanted.incoming is None:
        raise Invalid(what="The policy", errors={"body": "names nothing to set"})
    code = storable(sku)
    sku_id, site_id = resolve([(0, code)]).get((0, code)), location_id(storable(location))
    if sku_id is None:
        raise NotFound(what="SKU", which=short(code, 80))
    by, at = actor(request), now()
    with transaction.atomic():
        if wanted.safety is not None:
            set_safety([LevelUnits(sku_id, site_id, wanted.safety)], by=by, at=at)
        if wanted.incoming is not None:
            set_incoming([LevelUnits(sku_id, site_id, wanted.incoming)], by=by, at=at)
        for level in availability(sku=code, location=storable(location)).items:
            return level
        raise NotFound(what="level of", which=short(code, 80))
