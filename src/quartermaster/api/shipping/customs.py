"""/api/customs and /api/parcels/{number}/customs: what is declared when a parcel crosses a border."""

from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Money, Sent, Shape
from quartermaster.api.shipping.papers import PDF, gives
from quartermaster.shipping import actions
from quartermaster.shipping.queries import papers
from quartermaster.shipping.queries.papers.customs import declaration, profile
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules.customs import Profile

router = Router(tags=["Customs"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
type Number = Annotated[str, Field(min_length=1, max_length=35)]


class Customs(Shape):
    """eori: number by country, `EU` for all of the Union. incoterm: duties are paid by the receiver (DAP) or
    by us (DDP)."""

    exporter: str
    eori: dict[str, str]
    ioss: str
    incoterm: str


class CustomsWanted(Sent):
    exporter: Annotated[str, Field(max_length=500)] = ""
    eori: dict[str, Number] = {}
    ioss: Annotated[str, Field(max_length=12)] = ""
    incoterm: Literal["DAP", "DDP"] = "DAP"


class DeclaredRow(Shape):
    sku: str
    title: str
    quantity: int
    value: Money
    hs_code: str
    origin: str
    weight_g: int | None


class Declaration(Shape):
    """missing: what customs will ask for and nobody has told."""

    sender: str
    receiver: str
    rows: list[DeclaredRow]
    value: Money
    weight_g: int | None
    eori: str
    ioss: str
    incoterm: str
    because: list[str]
    missing: list[str]


@router.get("/customs", auth=READ, response=Customs, summary="Read who we are for customs")
def customs(request: HttpRequest) -> dict[str, Any]:
    return msgspec.to_builtins(profile())  # type: ignore[no-any-return]  # a struct is a dict


@router.put("/customs", auth=WRITE, response=Customs, summary="Say who we are for customs")
def write(request: HttpRequest, wanted: CustomsWanted) -> dict[str, Any]:
    actions.write_customs(Profile(**wanted.model_dump()), at=now(), by=actor(request))
    return customs(request)


@router.get("/parcels/{number}/customs", auth=READ, response=Declaration, summary="Read what is declared")
def declared(request: HttpRequest, number: str) -> dict[str, Any]:
    """409 for a parcel that crosses no border, or is not closed."""
    found = declaration(parcel_id_of(number))
    told = msgspec.structs.asdict(found)
    rows = [
        {**msgspec.structs.asdict(row), "value": {"minor": row.value_minor, "currency": found.currency}}
        for row in found.rows
    ]
    return {**told, "rows": rows, "value": {"minor": found.value_minor, "currency": found.currency}}


@router.get("/parcels/{number}/customs.pdf", auth=READ, summary="Print for customs", openapi_extra=gives(PDF))
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The commercial invoice. 409 while something is missing; the answer names it."""
    return HttpResponse(papers.customs_pdf(parcel_id_of(number)), content_type=PDF)
