"""Papers: labels as PDF and ZPL, packing slips, pick lists."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer
from quartermaster.api.shapes import Told
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.shipping.queries import papers
from quartermaster.shipping.queries.parcels import parcel_ids_of
from quartermaster.shipping.queries.shipments import parcel_id_of

router = Router(tags=["Papers"])
READ = Bearer("ship:read")
PDF, ZPL = "application/pdf", "text/plain; charset=utf-8"
PARCELS_MAX = 1000
Numbers = Annotated[str, Field(min_length=1, max_length=20_000), Told("P-7,P-8,P-9: at most 1,000.")]


def gives(kind: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"} if kind == PDF else {"type": "string"}
    return {"responses": {200: {"description": "OK", "content": {kind.split(";")[0]: {"schema": schema}}}}}


@router.get("/parcels/{number}/label.pdf", auth=READ, summary="Print a label", openapi_extra=gives(PDF))
def label_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """4 x 6 inches: the carrier's own, or ours."""
    return HttpResponse(papers.label_pdf(parcel_id_of(number)), content_type=PDF)


@router.get("/parcels/{number}/label.zpl", auth=READ, summary="Print a label", openapi_extra=gives(ZPL))
def label_zpl(request: HttpRequest, number: str) -> HttpResponse:
    """For thermal printers of 203 dots an inch."""
    return HttpResponse(papers.label_zpl([parcel_id_of(number)]), content_type=ZPL)


@router.get("/parcels/{number}/slip.pdf", auth=READ, summary="Print a slip", openapi_extra=gives(PDF))
def slip_pdf(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(papers.slip_pdf(parcel_id_of(number)), content_type=PDF)


@router.get("/labels.pdf", auth=READ, summary="Print many labels", openapi_extra=gives(PDF))
def labels_pdf(request: HttpRequest, parcels: Numbers) -> HttpResponse:
    """One page each, in the order in which they were picked; parcels without a valid label are left out."""
    return HttpResponse(_printable(papers.labels_pdf, parcels), content_type=PDF)


@router.get("/labels.zpl", auth=READ, summary="Print many labels", openapi_extra=gives(ZPL))
def labels_zpl(request: HttpRequest, parcels: Numbers) -> HttpResponse:
    return HttpResponse(_printable(papers.label_zpl, parcels), content_type=ZPL)


@router.get("/pick-lists/{number}/list.pdf", auth=READ, summary="Print a list", openapi_extra=gives(PDF))
def pick_list_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """A4."""
    return HttpResponse(papers.pick_list_pdf(_list_id(number)), content_type=PDF)


@router.get("/pick-lists/{number}/list.zpl", auth=READ, summary="Print a list", openapi_extra=gives(ZPL))
def pick_list_zpl(request: HttpRequest, number: str) -> HttpResponse:
    """For thermal printers of 203 dots an inch, on labels of 4 x 6 inches."""
    return HttpResponse(papers.pick_list_zpl(_list_id(number)), content_type=ZPL)


def _list_id(number: str) -> int:
    digits = number.removeprefix("PL-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        raise NotFound(what="pick list", which=number[:40])
    return int(digits)


def _printable[P: (bytes, str)](paper: Callable[[Sequence[int]], P], numbers: str) -> P:
    """The paper of the parcels named. Raises Invalid where one parcel's own address would be a 404."""
    asked = [number.strip() for number in numbers.split(",") if number.strip()]
    if not 1 <= len(asked) <= PARCELS_MAX:
        raise Invalid(what="The list", errors={"parcels": f"1 to {PARCELS_MAX} parcel numbers"})
    try:
        return paper(parcel_ids_of(asked))
    except (NotFound, papers.NothingToPrint) as refusal:
        raise Invalid(what="The list", errors={"parcels": refusal.title}) from None
