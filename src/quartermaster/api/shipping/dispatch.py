"""/api/pickups and what carriers list of manifests: the end of the day."""

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
    Because,
    Code,
    Items,
    Limit,
    Moment,
    Sent,
    Shape,
    listed,
)
from quartermaster.shipping import actions
from quartermaster.shipping.queries import end_of_day as read

router = Router(tags=["Manifests"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class CarrierList(Shape):
    """A manifest as one account has it. state: asked, told (it lists what it got), short (missing: parcels
    that are not on its list; surplus: labels that are and were not given), refused."""

    manifest: str
    carrier: str
    location: str
    account: str
    state: Literal["asked", "told", "short", "refused"]
    parcels: int
    missing: list[str]
    surplus: list[str]
    carrier_ref: str
    has_paper: bool
    because: str
    closed_at: datetime
    told_at: datetime | None


class Lists(Shape):
    items: list[CarrierList]


class Pickup(Shape):
    """A van called to a site. state: asked, booked, refused, cancelling, cancelled, done (a manifest was
    closed since) or missed."""

    number: str
    carrier: str
    account: str
    location: str
    state: str
    starts_at: datetime
    ends_at: datetime
    note: str
    parcels: int
    confirmation: str
    because: str


class PickupAskedFor(Sent):
    """For the labelled parcels of this account and carrier that are at the site now."""

    account: Code
    carrier: Code
    location: Code
    starts_at: Moment
    ends_at: Moment
    note: Annotated[str, Field(max_length=200)] = ""


@router.get("/carrier-lists", auth=READ, response=Lists, summary="List what carriers have on their lists")
def lists(request: HttpRequest, manifest: str = "", limit: Limit = LIMIT_DEFAULT) -> dict[str, Any]:
    """Those that differ from what left first, then the newest. With `manifest` those of it."""
    return {"items": [msgspec.structs.asdict(each) for each in read.told(manifest=manifest, limit=limit)]}


@router.post("/manifests/{number}/tell", auth=WRITE, response=Lists, summary="Tell a manifest again")
def tell(request: HttpRequest, number: Code) -> dict[str, Any]:
    """To the accounts that refused it or list other parcels. 409 when there are none."""
    actions.tell_again(number, at=now(), by=actor(request))
    return {"items": [msgspec.structs.asdict(each) for each in read.told(manifest=number)]}


@router.get("/manifests/{number}/sheet.pdf", auth=READ, summary="Fetch the carrier's sheet of a manifest")
def sheet(request: HttpRequest, number: Code, account: Code) -> HttpResponse:
    return HttpResponse(read.paper(number, account), content_type="application/pdf")


@router.get("/pickups", auth=READ, response=Items[Pickup], summary="List pickups")
def pickups(
    request: HttpRequest, state: str = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Newest first."""
    return listed(read.pickups(state=state[:20], after=after, limit=limit))


@router.post("/pickups", auth=WRITE, response={202: Pickup}, summary="Call a pickup")
def call(request: HttpRequest, wanted: PickupAskedFor) -> Status[dict[str, Any]]:
    """A worker calls it, once."""
    number = actions.call_pickup(**wanted.model_dump(), at=now(), by=actor(request))
    return Status(202, msgspec.structs.asdict(read.pickup(number)))


@router.delete("/pickups/{number}", auth=WRITE, response={202: Pickup}, summary="Cancel a pickup")
def cancel(request: HttpRequest, number: Code, because: Because) -> Status[dict[str, Any]]:
    """The account that called it is told by a worker. 409 when it cannot be cancelled now."""
    actions.cancel_pickup(number, because=because, at=now(), by=actor(request))
    return Status(202, msgspec.structs.asdict(read.pickup(number)))
