"""/api/carriers: who carried what lately, and carriers that are paused."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Money, Sent, Shape
from quartermaster.api.shipping.shapes import money
from quartermaster.core.errors import NotFound
from quartermaster.shipping import actions
from quartermaster.shipping.queries.pauses import PauseShown, carriers, pauses
from quartermaster.shipping.queries.playbooks import playbooks
from quartermaster.shipping.rules import playbooks as rules

router = Router(tags=["Carriers"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
_DAYS = 30


class Pause(Shape):
    carrier: str
    because: str
    moves_labels: bool
    began_at: datetime
    began_by: str
    ends_at: datetime | None


class Carrier(Shape):
    """Labels bought in the last 30 days and what they cost; parcels in the house with its label."""

    carrier: str
    labels: int
    cost: Money | None
    in_house: int
    pause: Pause | None


class Carriers(Shape):
    items: list[Carrier]


class PauseWanted(Sent):
    """moves_labels: parcels in the house that have its label and are on no manifest get another carrier's."""

    because: Because
    moves_labels: bool = False


class Playbook(Shape):
    """What is done when the carrier fails. fires_on: by itself, once it lets so many parcels lie: labels it
    has not answered for 10 minutes, parcels it has not scanned in time. ends_after_h: then it is resumed."""

    carrier: str
    because: str
    moves_labels: bool
    fires_on: int | None
    ends_after_h: int | None


class PlaybookWanted(Sent):
    because: Because
    moves_labels: bool = True
    fires_on: Annotated[int, Field(ge=1, le=100_000)] | None = None
    ends_after_h: Annotated[int, Field(ge=1, le=720)] | None = None


class Moved(Shape):
    title: str
    parcels: int
    cost: Money


class Stays(Shape):
    parcel: str
    because: str


class Preview(Shape):
    """Of `parcels` in the house, prices were asked for `asked`. staying: for so many of them nobody else was
    found, the first are named in `stay`. late: so many would come after their promise."""

    carrier: str
    parcels: int
    asked: int
    moved: list[Moved]
    before: Money | None
    after: Money | None
    late: int
    staying: int
    stay: list[Stays]


@router.get("/carriers", auth=READ, response=Carriers, summary="List carriers with what they carried lately")
def listed(request: HttpRequest) -> dict[str, Any]:
    """A carrier that charged in two currencies stands there twice."""
    at_rest = {each.carrier: each for each in pauses()}
    items = [
        {
            "carrier": each.carrier,
            "labels": each.labels,
            "cost": money(each.cost_minor, each.currency),
            "in_house": each.in_house,
            "pause": _told(at_rest.get(each.carrier)),
        }
        for each in carriers(at=now(), days=_DAYS)
    ]
    return {"items": items}


@router.get("/carriers/{carrier}/pause", auth=READ, response=Preview, summary="Preview a pause")
def preview(request: HttpRequest, carrier: Code) -> dict[str, Any]:
    """What would become of the parcels in the house that have its label. Changes nothing."""
    found = actions.preview(carrier, at=now())
    moved = [
        {"title": each.title, "parcels": each.parcels, "cost": money(each.cost_minor, found.currency)}
        for each in found.moved
    ]
    return {
        "carrier": found.carrier,
        "parcels": found.parcels,
        "asked": found.asked,
        "moved": moved,
        "before": money(found.before_minor, found.currency),
        "after": money(found.after_minor, found.currency),
        "late": found.late,
        "staying": found.staying,
        "stay": [{"parcel": parcel, "because": because} for parcel, because in found.stay],
    }


@router.post("/carriers/{carrier}/pause", auth=WRITE, response={201: Pause}, summary="Pause a carrier")
def pause(request: HttpRequest, carrier: Code, wanted: PauseWanted) -> Status[dict[str, Any] | None]:
    """No decision takes it until it is resumed. 409 when it is paused already."""
    moves, because = wanted.moves_labels, wanted.because
    actions.pause(carrier, because=because, moves_labels=moves, at=now(), by=actor(request))
    return Status(201, _told(next(each for each in pauses() if each.carrier == carrier)))


@router.delete("/carriers/{carrier}/pause", auth=WRITE, response={204: None}, summary="Resume a carrier")
def resume(request: HttpRequest, carrier: Code) -> Status[None]:
    actions.resume(carrier, at=now(), by=actor(request))
    return Status(204, None)


@router.get("/carriers/{carrier}/playbook", auth=READ, response=Playbook, summary="Read a carrier's playbook")
def read_playbook(request: HttpRequest, carrier: Code) -> dict[str, Any]:
    """404 while nothing is written."""
    for found in playbooks(carrier):
        return msgspec.structs.asdict(found)
    raise NotFound(what="playbook of", which=carrier)


@router.put(
    "/carriers/{carrier}/playbook", auth=WRITE, response=Playbook, summary="Write a carrier's playbook"
)
def write_playbook(request: HttpRequest, carrier: Code, wanted: PlaybookWanted) -> dict[str, Any]:
    """Instead of what was written before. A pause that lasts stays as it is."""
    given = rules.Playbook(carrier, wanted.because, wanted.moves_labels, wanted.fires_on, wanted.ends_after_h)
    actions.write_playbook(given, at=now(), by=actor(request))
    return read_playbook(request, carrier)


@router.post(
    "/carriers/{carrier}/playbook/fire",
    auth=WRITE,
    response={201: Pause},
    summary="Do what the playbook says",
)
def fire_playbook(request: HttpRequest, carrier: Code) -> Status[dict[str, Any] | None]:
    """409 when the carrier is paused already."""
    actions.fire_playbook(carrier, at=now(), by=actor(request))
    return Status(201, _told(next(each for each in pauses() if each.carrier == carrier)))


def _told(found: PauseShown | None) -> dict[str, Any] | None:
    return None if found is None else msgspec.structs.asdict(found)
