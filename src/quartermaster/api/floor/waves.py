"""Waves: choose released work, release it to the floor, give it back; totes of a cart."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Code,
    Filter,
    Items,
    Limit,
    Moment,
    Quantity,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
)
from quartermaster.warehouse import actions
from quartermaster.warehouse.actions.plan_wave import ORDERS_MAX, WaveWanted
from quartermaster.warehouse.queries.waves import wave, waves
from quartermaster.warehouse.rules.grouping import Limits, Mode
from quartermaster.warehouse.rules.routing import Strategy

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")


class WaveDecision(Shape):
    """Why these lists, and how far people walk in mm: for them, and for every order alone. null: nobody has
    said where the bins stand."""

    lists: list[str]
    length_mm: float | None
    one_by_one_mm: float | None


class Wave(Shape):
    """state: planned | released | done | cancelled. left: picks not done yet. lists: its pick lists."""

    id: str
    location: str
    state: str
    mode: str
    routing: str
    made_by: str
    made_at: datetime
    released_at: datetime | None
    ship_by: datetime | None
    orders: int
    picks: int
    left: int
    lists: list[str]
    because: WaveDecision


class Asked(Sent):
    """`mode`: how people pick. `ship_by`: only what must leave until then; `priority`: only orders with at
    least this; `method`: only this shipping method. Limits are of one list, `orders_each` the totes on a
    cart. Without `release` nobody can pick the wave before it is released."""

    location: Code
    mode: Literal["single", "batch", "cluster", "zone"] = "batch"
    routing: Literal["exact", "s_shape", "largest_gap"] = "exact"
    orders_max: Annotated[int, Field(ge=1, le=ORDERS_MAX)] = 100
    ship_by: Moment | None = None
    priority: Annotated[int, Field(ge=-32768, le=32767)] | None = None
    method: Text = ""
    orders_each: Annotated[int, Field(ge=1, le=1000)] = 12
    units_each: Quantity | None = None
    weight_g_each: Quantity | None = None
    volume_ml_each: Quantity | None = None
    release: bool = True


class WaveAnswer(Shape):
    """null when nothing is there to pick."""

    wave: Wave | None


class ToteScan(Sent):
    """The tote that stands in a slot of the cart."""

    slot: Annotated[int, Field(ge=1, le=1000)]
    code: Code


@router.get("/waves", auth=READ, response=Items[Wave], summary="List waves")
def find(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Newest first."""
    return listed(waves(location=location, after=after, limit=limit))


@router.post("/waves", auth=WRITE, response={201: WaveAnswer}, summary="Make a wave")
def make(request: HttpRequest, asked: Asked) -> Status[WaveAnswer]:
    """Takes released work, most urgent first, and puts it on lists so that walks are short."""
    wanted = WaveWanted(
        location=asked.location,
        mode=Mode(asked.mode),
        routing=Strategy(asked.routing),
        orders_max=asked.orders_max,
        ship_by=asked.ship_by,
        priority=asked.priority,
        method=asked.method,
        limits=Limits(asked.orders_each, asked.units_each, asked.weight_g_each, asked.volume_ml_each),
    )
    made = actions.plan_wave(wanted, release=asked.release, at=now(), by=actor(request))
    return Status(201, WaveAnswer(wave=None if made is None else _told(made)))


@router.get("/waves/{wave_id}", auth=READ, response=Wave, summary="Read a wave")
def read(request: HttpRequest, wave_id: RowId) -> Wave:
    return _told(int(wave_id))


@router.post("/waves/{wave_id}/release", auth=WRITE, response=Wave, summary="Release a wave")
def release(request: HttpRequest, wave_id: RowId) -> Wave:
    actions.release_wave(int(wave_id), at=now(), by=actor(request))
    return _told(int(wave_id))


@router.post("/waves/{wave_id}/cancel", auth=WRITE, response=Wave, summary="Give a wave back")
def cancel(request: HttpRequest, wave_id: RowId, asked: Reason) -> Wave:
    """What was not picked can go onto other lists."""
    actions.cancel_wave(int(wave_id), because=asked.because, at=now(), by=actor(request))
    return _told(int(wave_id))


@router.post("/pick-lists/{list_id}/totes", auth=WRITE, response={204: None}, summary="Scan a tote")
def scan_tote(request: HttpRequest, list_id: RowId, asked: ToteScan) -> Status[None]:
    """A tote that another list or an order not packed yet still uses is refused."""
    actions.scan_tote(int(list_id), asked.slot, asked.code, at=now(), by=actor(request))
    return Status(204, None)


def _told(wave_id: int) -> Wave:
    return Wave.model_validate(wave(wave_id))
