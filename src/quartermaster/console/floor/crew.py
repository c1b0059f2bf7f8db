"""A site's day for its lead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import who
from quartermaster.console.orders.queries import user_names
from quartermaster.warehouse.queries.board import board
from quartermaster.warehouse.queries.crew import crew, cut_offs


def lead(request: HttpRequest) -> HttpResponse:
    """GET /floor/crew?site="""
    at, asked = now(), texts(request, "site")
    sites = [one for one in board(at=at) if who(request).is_at(one.location)]
    site = next((one for one in sites if one.location == asked["site"]), sites[0] if sites else None)
    people = crew(site.location, at=at) if site else []
    names = user_names(one.by.partition(":")[2] for one in people if one.by.startswith("user:"))
    context = {
        "section": "floor",
        "sites": sites,
        "site": site,
        "people": [(names.get(one.by.removeprefix("user:"), one.by), one) for one in people],
        "cut_offs": [(one, one.is_at_risk(at)) for one in cut_offs(site.location, at=at)] if site else [],
    }
    return render(request, "floor/crew.html", context)
