"""/api/crew: who worked at a site and how fast, what its cut-offs will miss, what is stuck. A scope of its
own: it is about people."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer
from quartermaster.api.shapes import Code, Shape
from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.warehouse.queries.crew import crew, cut_offs
from quartermaster.warehouse.queries.stuck import stuck_work

router = Router(tags=["Floor"])


class CrewWork(Shape):
    """kind: pick, pack, receive, put away, refill, count, put back."""

    kind: str
    lines: int
    units: int
    worked_seconds: float


class CrewMember(Shape):
    """Of the last 12 hours; gaps above ten minutes are not work. against_mean: 1.2 is a fifth faster than the
    site for the same mix of work; null, as the rates, below five minutes of it."""

    by: str
    lines: int
    units: int
    lines_per_hour: float | None
    units_per_hour: float | None
    against_mean: float | None
    pick_list: str | None
    last_at: datetime
    work: list[CrewWork]


class CutOffForecast(Shape):
    """Orders. will_miss: at the last hour's pace, null without one; needed_per_hour: to make it."""

    ship_by: datetime
    to_pick: int
    picking: int
    packed: int
    picked_last_hour: int
    will_miss: int | None
    needed_per_hour: float | None


class StuckTask(Shape):
    """kind: list, parcel, label, arrival, put_back, count."""

    kind: str
    id: str
    since: datetime
    by: str


class CrewDay(Shape):
    location: str
    people: list[CrewMember]
    cut_offs: list[CutOffForecast]
    stuck: list[StuckTask]


@router.get("/crew", auth=Bearer("crew:read"), response=CrewDay, summary="Read a site's crew and cut-offs")
def day(request: HttpRequest, location: Code) -> dict[str, Any]:
    if not sql.run("select from stock_location where code = %s", (location,)):
        raise NotFound(what="site", which=location)
    at = now()
    return {
        "location": location,
        "people": [
            {
                "by": one.by,
                "lines": one.lines,
                "units": one.units,
                "lines_per_hour": one.lines_per_hour,
                "units_per_hour": one.units_per_hour,
                "against_mean": one.against_mean,
                "pick_list": str(one.on_list) if one.on_list else None,
                "last_at": one.last_at,
                "work": [
                    {"kind": w.kind, "lines": w.lines, "units": w.units, "worked_seconds": w.worked_s}
                    for w in one.kinds
                ],
            }
            for one in crew(location, at=at)
        ],
        "cut_offs": [
            {
                "ship_by": one.ship_by,
                "to_pick": one.to_pick,
                "picking": one.picking,
                "packed": one.packed,
                "picked_last_hour": one.pace,
                "will_miss": one.told.misses,
                "needed_per_hour": one.told.needed,
            }
            for one in cut_offs(location, at=at)
        ],
        "stuck": [
            {"kind": one.kind, "id": str(one.id), "since": one.since, "by": one.by}
            for one in stuck_work(location, at=at)
        ],
    }
