"""/api/timers and /api/timer-targets: until when the floor is to be through, and how long it may take."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.late import Assignee, CareRead, Show
from quartermaster.api.shapes import Because, Filter, Items, Json, Revision, Sent, Shape, Told, listed
from quartermaster.core.errors import Invalid
from quartermaster.core.queries.versions import in_force
from quartermaster.warehouse.actions.write_targets import write_targets
from quartermaster.warehouse.queries.timers import TARGETS
from quartermaster.warehouse.queries.timers import timers as find_timers
from quartermaster.warehouse.rules.timers import Targets

router = Router(tags=["Timers"])
TimerCursor = Annotated[
    str, Field(pattern=r"^(-?[0-9]{1,17}-(0|[1-9][0-9]{0,17}))?$"), Told("`next` of the page before.")
]
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
Kind = Literal["next", "breaching", "breached"]
Stage = Literal["", "pick", "pack", "dispatch"]
Site = Annotated[Filter, Told("The code of a site; empty: all of them.")]


class TimerRead(Shape):
    """row: what names it when something is said of it (POST /late/answers). stage: what is to be done next,
    by due_at. place: in the site's queue for that. expected_at: at the pace of the site's last hour, null
    while nobody does any. breached: stages that were late."""

    row: str
    order: str
    location: str
    stage: str
    target: str
    started_at: datetime
    due_at: datetime
    place: int
    expected_at: datetime | None
    breached: str
    minutes_left: int
    care: CareRead | None


class TargetsInForce(Shape):
    """targets: see docs/howto/watch-the-clock.md."""

    version: int
    because: str
    actor: str
    made_at: datetime | None
    targets: list[Json]


class TargetsWanted(Sent):
    """All targets; the first that matches holds. version: the one they were made from."""

    because: Because
    targets: list[Json]
    version: Revision | None = None


@router.get("/timers", auth=READ, response=Items[TimerRead], summary="List timers, the nearest due first")
def timers(
    request: HttpRequest,
    kind: Kind = "next",
    site: Site = "",
    stage: Stage = "",
    show: Show = "all",
    assignee: Assignee = "",
    after: TimerCursor = "",
) -> dict[str, Any]:
    """next: due and in time at the present pace. breaching: it will be late. breached: it is."""
    found = find_timers(kind, at=now(), site=site, stage=stage, show=show, assignee=assignee, after=after)
    return listed(found)


@router.get("/timer-targets", auth=READ, response=TargetsInForce, summary="Read the floor's targets")
def targets(request: HttpRequest) -> dict[str, Any]:
    return _told()


@router.put("/timer-targets", auth=WRITE, response=TargetsInForce, summary="Put new targets in force")
def change_targets(request: HttpRequest, wanted: TargetsWanted) -> dict[str, Any]:
    """For what is released from now on. Older versions stay."""
    try:
        made = msgspec.convert({"version": 1, "targets": wanted.targets}, Targets)
    except msgspec.ValidationError as error:
        raise Invalid(what="The targets", errors={"targets": str(error)}) from None
    write_targets(made, because=wanted.because, version=wanted.version, at=now(), by=actor(request))
    return _told()


def _told() -> dict[str, Any]:
    found = in_force(TARGETS)
    return {
        "version": found.version,
        "because": found.because,
        "actor": found.actor,
        "made_at": found.made_at,
        "targets": msgspec.to_builtins(found.content.targets),
    }
