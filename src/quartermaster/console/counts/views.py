"""Deciding counts that differ, and how counting is done."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.queries.reports import told
from quartermaster.core.texts import short
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.counts import SETTLED_LATELY, count_plans, counts_waiting, cycle
from quartermaster.warehouse.rules.cycle import Cycle, accuracy

_KIND = {"due": "due", "zero": "emptied", "short": "short pick", "doubt": "doubted"}


class OfAllSites(Refused):
    code = "of-all-sites"
    status = 403
    message = "How counting is done holds for all sites, and you work at {sites}."
    remedy = "Ask somebody who works at all of them."


def counts(request: HttpRequest) -> HttpResponse:
    """GET /counts?after="""
    asked = texts(request, "after")
    sites = who(request).sites
    found = counts_waiting(sites=sites, after=asked["after"])
    names = user_names(said.by.rpartition(":")[2] for one in found.items for said in one.said)
    waiting = [
        (one, _KIND[one.kind], [(_name(said.by, names), said) for said in one.said]) for one in found.items
    ]
    settled = told(SETTLED_LATELY, at=now())
    context = {
        "section": "counts",
        "waiting": waiting,
        "next": found.next,
        "plans": count_plans(sites),
        "accuracy": accuracy(settled.found, sites),
        "computed_at": settled.computed_at,
        "policy": cycle(),
        "may_set": not sites,
    }
    return render(request, "counts/counts.html", context)


def approve(request: HttpRequest, task_id: int) -> HttpResponse:
    """POST /counts/17/approve"""
    actions.approve_count(task_id, at=now(), by=actor(request))
    tell(request, "The ledger follows the count.")
    return redirect("counts")


def again(request: HttpRequest, task_id: int) -> HttpResponse:
    """POST /counts/17/again"""
    because = short(request.POST.get("because", "").strip(), 255) or "counted all over"
    actions.count_again(task_id, because=because, at=now(), by=actor(request))
    tell(request, "On the counters' list again.")
    return redirect("counts")


def schedule(request: HttpRequest) -> HttpResponse:
    """POST /counts/schedule"""
    at, by = now(), actor(request)
    made = sum(actions.schedule_counts(location=site, at=at, by=by) for site in who(request).sites or ("",))
    tell(request, f"{made} bins are on the list." if made else "No more bins are due today.")
    return redirect("counts")


def set_policy(request: HttpRequest) -> HttpResponse:
    """POST /counts/policy: for all sites, so by somebody who works at all of them."""
    if sites := who(request).sites:
        raise OfAllSites(sites=" and ".join(sites))
    given: dict[str, object] = {
        name: request.POST[name].strip() for name in Cycle.__struct_fields__ if request.POST.get(name)
    }
    given["zero"] = bool(request.POST.get("zero"))
    try:
        wanted = msgspec.convert(given, Cycle, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(what="The counting policy", errors={"policy": str(error)}) from error
    actions.save_cycle(wanted, at=now(), by=actor(request))
    tell(request, "Counting is done this way from now on.")
    return redirect("counts")


def _name(by: str, names: dict[str, str]) -> str:
    who = by.removeprefix("pick:")
    kind, _, number = who.partition(":")
    told = names.get(number, who) if kind == "user" else who
    return f"{told}, picking" if by != who else told
