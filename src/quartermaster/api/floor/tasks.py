"""Tasks beside picking and packing: units to put back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Code,
    Filter,
    Items,
    Limit,
    RowId,
    Sent,
    Shape,
    listed,
)
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.board import put_backs as find_put_backs

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")


class PutBack(Shape):
    """came_from: the bin the units were picked from; tote: where they lie now, if they were picked into
    one."""

    id: str
    order: str
    location: str
    sku: str
    title: str
    quantity: int
    lot: str
    serial: str
    because: str
    at: datetime
    came_from: str | None
    tote: str


class Lying(Sent):
    """Where the units lie now: SITE, SITE/BIN or SITE/ZONE/BIN."""

    place: Code


class Done(Shape):
    id: str


@router.get("/put-backs", auth=READ, response=Items[PutBack], summary="List what is to be put back")
def put_backs(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    return listed(find_put_backs(location=location, after=after, limit=limit))


@router.post("/put-backs/{task_id}/done", auth=WRITE, response=Done, summary="Units were put back")
def put_back(request: HttpRequest, task_id: RowId, wanted: Lying) -> Done:
    actions.put_back(int(task_id), wanted.place, at=now(), by=actor(request))
    return Done(id=task_id)
