"""/api/customs and /api/parcels/{number}/customs: what is declared when a parcel crosses a border."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Code, Day, Minor, Money, Sent, Shape
from quartermaster.api.shipping.papers import PDF, gives
from quartermaster.orders.queries.lists import order_id
from quartermaster.shipping import actions
from quartermaster.shipping.queries import papers
from quartermaster.shipping.queries.customs import contents, declared, profile
from quartermaster.shipping.queries.customs_versions import declared_by, profile_versions, sku_history
from quartermaster.shipping.queries.papers.customs import form_of
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules.customs import Contents, Profile

router = Router(tags=["Customs"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
type Number = Annotated[str, Field(min_length=1, max_length=35)]


class CustomsSite(Shape):
    """A site that exports under another name or numbers; empty: as the company does."""

    exporter: str
    eori: dict[str, str]
    ioss: str


class PostalLimit(Shape):
    """From that day a post takes the CN22 up to that value and weight. source: who says so."""

    country: str
    currency: str
    value_max_minor: int
    weight_max_g: int
    from_on: date
    source: str


class Customs(Shape):
    """eori: number by country, `EU` for all of the Union. incoterm: duties are paid by the receiver (DAP) or
    by us (DDP). forms: limits of the CN22 beside those that are built in."""

    exporter: str
    eori: dict[str, str]
    ioss: str
    incoterm: str
    sites: dict[str, CustomsSite]
    forms: list[PostalLimit]


class CustomsVersion(Shape):
    """from_on: the first day it holds; of those that hold the one that began last counts."""

    version: int
    from_on: date
    because: str
    at: datetime
    by: str
    profile: Customs


class SkuCustoms(Shape):
    """What customs are told of a SKU from a moment on, by whom. because: where the change came from."""

    version: int
    from_at: datetime
    by: str
    because: str
    hs_code: str
    origin_country: str
    title: str
    cost_minor: int | None
    currency: str
    weight_g: int | None


class DeclaredVersions(Shape):
    """By which versions the label was bought: of the sender, and of each SKU. 0: nothing was told."""

    label: str
    profile: int
    skus: dict[str, int]
    at: datetime


class CustomsSiteWanted(Sent):
    exporter: Annotated[str, Field(max_length=500)] = ""
    eori: dict[str, Number] = {}
    ioss: Annotated[str, Field(max_length=12)] = ""


class PostalLimitWanted(Sent):
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    value_max_minor: Minor
    weight_max_g: Annotated[int, Field(ge=1, le=100_000)] = 2_000
    from_on: Day
    source: Code


class CustomsWanted(Sent):
    """from_on: the first day it holds, today when it is left out."""

    because: Annotated[str, Field(max_length=1000)] = ""
    from_on: Day | None = None
    exporter: Annotated[str, Field(max_length=500)] = ""
    eori: dict[str, Number] = {}
    ioss: Annotated[str, Field(max_length=12)] = ""
    incoterm: Literal["DAP", "DDP"] = "DAP"
    sites: dict[str, CustomsSiteWanted] = {}
    forms: Annotated[list[PostalLimitWanted], Field(max_length=200)] = []


class OrderContents(Shape):
    """Why an order is sent. worth: minor units of its currency for a unit, by SKU."""

    purpose: str
    worth: dict[str, int]


class OrderContentsWanted(Sent):
    """worth: of what was given away, and of gifts, samples and returned goods; a price that was paid for
    goods sold stands."""

    purpose: Literal["sale", "gift", "sample", "return", "other"] = "sale"
    worth: dict[str, Annotated[int, Field(ge=1)]] = {}


class DeclaredRow(Shape):
    sku: str
    title: str
    quantity: int
    value: Money
    hs_code: str
    origin: str
    weight_g: int | None


class Declaration(Shape):
    """missing: what customs will ask for and nobody has told. form: CN22 or CN23, if it goes by post.
    declared: by which versions its label was bought; null while it has none."""

    sender: str
    receiver: str
    rows: list[DeclaredRow]
    value: Money
    weight_g: int | None
    eori: str
    ioss: str
    incoterm: str
    purpose: str
    form: str
    form_because: str
    because: list[str]
    missing: list[str]
    declared: DeclaredVersions | None


@router.get("/customs", auth=READ, response=Customs, summary="Read who we are for customs")
def customs(request: HttpRequest) -> dict[str, Any]:
    return msgspec.to_builtins(profile())  # type: ignore[no-any-return]  # a struct is a dict


@router.put("/customs", auth=WRITE, response=Customs, summary="Say who we are for customs")
def write(request: HttpRequest, wanted: CustomsWanted) -> dict[str, Any]:
    """A new version; older ones stay. The answer is what holds today."""
    told = msgspec.convert(wanted.model_dump(mode="json", exclude={"because", "from_on"}), Profile)
    because, from_on = wanted.because, wanted.from_on
    actions.write_customs(told, because=because, from_on=from_on, at=now(), by=actor(request))
    return customs(request)


@router.get(
    "/customs/versions", auth=READ, response=list[CustomsVersion], summary="Read who we were for customs"
)
def customs_versions(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest 50, those that do not hold yet among them."""
    return [
        {**msgspec.structs.asdict(each), "profile": msgspec.to_builtins(each.profile)}
        for each in profile_versions()
    ]


@router.get(
    "/customs/skus/{path:code}",
    auth=READ,
    response=list[SkuCustoms],
    summary="Read what customs are told of a SKU",
)
def sku_customs(request: HttpRequest, code: Code) -> list[SkuCustoms]:
    """Every version, the oldest first."""
    return [SkuCustoms.model_validate(each) for each in sku_history(code)]


@router.get("/parcels/{number}/customs", auth=READ, response=Declaration, summary="Read what is declared")
def declaration(request: HttpRequest, number: str) -> dict[str, Any]:
    """409 for a parcel that crosses no border, or is not closed."""
    one, found = declared(parcel_id_of(number))
    form = form_of(one, found)
    told = {**msgspec.structs.asdict(found), "form": form.name, "form_because": form.because}
    told["declared"] = declared_by(one.parcel)
    rows = [
        {**msgspec.structs.asdict(row), "value": {"minor": row.value_minor, "currency": found.currency}}
        for row in found.rows
    ]
    return {**told, "rows": rows, "value": {"minor": found.value_minor, "currency": found.currency}}


@router.get("/parcels/{number}/customs.pdf", auth=READ, summary="Print for customs", openapi_extra=gives(PDF))
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The commercial invoice. 409 while something is missing; the answer names it."""
    return HttpResponse(papers.customs_pdf(parcel_id_of(number)), content_type=PDF)


@router.get(
    "/parcels/{number}/postal-form.pdf", auth=READ, summary="Print a CN22 or CN23", openapi_extra=gives(PDF)
)
def postal_form(request: HttpRequest, number: str) -> HttpResponse:
    """Whichever the parcel needs. 409 while something is missing; the answer names it."""
    return HttpResponse(papers.postal_form_pdf(parcel_id_of(number)), content_type=PDF)


@router.get("/orders/{number}/contents", auth=READ, response=OrderContents, summary="Read why it is sent")
def read_contents(request: HttpRequest, number: str) -> dict[str, Any]:
    return msgspec.to_builtins(contents(order_id(number)))  # type: ignore[no-any-return]


@router.put("/orders/{number}/contents", auth=WRITE, response=OrderContents, summary="Say why it is sent")
def write_contents(request: HttpRequest, number: str, wanted: OrderContentsWanted) -> dict[str, Any]:
    """For customs papers of every parcel of the order from now on."""
    told = msgspec.convert(wanted.model_dump(), Contents)
    actions.declare_contents(order_id(number), told, at=now(), by=actor(request))
    return read_contents(request, number)
