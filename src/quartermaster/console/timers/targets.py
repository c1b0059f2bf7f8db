"""How long the floor may take: looking at it, and changing it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.console.timers.form import Row, filled, sent, targets_of
from quartermaster.core.actions.versions import VersionMoved
from quartermaster.core.errors import Invalid
from quartermaster.core.queries.versions import history, in_force
from quartermaster.core.texts import short, whole
from quartermaster.inbox.queries import connections
from quartermaster.stock.queries.locations import locations
from quartermaster.warehouse.actions.write_targets import write_targets
from quartermaster.warehouse.queries.timers import TARGETS


def page(request: HttpRequest) -> HttpResponse:
    """GET /timers/targets"""
    found = in_force(TARGETS)
    return _page(request, filled(found.content), {}, "", found.version)


def change(request: HttpRequest) -> HttpResponse:
    """POST /timers/targets: all of them, and why"""
    at: datetime = now()
    rows, because = sent(request.POST), short(request.POST.get("because", "").strip(), 500)
    basis = request.POST.get("version", "")
    version = whole(basis, 8) or 0
    wanted, errors = targets_of(rows, *_known())
    if not errors:
        try:
            made = write_targets(wanted, because=because, version=version, at=at, by=actor(request))
        except Invalid as error:
            errors = dict(error.errors)
        except VersionMoved as error:
            errors = {"": str(error)}
        else:
            tell(request, f"Version {made.version} holds for what is released from now on.")
            return redirect("timer-targets")
    return _page(request, rows, errors, because, version)


def _known() -> tuple[list[str], list[str]]:
    """Codes of sites, and of channels."""
    return [one.code for one in locations()], [one.slug for one in connections()]


def _page(
    request: HttpRequest, rows: list[Row], errors: dict[str, str], because: str, version: int
) -> HttpResponse:
    known = history(TARGETS)
    names = user_names(one.actor.partition(":")[2] for one in known if one.actor.startswith("user:"))
    sites, channels = _known()
    context = {
        "section": "timers",
        "rows": rows,
        "errors": errors,
        "because": because,
        "version": version,
        "may_change": who(request).may("floor:lead"),
        "sites": sites,
        "channels": channels,
        "versions": [(one, names.get(one.actor.removeprefix("user:"), one.actor)) for one in known],
    }
    return render(request, "timers/targets.html", context, status=422 if errors else 200)
