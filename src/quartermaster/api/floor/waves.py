"""Waves: choose released work, release it to the floor, give it back; totes of a cart."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
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
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse import actions
from quartermaster.warehouse.jobs import look_soon, plan_soon
from quartermaster.warehouse.queries.policy import pick_policy
from quartermaster.warehouse.queries.totes import tote_contents
from quartermaster.warehouse.queries.wave_plans import wave_plan
from quartermaster.warehouse.queries.waves import wave, waves
from quartermaster.warehouse.rules.grouping import Limits, Mode
from quartermaster.warehouse.rules.routing import Strategy
from quartermaster.warehouse.rules.wanted import ORDERS_MAX, WaveWanted

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")


class WaveOrder(Shape):
    """An order a wave took or left, where it stood in the queue, and why."""

    number: str
    priority: int
    ship_by: datetime | None
    lines: int
    units: int
    because: str


class WaveDecision(Shape):
    """Why these orders (`chosen`, by a rule and the version of the site's pick policy) and these lists, and
    how far people walk in mm: for them, and for every order alone. null: nobody has said where the bins
    stand. aisles: where it leads; aisles_in_turn: where it would, filled in the order of the queue. orders
    and left_first only for one wave or a preview; left_first has at most 100 of those `left`."""

    chosen: list[str]
    lists: list[str]
    length_mm: float | None
    one_by_one_mm: float | None
    rule: str
    rule_version: int | None
    policy: int | None
    considered: int | None
    aisles: int | None
    aisles_in_turn: int | None
    left: int | None
    orders: list[WaveOrder]
    left_first: list[WaveOrder]


class Wave(Shape):
    """state: planned | released | done | cancelled. left: picks not done yet. lists: its pick lists.
    ended_because: why it was closed or cancelled."""

    id: str
    location: str
    state: str
    mode: str
    routing: str
    made_by: str
    made_at: datetime
    released_at: datetime | None
    closed_at: datetime | None
    ended_because: str
    ship_by: datetime | None
    orders: int
    picks: int
    left: int
    lists: list[str]
    because: WaveDecision


class WaveFilter(Sent):
    """Which orders: `ship_by`: only what must leave until then; `priority`: only orders with at least this;
    `method`: only this shipping method, as sold; `carrier`: "dhl" or "dhl/express", only what is expected to
    go with it; `zone`: only what lies in it whole; `lines`: orders with one line to pick, or only the others.
    How many: `orders_max`, `lines_max`, `units_max`. How: `mode`, `routing` and what one list may hold are as
    the site's pick policy has it where they are left out; `orders_each` are the totes on a cart."""

    location: Code
    mode: Literal["single", "batch", "cluster", "zone"] | None = None
    routing: Literal["exact", "s_shape", "largest_gap"] | None = None
    orders_max: Annotated[int, Field(ge=1, le=ORDERS_MAX)] = 100
    lines_max: Quantity | None = None
    units_max: Quantity | None = None
    ship_by: Moment | None = None
    priority: Annotated[int, Field(ge=-32768, le=32767)] | None = None
    method: Text = ""
    carrier: Text = ""
    zone: Text = ""
    lines: Literal["", "single", "multi"] = ""
    orders_each: Annotated[int, Field(ge=1, le=1000)] | None = None
    units_each: Quantity | None = None
    weight_g_each: Quantity | None = None
    volume_ml_each: Quantity | None = None

    def meant(self) -> WaveWanted:
        each = (self.orders_each, self.units_each, self.weight_g_each, self.volume_ml_each)
        own = pick_policy(location_id(self.location)).policy.limits if any(each) else None
        return WaveWanted(
            location=self.location,
            mode=None if self.mode is None else Mode(self.mode),
            routing=None if self.routing is None else Strategy(self.routing),
            limits=None if own is None else Limits(each[0] or own.orders, *each[1:]),
            orders_max=self.orders_max,
            lines_max=self.lines_max,
            units_max=self.units_max,
            ship_by=self.ship_by,
            priority=self.priority,
            method=self.method,
            carrier=self.carrier,
            zone=self.zone,
            lines=self.lines,
        )


class WaveAsked(WaveFilter):
    """Without `release` nobody can pick the wave before it is released."""

    release: bool = True


class WavePreview(Shape):
    """What a wave would be. list_count: how many lists."""

    mode: str
    routing: str
    list_count: int
    because: WaveDecision


class WavePlan(Shape):
    """A wave that was asked for, or a preview of one. state: waiting (for a worker) | planning | done |
    nothing (is there to take) | failed. step: what is being done. because: why there is none. wave: the id
    of the wave that was made; preview: what one would take."""

    id: str
    location: str
    state: str
    step: str
    because: str
    is_preview: bool
    wave: str | None
    preview: WavePreview | None
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class ToteScan(Sent):
    """The tote that stands in a slot of the cart."""

    slot: Annotated[int, Field(ge=1, le=1000)]
    code: Code


class ToteUnits(Shape):
    """Units that belong into a tote; `picked` of them are there."""

    sku: str
    title: str
    quantity: int
    picked: int


class ToteShown(Shape):
    """What a tote is for: its slot on the cart of a pick list, the order, and what belongs into it."""

    code: str
    pick_list: str
    slot: int
    order: str
    location: str
    units: list[ToteUnits]


@router.get("/waves", auth=READ, response=Items[Wave], summary="List waves")
def find(
    request: HttpRequest, location: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Newest first."""
    return listed(waves(location=location, after=after, limit=limit))


@router.post("/waves", auth=WRITE, response={202: WavePlan}, summary="Ask for a wave")
def make(request: HttpRequest, response: HttpResponse, asked: WaveAsked) -> Status[WavePlan]:
    """Takes released work, most urgent first, and puts it on lists so that walks are short. A worker plans
    it: the header Location, and `id` at /api/wave-plans/ID, says how far it is and which wave it became. 409
    while another of the site is planned."""
    made = plan_soon(asked.meant(), release=asked.release, at=now(), by=actor(request))
    return _accepted(response, made)


@router.post("/waves/preview", auth=READ, response={202: WavePlan}, summary="See what a wave would take")
def look(request: HttpRequest, response: HttpResponse, asked: WaveFilter) -> Status[WavePlan]:
    """A worker looks: ask /api/wave-plans/ID for its answer. Takes no order and keeps nobody waiting; it is
    forgotten after a day."""
    return _accepted(response, look_soon(asked.meant(), at=now(), by=actor(request)))


@router.get("/wave-plans/{plan_id}", auth=READ, response=WavePlan, summary="Read how far a wave is planned")
def plan(request: HttpRequest, plan_id: RowId) -> WavePlan:
    return _planned(int(plan_id))


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


@router.post("/waves/{wave_id}/close", auth=WRITE, response=Wave, summary="Close a wave")
def close(request: HttpRequest, wave_id: RowId, asked: Reason) -> Wave:
    """Lists that nobody has begun are given back; the others are picked to their end."""
    actions.close_wave(int(wave_id), because=asked.because, at=now(), by=actor(request))
    return _told(int(wave_id))


@router.post("/pick-lists/{list_id}/totes", auth=WRITE, response={204: None}, summary="Scan a tote")
def scan_tote(request: HttpRequest, list_id: RowId, asked: ToteScan) -> Status[None]:
    """A tote that another list or an order not packed yet still uses is refused."""
    actions.scan_tote(int(list_id), asked.slot, asked.code, at=now(), by=actor(request))
    return Status(204, None)


@router.get("/totes/{code}", auth=READ, response=ToteShown, summary="Read what belongs into a tote")
def tote(request: HttpRequest, code: str) -> ToteShown:
    """Of the last list it was put on."""
    return ToteShown.model_validate(tote_contents(code))


def _told(wave_id: int) -> Wave:
    return Wave.model_validate(wave(wave_id))


def _accepted(response: HttpResponse, plan_id: int) -> Status[WavePlan]:
    response.headers["Location"] = f"/api/wave-plans/{plan_id}"
    return Status(202, _planned(plan_id))


def _planned(plan_id: int) -> WavePlan:
    found = wave_plan(plan_id)
    told = msgspec.structs.asdict(found) | {
        "id": str(found.id),
        "wave": None if found.wave_id is None else str(found.wave_id),
        "preview": found.found,
    }
    return WavePlan.model_validate(told)
