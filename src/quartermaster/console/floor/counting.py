"""One bin at a time: scan it, count what lies there, go on to the next. Nothing says what should be there."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.console.asked import texts
from quartermaster.console.floor.scans import hear, number, typed
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.core.errors import Refused
from quartermaster.core.texts import short
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.board import count_tasks
from quartermaster.warehouse.queries.counts import CountAsked, count_asked, next_count

type Answer = HttpResponse


class OtherPlace(Refused):
    code = "other-place"
    message = "This is {scanned}, you need {place}."
    remedy = ""


def counts(request: HttpRequest) -> Answer:
    """GET /floor/counts?site=&after="""
    asked = texts(request, "site", "after")
    found = count_tasks(location=asked["site"], but=actor(request), after=asked["after"])
    context = {"section": "floor", "tasks": found.items, "site": asked["site"], "next": found.next}
    return render(request, "floor/counts.html", context)


def count(request: HttpRequest, task_id: int) -> Answer:
    """GET /floor/counts/17"""
    return _shown(request, count_asked(task_id, by=actor(request)))


def scan(request: HttpRequest, task_id: int) -> Answer:
    """POST /floor/counts/17/scan: the bin, by its code with the site's name or without."""
    asked = count_asked(task_id, by=actor(request))

    def begin(scan: FloorScan) -> str:
        if scan.text not in (asked.place, _bin(asked)):
            raise OtherPlace(scanned=scan.text or "nothing", place=_bin(asked))
        actions.start_count(task_id, at=scan.scanned_at, by=scan.by)
        return f"{_bin(asked)} is right."

    told = hear(request, f"count:{task_id}", begin)
    return _shown(request, count_asked(task_id, by=actor(request)), **told)


def say(request: HttpRequest, task_id: int) -> Answer:
    """POST /floor/counts/17: so many lie there. The same answer whatever it means, with the next bin."""
    asked = count_asked(task_id, by=actor(request))
    serials = short(request.POST.get("serials", ""), 100_000).split()
    units = typed(request.POST.get("counted", ""), 20) or str(len(serials))

    def said(scan: FloorScan) -> str:
        counted = number(units, "units")
        actions.count(task_id, counted, serials=serials, at=scan.scanned_at, by=scan.by)
        return f"{counted} × {asked.sku} at {_bin(asked)}: noted."

    told = hear(request, f"count:{task_id}", said, "counted", "serials")
    then = next_count(task_id, by=actor(request)) if "right" in told else None
    return _shown(request, count_asked(then or task_id, by=actor(request)), **told)


def _shown(request: HttpRequest, asked: CountAsked, *, right: str = "", wrong: str = "") -> Answer:
    head, dash, tail = asked.sku.rpartition("-")
    context = {
        "section": "floor",
        "asked": asked,
        "bin": _bin(asked),
        "sku_head": head + dash,
        "sku_tail": tail,
        "is_open": asked.state in ("open", "recount") and not asked.is_mine,
        "next_scan": uuid4(),
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/count.html", context, status=409 if wrong else 200)


def _bin(asked: CountAsked) -> str:
    """The place as it stands on the shelf: without its site, unless it is the site."""
    return asked.place.partition("/")[2] or asked.place
