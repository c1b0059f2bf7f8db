"""One bin at a time: scan it, count what lies there, go on to the next. Nothing says what should be there."""

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
from quartermaster.warehouse.queries.board import count_tasks
from quartermaster.warehouse.queries.counts import CountAsked, count_asked, next_count

type Answer = HttpResponse


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
    text = short(request.POST.get("scan", "").strip(" \t\r\n*"), 255)
    if text not in (asked.place, _bin(asked)):
        return _shown(request, asked, wrong=f"This is {text or 'nothing'}, you need {_bin(asked)}.")
    try:
        actions.start_count(task_id, at=now(), by=actor(request))
    except Refused as refusal:
        return _shown(request, asked, wrong=f"{refusal.title} {refusal.remedy}")
    return redirect("floor-count", task_id=task_id)


def say(request: HttpRequest, task_id: int) -> Answer:
    """POST /floor/counts/17: so many lie there. The same answer whatever it means."""
    asked = count_asked(task_id, by=actor(request))
    serials = short(request.POST.get("serials", ""), 100_000).split()
    units = short(request.POST.get("counted", "").strip(), 20) or str(len(serials))
    if not (units.isascii() and units.isdecimal() and len(units) < 13):
        return _shown(request, asked, wrong=f"{units} is not a number of units.")
    try:
        actions.count(task_id, int(units), serials=serials, at=now(), by=actor(request))
    except Refused as refusal:
        return _shown(request, asked, wrong=_sentence(refusal))
    tell(request, f"{units} × {asked.sku} at {_bin(asked)}: noted.")
    then = next_count(task_id, by=actor(request))
    if then is None:
        return redirect(f"/floor/counts?{urlencode({'site': asked.location})}")
    return redirect("floor-count", task_id=then)


def _sentence(refusal: Refused) -> str:
    fields = " ".join(f"{name}: {because}." for name, because in getattr(refusal, "errors", {}).items())
    return f"{refusal.title} {fields or refusal.remedy}"


def _shown(request: HttpRequest, asked: CountAsked, *, wrong: str = "") -> Answer:
    head, dash, tail = asked.sku.rpartition("-")
    context = {
        "section": "floor",
        "asked": asked,
        "bin": _bin(asked),
        "sku_head": head + dash,
        "sku_tail": tail,
        "is_open": asked.state in ("open", "recount") and not asked.is_mine,
        "wrong": wrong,
    }
    return render(request, "floor/count.html", context, status=409 if wrong else 200)


def _bin(asked: CountAsked) -> str:
    """The place as it stands on the shelf: without its site, unless it is the site."""
    return asked.place.partition("/")[2] or asked.place
