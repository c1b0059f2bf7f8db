"""/api/shelf-life: how long a lot must still be good for what a channel sold."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Sent, Text, told_as
from quartermaster.stock.actions import set_shelf_life
from quartermaster.stock.actions.set_shelf_life import DAYS_MAX
from quartermaster.stock.queries.shelf_life import ShelfLifeShown, shelf_life

router = Router(tags=["Stock"])


class ShelfLife(told_as(ShelfLifeShown)):  # type: ignore[misc]  # made at run time
    """days that must be left of a lot. sku empty: of every SKU of the channel."""


class ShelfLifeWanted(Sent):
    """days null: nothing of its own is asked any more."""

    channel: Code
    sku: Text = ""
    days: Annotated[int, Field(ge=0, le=DAYS_MAX)] | None
    because: Because


@router.get(
    "/shelf-life",
    auth=Bearer("stock:read"),
    response=list[ShelfLife],
    summary="Read what channels ask of lots",
)
def read(request: HttpRequest) -> list[ShelfLife]:
    return [ShelfLife.model_validate(one) for one in shelf_life()]


@router.put(
    "/shelf-life",
    auth=Bearer("stock:write"),
    response=list[ShelfLife],
    summary="Say what a channel asks of lots",
)
def write(request: HttpRequest, wanted: ShelfLifeWanted) -> list[ShelfLife]:
    """Promises that no lot is good enough for any more are routed anew; what was picked stays picked."""
    set_shelf_life(
        wanted.channel, wanted.sku, wanted.days, because=wanted.because, at=now(), by=actor(request)
    )
    return read(request)
