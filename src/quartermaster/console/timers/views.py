"""Looking at the timers of the floor."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.care import SHOWS, form
from quartermaster.console.care import wanted as asked_for
from quartermaster.console.gate import who
from quartermaster.console.late import care
from quartermaster.console.notices import tell
from quartermaster.core.queries.versions import in_force
from quartermaster.core.texts import short
from quartermaster.stock.queries.locations import locations
from quartermaster.tracking.actions.answer_late import Said
from quartermaster.warehouse.queries.timers import TARGETS, TimerShown, counted, timers
from quartermaster.warehouse.rules.timers import STAGES

KINDS = {
    "breached": ("Too late", "Their time is over, and they are not done."),
    "breaching": ("Will be late", "Not done in time at the pace of the site's last hour."),
    "next": ("Next", "In time at the pace of the site's last hour, or nobody works on them yet."),
}
_DONE = {"pick": "picked", "pack": "packed", "dispatch": "handed over"}


def page(request: HttpRequest) -> HttpResponse:
    """GET /timers?kind=&site=&stage=&show=&after="""
    return _page(request, request.GET, {})


def answer(request: HttpRequest) -> HttpResponse:
    """POST /timers/said: something is said of the rows chosen, each with its result."""
    kind = one_of(request.POST.get("kind", ""), KINDS) or "breached"
    results = care.say(request, kind, at=now())
    if all(one.is_done for one in results):
        tell(request, f"{len(results)} done.")
        kept = {
            "kind": kind,
            **{name: short(request.POST.get(name, "")) for name in ("show", "site", "stage")},
        }
        return redirect(f"/timers?{urlencode({name: value for name, value in kept.items() if value})}")
    return _page(request, request.POST, {one.row: one for one in results})


def _page(request: HttpRequest, given: QueryDict, results: Mapping[str, Said]) -> HttpResponse:
    at, after = now(), texts(request, "after")["after"]
    kind = one_of(given.get("kind", ""), KINDS) or "breached"
    stage = one_of(given.get("stage", ""), STAGES)
    show = one_of(given.get("show", ""), SHOWS) or "open"
    allowed = tuple(who(request).sites)
    codes = [one.code for one in locations() if one.is_active and (not allowed or one.code in allowed)]
    site = one_of(given.get("site", ""), codes)
    wanted = {"site": site, "stage": stage, "show": show}
    asked = asked_for(request, show)._asdict()
    found = timers(kind, at=at, site=site, stage=stage, sites=allowed, after=after, **asked)
    counts = counted(at=at, site=site, stage=stage, sites=allowed, **asked)
    said = care.seen([row.care for row in found.items])

    def link(**other: str) -> str:
        asked = {"kind": kind, **wanted, **other}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    context = {
        "section": "timers",
        "kind": kind,
        "title": KINDS[kind][0],
        "about": KINDS[kind][1],
        "tabs": [(name, title, counts[name], link(kind=name)) for name, (title, _) in KINDS.items()],
        "sites": [(code, code or "All sites", link(site=code)) for code in ("", *codes)],
        "stages": [(name, _DONE.get(name, "all").capitalize(), link(stage=name)) for name in ("", *STAGES)],
        "shows": [(name, title, link(show=name)) for name, title in SHOWS.items()],
        **wanted,
        "rows": [
            (row, _DONE[row.stage], _left(row), whose, results.get(row.row))
            for row, whose in zip(found.items, said, strict=True)
        ],
        "results": list(results.values()),
        "older": link(after=found.next) if found.next else None,
        "newer": link() if after else None,
        "targets": in_force(TARGETS),
        "may_answer": kind != "next" and who(request).may("floor:write"),
        **form(care.SEES["timers"]),
    }
    return render(request, "timers/timers.html", context)


def _left(row: TimerShown) -> str:
    """2 h 5 min, or 1 d 3 h."""
    hours, minutes = divmod(int(abs(timedelta(minutes=row.minutes_left)).total_seconds() // 60), 60)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
