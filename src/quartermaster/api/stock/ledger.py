"""The ledger: moving units, and what was moved."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import ConfigDict, Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.once import needs_key, required
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Filter,
    Items,
    Limit,
    Quantity,
    Sent,
    Shape,
    Text,
)
from quartermaster.api.stock.refusals import in_their_words
from quartermaster.catalog.queries import resolve
from quartermaster.core.errors import Refused
from quartermaster.stock.actions import Move, UnknownSku, post
from quartermaster.stock.queries.movements import movements as find_movements

router = Router(tags=["Stock"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
State = Literal[
    "available", "picked", "packed", "in_transit", "qc", "returned", "damaged", "expired", "missing"
]


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


class MovementRead(Shape):
    """at: when it happened; recorded_at: when we learned it."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    sku: str
    quantity: int
    source: Annotated[str, Field(alias="from")]
    target: Annotated[str, Field(alias="to")]
    from_state: str
    to_state: str
    lot: str
    serial: str
    because: str
    document: str
    actor: str
    at: datetime
    recorded_at: datetime


class Movements(Sent):
    """All of it happens, or nothing. breaks_reservations is for what has happened already (found broken)."""

    movements: Annotated[list[Movement], Field(min_length=1, max_length=1000)]
    breaks_reservations: bool = False


class Posted(Shape):
    """The ids of the movements, in the order they were sent; `new` of them were not known before."""

    movements: list[str]
    new: int


@router.get(
    "/stock/movements",
    auth=READ,
    response=Items[MovementRead],
    by_alias=True,
    summary="Read the ledger of a SKU",
)
def ledger(
    request: HttpRequest,
    sku: Annotated[Filter, Field(min_length=1)],
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first. Movements are never changed: a wrong one is posted back. An unknown SKU has none."""
    found = find_movements(resolve([(0, sku)]).get((0, sku), 0), after=after, limit=limit)
    items = [
        {
            **{name: getattr(one, name) for name in MovementRead.model_fields if hasattr(one, name)},
            "id": str(one.id),
            "from": one.source,
            "to": one.target,
            "from_state": one.source_state,
            "to_state": one.target_state,
        }
        for one in found.items
    ]
    return {"items": items, "next": found.next}


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
    try:
        posted = post(moves, by=by, at=at, breaks_reservations=wanted.breaks_reservations)
    except Refused as refusal:
        raise in_their_words(refusal, [(one.source, one.target) for one in wanted.movements]) from None
    return Status(201, Posted(movements=[str(number) for number in posted.ids], new=posted.new))


def _stem(name: str) -> str:
    """What the ledger's keys of one request begin with: the request's own name, hashed when it is long."""
    return name if len(name) <= 200 else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
