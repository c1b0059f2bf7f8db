"""Pick lists: make one, read it, confirm what was picked."""

from datetime import date, datetime
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
    Count,
    Filter,
    Items,
    Limit,
    Quantity,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
)
from quartermaster.core.errors import Invalid
from quartermaster.warehouse import actions
from quartermaster.warehouse.actions.make_pick_list import ORDERS_MAX
from quartermaster.warehouse.queries.board import board
from quartermaster.warehouse.queries.lists import ListWithPicks, pick_list, pick_lists

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
State = Literal["", "open", "picking", "done", "cancelled"]


class Site(Shape):
    """What waits at a site: orders to pick, being picked, to pack; parcels; tasks; the first deadline; open
    arrivals, and units to be put away since when."""

    location: str
    name: str
    to_pick: int
    picking: int
    lists: int
    to_pack: int
    packing: int
    packed: int
    labelled: int
    handed_over_today: int
    put_backs: int
    counts: int
    ship_by: datetime | None
    arrivals: int
    on_dock: int
    dock_since: datetime | None


class Pick(Shape):
    """Units of one SKU to take from one place. state: to_pick | picked | short | cancelled."""

    id: str
    order: str
    sku: str
    title: str
    barcodes: list[str]
    place: str
    lot: str
    expires_on: date | None
    serial: str
    quantity: int
    picked: int
    state: str
    because: str
    slot: int | None
    tote: str


class ListHead(Shape):
    """state: open | picking | done | cancelled. left: picks not done yet."""

    id: str
    location: str
    state: str
    picker: str
    made_by: str
    made_at: datetime
    done_at: datetime | None
    ship_by: datetime | None
    picks: int
    left: int
    wave: str | None
    zone: str


class PickList(ListHead):
    """With its picks along the path."""

    path: list[Pick]


class ListWanted(Sent):
    """`orders`: only these; without, the most urgent released work of the location."""

    location: Code
    orders_max: Annotated[int, Field(ge=1, le=ORDERS_MAX)] = 20
    orders: Annotated[
        list[Annotated[str, Field(pattern=r"^SO-[1-9][0-9]{0,17}$")]], Field(max_length=ORDERS_MAX)
    ] = []


class Made(Shape):
    """null when nothing is there to pick."""

    pick_list: PickList | None


class Confirmation(Sent):
    """quantity: all units of this pick in hand, those confirmed before included. Sent again it does
    nothing. lot: where it was read; another one than the pick's is refused."""

    quantity: Quantity
    serial: Text = ""
    lot: Text = ""


class Shortage(Sent):
    """found: the units that are there, those confirmed before included."""

    found: Count


@router.get("/floor", auth=READ, response=list[Site], summary="Read what waits on the floor")
def floor(request: HttpRequest) -> list[Any]:
    return board(at=now())


@router.get("/pick-lists", auth=READ, response=Items[ListHead], summary="List pick lists")
def find(
    request: HttpRequest,
    location: Filter = "",
    state: State = "",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first."""
    states = [state] if state else None
    return listed(pick_lists(location=location, states=states, after=after, limit=limit))


@router.post("/pick-lists", auth=WRITE, response={201: Made}, summary="Make a pick list")
def make(request: HttpRequest, wanted: ListWanted) -> Status[Made]:
    """Takes released work: priority first, then what must leave soonest, then what was ordered first."""
    only = [int(number.removeprefix("SO-")) for number in wanted.orders] or None
    made = actions.make_pick_list(
        wanted.location, orders_max=wanted.orders_max, only=only, at=now(), by=actor(request)
    )
    return Status(201, Made(pick_list=None if made is None else _told(made)))


@router.get("/pick-lists/{list_id}", auth=READ, response=PickList, summary="Read a pick list")
def read(request: HttpRequest, list_id: RowId) -> PickList:
    return _told(int(list_id))


@router.post("/pick-lists/{list_id}/start", auth=WRITE, response=PickList, summary="Take a pick list")
def start(request: HttpRequest, list_id: RowId) -> PickList:
    actions.start(int(list_id), at=now(), by=actor(request))
    return _told(int(list_id))


@router.post(
    "/pick-lists/{list_id}/confirm", auth=WRITE, response=PickList, summary="Confirm all of a pick list"
)
def confirm_all(request: HttpRequest, list_id: RowId) -> PickList:
    """Everything left on it was taken from where it said. What nobody wants any more is taken off instead."""
    _told(int(list_id))
    actions.confirm_lists([int(list_id)], at=now(), by=actor(request))
    return _told(int(list_id))


@router.post("/pick-lists/{list_id}/cancel", auth=WRITE, response=PickList, summary="Give a pick list back")
def cancel(request: HttpRequest, list_id: RowId, wanted: Reason) -> PickList:
    """What was not picked can go onto another list."""
    actions.cancel_list(int(list_id), because=wanted.because, at=now(), by=actor(request))
    return _told(int(list_id))


@router.post(
    "/pick-lists/{list_id}/picks/{pick_id}/confirm", auth=WRITE, response=PickList, summary="Confirm a pick"
)
def confirm(request: HttpRequest, list_id: RowId, pick_id: RowId, wanted: Confirmation) -> PickList:
    _belongs(list_id, pick_id)
    given = {"serial": wanted.serial, "lot": wanted.lot}
    actions.confirm_pick(int(pick_id), wanted.quantity, **given, at=now(), by=actor(request))
    return _told(int(list_id))


@router.post(
    "/pick-lists/{list_id}/picks/{pick_id}/short",
    auth=WRITE,
    response=PickList,
    summary="Report a short pick",
)
def short(request: HttpRequest, list_id: RowId, pick_id: RowId, wanted: Shortage) -> PickList:
    """Another bin, else the units are allocated anew; the bin is to be counted."""
    _belongs(list_id, pick_id)
    actions.pick_short(int(pick_id), wanted.found, at=now(), by=actor(request))
    return _told(int(list_id))


def _belongs(list_id: str, pick_id: str) -> None:
    if pick_id not in {pick.id for pick in pick_list(int(list_id)).path}:
        raise Invalid(what="The pick", errors={"pick_id": f"is not on PL-{list_id}"})


def _told(list_id: int) -> PickList:
    found: ListWithPicks = pick_list(list_id)
    return PickList.model_validate(found)
