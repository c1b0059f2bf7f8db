"""Pick faces to fill: from which bin, how many, to which."""

from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.floor.scans import hear, number, typed
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.console.notices import tell
from quartermaster.core.texts import short
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.refills import refills as find

type Answer = HttpResponse

CARRIED = ("site", "source", "moved", "target")


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
    """POST /floor/refills/17: both bins and the units carried in all, under one scan's id."""
    given = {name: typed(request.POST.get(name, "")) for name in CARRIED}

    def carried(scan: FloorScan) -> str:
        units = number(given["moved"], "units")
        bins = {"source": given["source"], "target": given["target"]}
        actions.refill(task_id, units, **bins, at=scan.scanned_at, by=scan.by)
        return f"{units} lie in {given['target']}."

    told = hear(request, f"refill:{task_id}", carried, *CARRIED)
    return _shown(request, {"site": given["site"], "after": ""}, **told)


def _shown(request: HttpRequest, asked: dict[str, str], *, right: str = "", wrong: str = "") -> Answer:
    found = find(location=asked["site"], after=asked["after"])
    context = {
        "section": "floor",
        "tasks": found.items,
        "site": asked["site"],
        "next": found.next,
        "next_scan": uuid4(),
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/refills.html", context, status=409 if wrong else 200)
