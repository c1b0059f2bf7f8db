"""/api/stock: what is where, and moving it."""

import hashlib
from typing import Annotated, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.once import needs_key, required
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    Because,
    Code,
    Filter,
    Limit,
    Quantity,
    Sent,
    Shape,
    Text,
    Told,
)
from quartermaster.catalog.queries import resolve
from quartermaster.stock.actions import Move, UnknownSku, post
from quartermaster.stock.queries.availability import availability

router = Router(tags=["Stock"])
routers = (router,)
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
State = Literal["available", "picked", "packed", "in_transit", "qc", "returned", "damaged", "expired"]

Cursor = Annotated[
    str, Field(pattern="^([1-9][0-9]{0,17}-[1-9][0-9]{0,17})?$"), Told("As the Link header names it.")
]


class Level(Shape):
    """Units of one SKU at one site. available can still be promised, after reservations and safety stock."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    incoming: int
    safety: int


class Movement(Sent):
    """Units from one place to another: SITE, SITE/BIN, SITE/ZONE/BIN or world:supplier, world:customer,
    world:scrap, world:adjustment."""

    sku: Code
    quantity: Quantity
    source: Annotated[Code, Field(alias="from")]
    target: Annotated[Code, Field(alias="to")]
    because: Annotated[Because, Field(max_length=255)]
    from_state: State = "available"
    to_state: State = "available"
    lot: Text = ""
    serial: Text = ""
    document: Text = ""


class Movements(Sent):
    """All of it happens, or nothing. breaks_reservations is for what has happened already (found broken)."""

    movements: Annotated[list[Movement], Field(min_length=1, max_length=1000)]
    breaks_reservations: bool = False


class Posted(Shape):
    """The ids of the movements, in the order they were sent; `new` of them were not known before."""

    movements: list[str]
    new: int


@router.get("/stock", auth=READ, response=list[Level], summary="Read stock levels")
def stock(
    request: HttpRequest,
    response: HttpResponse,
    sku: Filter = "",
    location: Filter = "",
    after: Cursor = "",
    limit: Limit = LIMIT_DEFAULT,
) -> list[Level]:
    """A plain list; where there is more, the header `Link: <…>; rel="next"` names the following page."""
    found = availability(sku=sku, location=location, after=after, limit=limit)
    if found.next:
        asked = {"sku": sku, "location": location, "after": found.next, "limit": limit}
        query = urlencode({name: value for name, value in asked.items() if value})
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return [Level.model_validate(level) for level in found.items]


@router.post("/stock/movements", auth=WRITE, response={201: Posted}, summary="Move units")
@needs_key
def movements(request: HttpRequest, wanted: Movements) -> Status[Posted]:
    """Needs an Idempotency-Key: a movement that is sent twice must not move twice."""
    by, at = actor(request), now()
    stem = _stem(f"{by}:{required(request)}")
    skus = resolve((0, one.sku) for one in wanted.movements)
    moves = []
    for n, one in enumerate(wanted.movements):
        sku_id = skus.get((0, one.sku))
        if sku_id is None:
            raise UnknownSku(sku=one.sku, errors={f"movements.{n}.sku": "is not in the catalog"})
        moves.append(
            Move(
                key=f"{stem}:{n}",
                sku_id=sku_id,
                quantity=one.quantity,
                source=one.source,
                target=one.target,
                because=one.because,
                source_state=one.from_state,
                target_state=one.to_state,
                lot=one.lot,
                serial=one.serial,
                document=one.document,
            )
        )
    posted = post(moves, by=by, at=at, breaks_reservations=wanted.breaks_reservations)
    return Status(201, Posted(movements=[str(number) for number in posted.ids], new=posted.new))


def _stem(name: str) -> str:
    """What the ledger's keys of one request begin with: the request's own name, hashed when it is long."""
    return name if len(name) <= 200 else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
