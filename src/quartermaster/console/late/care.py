"""Saying something of late rows on a page: what the lists of what is late and the timers share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from quartermaster.console import care
from quartermaster.console.care import Seen
from quartermaster.console.gate import actor, who
from quartermaster.core.care import ROWS_MAX
from quartermaster.core.texts import short
from quartermaster.tracking.actions.answer_late import Said, answer_late, assign_late
from quartermaster.warehouse.queries.care import CareShown

# What those can do that a list is given to: see it.
SEES: Final = {"late": "ship:read", "timers": "floor:read"}
_KINDS: Final = {
    "foreseen": "likely late",
    "no_scan": "never scanned",
    "exceptions": "in trouble",
    "breaching": "soon too late",
    "pick": "to pick",
    "pack": "to pack",
    "dispatch": "to hand over",
}


def say(request: HttpRequest, kind: str, *, at: datetime) -> list[Said]:
    """What the form says of the rows chosen; each with its result. Raises Invalid."""
    rows = [short(name, 40) for name in request.POST.getlist("chosen")][:ROWS_MAX]
    if request.POST.get("act", "") == "assign":
        assignee = request.POST.get("assignee", "")
        sites = care.sites_for(request, assignee)
        return assign_late(rows, kind=kind, assignee=assignee, sites=sites, at=at, by=actor(request))
    given = care.answer_of(request, at=at)
    return answer_late(rows, kind=kind, **given._asdict(), sites=who(request).sites, at=at, by=actor(request))


def seen(cares: Sequence[CareShown | None]) -> list[Seen | None]:
    """Each in words, with the list it was acknowledged in."""
    return care.seen(cares, lambda one: f"known as {_KINDS.get(one.late_as, one.late_as.replace('_', ' '))}")
