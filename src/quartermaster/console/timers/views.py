"""Looking at the timers of the floor."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import who
from quartermaster.core.queries.versions import in_force
from quartermaster.stock.queries.locations import locations
from quartermaster.warehouse.queries.timers import TARGETS, TimerShown, counted, timers
from quartermaster.warehouse.rules.timers import STAGES

KINDS = {
    "breached": ("Too late", "Their time is over, and they are not done."),
    "breaching": ("Will be late", "Not done in time at the pace of the site's last hour."),
    "next": ("Next", "In time at the pace of the site's last hour, or nobody works on them yet."),
}
_DONE = {"pick": "picked", "pack": "packed", "dispatch": "handed over"}


def page(request: HttpRequest) -> HttpResponse:
    """GET /timers?kind=&site=&stage=&after="""
    at, asked = now(), texts(request, "site", "after")
    kind = one_of(request.GET.get("kind", ""), KINDS) or "breached"
    stage = one_of(request.GET.get("stage", ""), STAGES)
    allowed = tuple(who(request).sites)
    codes = [one.code for one in locations() if one.is_active and (not allowed or one.code in allowed)]
    site = one_of(asked["site"], codes)
    wanted = {"site": site, "stage": stage}
    found = timers(kind, at=at, site=site, stage=stage, sites=allowed, after=asked["after"])
    counts = counted(at=at, site=site, stage=stage, sites=allowed)

    def link(**other: str) -> str:
        given = {"kind": kind, **wanted, **other}
        return f"?{urlencode({name: value for name, value in given.items() if value})}"

    context = {
        "section": "timers",
        "kind": kind,
        "title": KINDS[kind][0],
        "about": KINDS[kind][1],
        "tabs": [(name, title, counts[name], link(kind=name)) for name, (title, _) in KINDS.items()],
        "sites": [(code, code or "All sites", link(site=code)) for code in ("", *codes)],
        "stages": [(name, _DONE.get(name, "all").capitalize(), link(stage=name)) for name in ("", *STAGES)],
        "site": wanted["site"],
        "stage": stage,
        "rows": [(row, _DONE[row.stage], _left(row)) for row in found.items],
        "older": link(after=found.next) if found.next else None,
        "newer": link() if asked["after"] else None,
        "targets": in_force(TARGETS),
    }
    return render(request, "timers/timers.html", context)


def _left(row: TimerShown) -> str:
    """2 h 5 min, or 1 d 3 h."""
    hours, minutes = divmod(int(abs(timedelta(minutes=row.minutes_left)).total_seconds() // 60), 60)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
