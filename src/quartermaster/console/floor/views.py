"""The board, and the tasks beside picking and packing."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.board import board, put_backs, to_pack
from quartermaster.warehouse.queries.lists import LIVE, pick_lists
from quartermaster.warehouse.queries.refills import waiting

LISTS_SHOWN = 20


def floor(request: HttpRequest) -> HttpResponse:
    """GET /floor?site="""
    sites = [one for one in board(at=now()) if who(request).is_at(one.location)]
    asked = request.GET.get("site", "")
    site = next((one for one in sites if one.location == asked), sites[0] if sites else None)
    context: dict[str, object] = {"section": "floor", "sites": sites, "site": site}
    if site is not None:
        context["lists"] = pick_lists(location=site.location, states=LIVE, limit=LISTS_SHOWN).items
        context["refills"] = waiting(site.location)
        context["to_pack"] = to_pack(site.location)
    return render(request, "floor/floor.html", context)


def make_list(request: HttpRequest) -> HttpResponse:
    """POST /floor/lists: work for the person who asks."""
    site, orders = request.POST.get("site", ""), _number(request.POST.get("orders", ""), "orders")
    made = actions.make_pick_list(short(site, 80), orders_max=orders, at=now(), by=actor(request))
    if made is None:
        tell(request, f"Nothing is to be picked at {short(site, 80)} now.")
        return redirect(f"/floor?{urlencode({'site': short(site, 80)})}")
    return redirect("floor-pick", list_id=made)


def backs(request: HttpRequest) -> HttpResponse:
    """GET /floor/put-backs?site=&after="""
    asked = texts(request, "site", "after")
    found = put_backs(location=asked["site"], after=asked["after"])
    context = {"section": "floor", "tasks": found.items, "site": asked["site"], "next": found.next}
    return render(request, "floor/put_backs.html", context)


def put_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """POST /floor/put-backs/17"""
    place = short(request.POST.get("place", "").strip(), 255)
    actions.put_back(task_id, place, at=now(), by=actor(request))
    tell(request, f"Put back at {place}.")
    return redirect("floor-put-backs")


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 13):
        raise Invalid(what="The form", errors={name: "must be a whole number"})
    return int(text)
