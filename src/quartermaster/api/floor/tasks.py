"""Tasks beside picking and packing: units to put back, bins to count."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Count,
    Filter,
    Items,
    Limit,
    RowId,
    Sent,
    Shape,
    listed,
)
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.board import count_tasks
from quartermaster.warehouse.queries.board import put_backs as find_put_backs

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")


class PutBack(Shape):
    """came_from: the bin the units were picked from."""

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


class CountTask(Shape):
    """A bin to count. What the ledger says is not told."""

    id: str
    place: str
    sku: str
    title: str
    because: str
    at: datetime


class Lying(Sent):
    """Where the units lie now: SITE, SITE/BIN or SITE/ZONE/BIN."""

    place: Code


class CountWanted(Sent):
    place: Code
    sku: Code
    because: Because


class Counted(Sent):
    """serials: all that lie there, when the units have serial numbers."""

    counted: Count
    serials: Annotated[list[Code], Field(max_length=10_000)] = []


class Done(Shape):
    id: str


class Difference(Shape):
    """Counted minus what the ledger said; 0 when this count was taken before."""

    id: str
    difference: int


@router.get("/put-backs", auth=READ, response=Items[PutBack], summary="List what is to be put back")
def put_backs(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    return listed(find_put_backs(location=location, after=after, limit=limit))


@router.post("/put-backs/{task_id}/done", auth=WRITE, response=Done, summary="Units were put back")
def put_back(request: HttpRequest, task_id: RowId, wanted: Lying) -> Done:
    actions.put_back(int(task_id), wanted.place, at=now(), by=actor(request))
    return Done(id=task_id)


@router.get("/counts", auth=READ, response=Items[CountTask], summary="List bins to count")
def counts(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    return listed(count_tasks(location=location, after=after, limit=limit))


@router.post("/counts", auth=WRITE, response={204: None}, summary="Have a bin counted")
def ask(request: HttpRequest, wanted: CountWanted) -> Status[None]:
    """One open task for a bin and SKU is enough: a second wish changes nothing."""
    actions.ask_for_count(wanted.place, wanted.sku, because=wanted.because, at=now(), by=actor(request))
    return Status(204, None)


@router.post("/counts/{task_id}/done", auth=WRITE, response=Difference, summary="A bin was counted")
def count(request: HttpRequest, task_id: RowId, wanted: Counted) -> Difference:
    """The ledger follows; promises that cannot be kept are broken, their orders served again."""
    difference = actions.count(
        int(task_id), wanted.counted, serials=wanted.serials, at=now(), by=actor(request)
    )
    return Difference(id=task_id, difference=difference)
