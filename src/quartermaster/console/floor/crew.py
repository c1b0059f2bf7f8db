"""A site's day for its lead: the funnel, cut-offs, people, what is stuck."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import who
from quartermaster.console.navigation import waiting_on
from quartermaster.console.orders.queries import user_names
from quartermaster.console.people.queries import scans_heard
from quartermaster.shipping.queries.dispatch import open_manifests
from quartermaster.warehouse.queries.board import Board, board
from quartermaster.warehouse.queries.crew import Person, crew, cut_offs
from quartermaster.warehouse.queries.stuck import StuckWork, stuck_work

DAY = timedelta(hours=12)
_STUCK = {  # kind -> (what it is called, where it is gone on with)
    "list": ("PL-{} is being picked, and nobody picks", "/floor/pick/{}"),
    "parcel": ("P-{} is open at the bench", "/floor/pack/{}"),
    "label": ("P-{} is packed and has no label", ""),
    "arrival": ("IN-{} is being received, and nobody scans", "/floor/receive/{}"),
    "put_back": ("Task {}: picked units to put back", "/floor/put-backs?site={site}"),
    "count": ("Count {} waits for a decision", ""),
}


def lead(request: HttpRequest) -> HttpResponse:
    """GET /floor/crew?site="""
    at, asked = now(), texts(request, "site")
    sites = [one for one in board(at=at) if who(request).is_at(one.location)]
    site = next((one for one in sites if one.location == asked["site"]), sites[0] if sites else None)
    context: dict[str, object] = {"section": "floor", "sites": sites, "site": site}
    if site is not None:
        people, stuck = crew(site.location, at=at), stuck_work(site.location, at=at)
        heard = scans_heard((one.by for one in people), since=at - DAY)
        names = user_names(
            by.partition(":")[2]
            for by in (*(one.by for one in people), *(one.by for one in stuck))
            if by.startswith("user:")
        )
        context |= {
            "people": [(_name(one.by, names), one, _percent(one), heard.get(one.by)) for one in people],
            "cut_offs": [(one, one.is_at_risk(at)) for one in cut_offs(site.location, at=at)],
            "funnel": _funnel(site),
            "stuck": [_stuck(one, names) for one in stuck],
            "exceptions": waiting_on("exceptions"),
        }
    return render(request, "floor/crew.html", context)


def _funnel(site: Board) -> list[tuple[str, int, str]]:
    """What each step holds, and of what."""
    scanned = sum(one.parcels for one in open_manifests(site.location))
    return [
        ("Released", site.to_pick, "orders"),
        ("Picking", site.picking, "orders"),
        ("To pack", site.to_pack, "orders"),
        ("No label", site.packed, "parcels"),
        ("Labelled", max(0, site.labelled - scanned), "parcels"),
        ("Scanned out", scanned, "parcels"),
        ("Gone today", site.handed_over_today, "parcels"),
    ]


def _stuck(one: StuckWork, names: dict[str, str]) -> tuple[str, str, StuckWork, str]:
    says, path = _STUCK[one.kind]
    return says.format(one.id), path.format(one.id, site=one.location), one, _name(one.by, names)


def _name(by: str, names: dict[str, str]) -> str:
    return names.get(by.removeprefix("user:"), by)


def _percent(one: Person) -> int | None:
    """+20: a fifth faster than the site's mean for the same work."""
    return None if one.against_mean is None else round(100 * (one.against_mean - 1))
