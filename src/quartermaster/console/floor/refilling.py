"""Pick faces to fill: from which bin, how many, to which."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Refused
from quartermaster.core.texts import short
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.refills import refills as find

type Answer = HttpResponse


def refills(request: HttpRequest) -> Answer:
    """GET /floor/refills?site=&after="""
    return _shown(request, texts(request, "site", "after"))


def plan(request: HttpRequest) -> Answer:
    """POST /floor/refills"""
    site = short(request.POST.get("site", ""), 80)
    made = actions.plan_refills(location=site, at=now(), by=actor(request))
    tell(request, f"{made} new." if made else "Every pick face has enough, or more is nowhere.")
    return redirect(f"/floor/refills?{urlencode({'site': site})}")


def carry(request: HttpRequest, task_id: int) -> Answer:
    """POST /floor/refills/17: three scans or words; an empty number means all that is left."""
    given = {name: short(request.POST.get(name, "").strip(" \t\r\n*"), 255) for name in request.POST}
    site = {"site": given.get("site", ""), "after": ""}
    units = given.get("moved", "")
    if not (units.isascii() and units.isdecimal() and len(units) < 13):
        return _shown(request, site, wrong=f"{units or 'Nothing'} is not a number of units.")
    try:
        actions.refill(
            task_id,
            int(units),
            source=given.get("source", ""),
            target=given.get("target", ""),
            at=now(),
            by=actor(request),
        )
    except Refused as refusal:
        return _shown(request, site, wrong=f"{refusal.title} {refusal.remedy}")
    tell(request, f"{units} lie in {given.get('target', '')}.")
    return redirect(f"/floor/refills?{urlencode({'site': site['site']})}")


def _shown(request: HttpRequest, asked: dict[str, str], *, wrong: str = "") -> Answer:
    found = find(location=asked["site"], after=asked["after"])
    context = {
        "section": "floor",
        "tasks": found.items,
        "site": asked["site"],
        "next": found.next,
        "wrong": wrong,
    }
    return render(request, "floor/refills.html", context, status=409 if wrong else 200)
