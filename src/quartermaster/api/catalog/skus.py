"""SKUs and the kits made of them."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import BeforeValidator, Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Code,
    Country,
    Filter,
    Items,
    Json,
    Limit,
    Minor,
    Quantity,
    Sent,
    Shape,
    Text,
)
from quartermaster.catalog.actions import Kit, save_sku, set_kits
from quartermaster.catalog.queries import kits, sku_codes, states
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short, storable

router = Router(tags=["Catalog"])
READ, WRITE = Bearer("catalog:read"), Bearer("catalog:write")
Measure = Annotated[int, Field(ge=0, le=10**8)]
Policy = Literal["deny", "backorder", "preorder"]


def _day(value: object) -> object:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value


class Sku(Shape):
    """kit: SKU -> how many of it are in one; empty when it is no kit. barcodes: code -> units a scan is for.

    units: name -> base units in one. Money is in minor units of `currency`.
    """

    code: str
    title: str
    product: str
    options: dict[str, str]
    attributes: Json
    base_unit: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    cost_minor: int | None
    currency: str
    hs_code: str
    origin_country: str
    is_hazmat: bool
    policy: Policy
    backorder_cap: int | None
    available_on: date | None
    is_active: bool
    barcodes: dict[str, int]
    units: dict[str, int]
    kit: dict[str, int]


class SkuChange(Sent):
    """What is left out stays as it is. barcodes are added; units replace those there are."""

    title: Annotated[Text, Field(max_length=500)] = ""
    product: Text = ""
    options: Annotated[dict[str, Text], Field(max_length=100)] = {}
    attributes: Annotated[Json, Field(max_length=200)] = {}
    base_unit: Code = "each"
    weight_g: Measure | None = None
    length_mm: Measure | None = None
    width_mm: Measure | None = None
    height_mm: Measure | None = None
    cost_minor: Minor | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    hs_code: Annotated[Text, Field(max_length=20)] = ""
    origin_country: Country = ""
    is_hazmat: bool = False
    policy: Policy = "backorder"
    backorder_cap: Measure | None = None
    available_on: Annotated[date, BeforeValidator(_day)] | None = None
    is_active: bool = True
    barcodes: Annotated[dict[str, Quantity], Field(max_length=100)] = {}
    units: Annotated[dict[str, Quantity], Field(max_length=100)] = {}


class SkuWanted(SkuChange):
    code: Code


class KitWanted(Sent):
    """SKU -> how many of it are in one. Empty: it is no kit any more."""

    parts: Annotated[dict[str, Quantity], Field(max_length=200)]


@router.get("/skus", auth=READ, response=Items[Sku], summary="List SKUs, oldest first")
def skus(
    request: HttpRequest, barcode: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """With `barcode` the SKU it belongs to."""
    found = sku_codes(barcode=barcode, after=after, limit=limit)
    return {"items": _shown(found.items), "next": found.next}


@router.post("/skus", auth=WRITE, response={201: Sku}, summary="Make or change a SKU")
def make_sku(request: HttpRequest, wanted: SkuWanted) -> dict[str, Any]:
    """Orders that waited for this code are healed. What is left out is ordinary, or stays as it is."""
    return _saved(request, wanted.code, wanted)


@router.get("/skus/{path:code}", auth=READ, response=Sku, summary="Read a SKU")
def sku(request: HttpRequest, code: str) -> dict[str, Any]:
    return _one(code)


@router.patch("/skus/{path:code}", auth=WRITE, response=Sku, summary="Change a SKU")
def change_sku(request: HttpRequest, code: str, wanted: SkuChange) -> dict[str, Any]:
    _one(code)
    return _saved(request, code, wanted)


@router.put("/kits/{path:code}", auth=WRITE, response=Sku, summary="Say what a kit is made of")
def kit(request: HttpRequest, code: str, wanted: KitWanted) -> dict[str, Any]:
    """A kit may hold kits. What it takes from the shelf is worked out at once."""
    parts = {storable(part): quantity for part, quantity in wanted.parts.items()}
    (outcome,) = set_kits([Kit(storable(code), parts)], at=now(), by=actor(request), source="api")
    if outcome.refused:
        raise outcome.refused
    return _one(code)


def _saved(request: HttpRequest, code: str, wanted: SkuChange) -> dict[str, Any]:
    given = wanted.model_dump(exclude_unset=True, exclude={"code"})
    save_sku(Draft(code=storable(code), **given), at=now(), by=actor(request), source="api")
    return _one(code)


def _one(code: str) -> dict[str, Any]:
    for found in _shown([storable(code)]):
        return found
    raise NotFound(what="SKU", which=short(code, 80))


def _shown(codes: list[str]) -> list[dict[str, Any]]:
    """SKUs as they are, in the order of their codes given. Two statements."""
    known, made_of = states(codes), kits(codes)
    return [
        {**known[code].facts, "code": code, "kit": made_of.get(code, {})} for code in codes if code in known
    ]
