"""Why an order is served from where it is."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from quartermaster.allocation.queries import why as find_why
from quartermaster.allocation.rules import Take as TakeFacts
from quartermaster.allocation.rules import Waiting as WaitingFacts
from quartermaster.api.auth import Bearer
from quartermaster.api.shapes import After, Json, Shape, Told
from quartermaster.orders.queries import order_id

router = Router(tags=["Orders"])


class Candidate(Shape):
    """One site, looked at. removed_by names the filter, empty when it stayed in; scores: lower is better."""

    site: str
    is_chosen: bool
    removed_by: str
    because: str
    scores: dict[str, int | None]


class Take(Shape):
    line_id: str
    sku: str
    quantity: int


class ParcelPlanned(Shape):
    site: str
    because: list[str]
    takes: list[Take]


class WaitingUnits(Shape):
    line_id: str
    sku: str
    quantity: int
    because: str


class Decision(Shape):
    """One routing decision with all it was made from.

    is_reproducible: the stored inputs, asked again now, give the very same answer. would_serve_if, told
    for the newest one: for each site not chosen, the smallest single change that would have had it chosen.
    """

    id: str
    at: datetime
    actor: str
    trigger: str
    rule: str
    rule_version: int
    rules: list[str]
    because: list[str]
    candidates: list[Candidate]
    parcels: list[ParcelPlanned]
    waiting: list[WaitingUnits]
    inputs: Json
    is_reproducible: bool
    would_serve_if: dict[str, str]


class Why(Shape):
    number: str
    decisions: list[Decision]
    next: str | None


@router.get(
    "/orders/{number}/why",
    auth=Bearer("orders:read"),
    response=Why,
    summary="Ask why an order is served from where it is",
)
def why(
    request: HttpRequest,
    number: str,
    after: After = "",
    limit: Annotated[int, Field(ge=1, le=50), Told("Decisions on a page.")] = 10,
) -> dict[str, Any]:
    """Newest decision first; none while nothing has been decided."""
    found = find_why(order_id(number), after=after, limit=limit)
    decisions = []
    for one in found.items:
        told = {name: getattr(one, name) for name in one.__struct_fields__}
        told["parcels"] = [
            {"site": parcel.site, "because": parcel.because, "takes": [_units(take) for take in parcel.takes]}
            for parcel in one.parcels
        ]
        told["waiting"] = [{**_units(rest), "because": rest.because} for rest in one.waiting]
        told["inputs"] = msgspec.to_builtins(one.inputs)
        decisions.append(told)
    return {"number": number, "decisions": decisions, "next": found.next}


def _units(of: TakeFacts | WaitingFacts) -> dict[str, object]:
    return {"line_id": str(of.line_id), "sku": of.code, "quantity": of.quantity}
