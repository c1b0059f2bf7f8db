"""Waves of a site for its lead: what one would take, planning it, how far each is, ending it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short, whole
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse import actions
from quartermaster.warehouse.jobs import look_soon, plan_soon
from quartermaster.warehouse.queries.board import Board, board
from quartermaster.warehouse.queries.lists import of_wave
from quartermaster.warehouse.queries.policy import pick_policy
from quartermaster.warehouse.queries.wave_plans import plan_under_way, wave_plan
from quartermaster.warehouse.queries.wave_work import lanes_of, methods_of, zones_of
from quartermaster.warehouse.queries.waves import wave as one_wave
from quartermaster.warehouse.queries.waves import waves as find
from quartermaster.warehouse.rules.grouping import Mode
from quartermaster.warehouse.rules.routing import Strategy
from quartermaster.warehouse.rules.wanted import WaveWanted

type Answer = HttpResponse

FILTERS = ("ship_by", "priority", "method", "carrier", "zone", "lines")
HOW_MANY = ("orders_max", "lines_max", "units_max")
HOW = ("mode", "routing")
LOOK_AGAIN_S = 2  # while a wave is planned
TITLES = {
    "orders_max": "Orders at most",
    "lines_max": "Lines at most",
    "units_max": "Units at most",
    "ship_by": "Leaves until",
    "priority": "Priority at least",
    "method": "Shipping as sold",
    "carrier": "Carrier expected",
    "zone": "Zone",
    "lines": "Lines of an order",
}


def waves(request: HttpRequest) -> Answer:
    """GET /floor/waves?site=&after=, with plan= how far that one is, with preview= what a wave would take."""
    asked = texts(request, "site", "after", "preview", "plan", *FILTERS, *HOW_MANY, *HOW)
    site, context = _site(request, asked)
    if site is None:
        return render(request, "floor/waves.html", context)
    row_id = location_id(site.location)
    planned = plan_under_way(row_id, _row(asked["plan"]))
    if planned is not None and planned.wave_id is not None:
        return redirect("floor-wave", wave_id=planned.wave_id)
    looked = wave_plan(number) if (number := _row(asked["preview"])) is not None else None
    if looked is not None and looked.location == site.location and looked.is_preview:
        context |= {"looked": looked, "decision": looked.found and looked.found.because}
        context["fields"] = _filled(asked)
    context["planned"] = planned
    answer = render(request, "floor/waves.html", context)
    is_asked = {"plan": planned, "preview": looked}
    for name, one in is_asked.items():  # who fills in a form is left alone
        if asked[name] and one is not None and one.is_open:
            again = {"site": site.location, name: one.id, **dict(_filled(asked))}
            answer["Refresh"] = f"{LOOK_AGAIN_S}; url=?{urlencode(again)}"
    return answer


def look(request: HttpRequest) -> Answer:
    """POST /floor/waves/preview: a worker looks what a wave would take."""
    names = ("site", "after", *FILTERS, *HOW_MANY, *HOW)
    given = {name: short(request.POST.get(name, ""), 255) for name in names}
    try:
        made = look_soon(_wanted(given["site"], given), at=now(), by=actor(request))
    except Invalid as refusal:
        _, context = _site(request, given)
        context["errors"] = refusal.errors
        return render(request, "floor/waves.html", context, status=refusal.status)
    there = {"site": given["site"], "preview": made, **dict(_filled(given))}
    return redirect(f"/floor/waves?{urlencode(there)}")


def _site(request: HttpRequest, asked: Mapping[str, str]) -> tuple[Board | None, dict[str, object]]:
    """The site that is asked for, and what its page shows; the first one's when none is."""
    sites = [one for one in board(at=now()) if who(request).is_at(one.location)]
    site = next((one for one in sites if one.location == asked["site"]), sites[0] if sites else None)
    context: dict[str, object] = {"section": "floor", "sites": sites, "site": site, "asked": asked}
    if site is not None:
        row_id = location_id(site.location)
        found = find(location=site.location, after=asked["after"])
        context |= {
            "waves": found.items,
            "next": found.next,
            "policy": pick_policy(row_id),
            "methods": methods_of(row_id),
            "carriers": sorted({lane.carrier for lane in lanes_of(row_id)}),
            "zones": zones_of(row_id),
            "modes": list(Mode),
            "ways": list(Strategy),
        }
    return site, context


def _row(text: str) -> int | None:
    return whole(text, 17)


def _filled(asked: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, asked[name]) for name in (*FILTERS, *HOW_MANY, *HOW) if asked[name]]


def plan(request: HttpRequest) -> Answer:
    """POST /floor/waves: a worker plans it; with `release`, people may pick it at once."""
    given = {name: short(request.POST.get(name, ""), 255) for name in (*FILTERS, *HOW_MANY, *HOW)}
    site = short(request.POST.get("site", ""), 80)
    is_released = bool(request.POST.get("release"))
    asked = plan_soon(_wanted(site, given), release=is_released, at=now(), by=actor(request))
    return redirect(f"/floor/waves?{urlencode({'site': site, 'plan': asked})}")


def wave(request: HttpRequest, wave_id: int) -> Answer:
    """GET /floor/waves/7"""
    found = one_wave(wave_id)
    lists = of_wave(wave_id)
    people = (found.made_by, *(one.picker for one in lists))
    names = user_names(one.partition(":")[2] for one in people if one.startswith("user:"))
    context = {
        "section": "floor",
        "wave": found,
        "lists": [(one, _name(one.picker, names)) for one in lists],
        "made_by": _name(found.made_by, names),
        "is_open": found.state in ("planned", "released"),
        "filters": [
            (title, found.because.asked[name])
            for name, title in TITLES.items()
            if found.because.asked.get(name) not in (None, "")
        ],
    }
    return render(request, "floor/wave.html", context)


def release(request: HttpRequest, wave_id: int) -> Answer:
    """POST /floor/waves/7/release"""
    actions.release_wave(wave_id, at=now(), by=actor(request))
    tell(request, f"W-{wave_id} is on the floor.")
    return redirect("floor-wave", wave_id=wave_id)


def close(request: HttpRequest, wave_id: int) -> Answer:
    """POST /floor/waves/7/close"""
    actions.close_wave(wave_id, because=_because(request), at=now(), by=actor(request))
    tell(request, "Closed: lists nobody has begun are given back.")
    return redirect("floor-wave", wave_id=wave_id)


def cancel(request: HttpRequest, wave_id: int) -> Answer:
    """POST /floor/waves/7/cancel"""
    actions.cancel_wave(wave_id, because=_because(request), at=now(), by=actor(request))
    tell(request, "Given back: what was not picked can go onto other lists.")
    return redirect("floor-wave", wave_id=wave_id)


def _because(request: HttpRequest) -> str:
    return short(request.POST.get("because", "").strip(), 255)


def _wanted(site: str, given: Mapping[str, str]) -> WaveWanted:
    """Raises Invalid that names every field that cannot be read."""
    errors: dict[str, str] = {}
    numbers = {name: _number(given[name], name, errors) for name in (*HOW_MANY, "priority")}
    ship_by = _moment(given["ship_by"], errors)
    if given["mode"] and given["mode"] not in list(Mode):
        errors["mode"] = "is not known"
    if given["routing"] and given["routing"] not in list(Strategy):
        errors["routing"] = "is not known"
    if errors:
        raise Invalid(what="The wave", errors=errors)
    return WaveWanted(
        location=site,
        mode=Mode(given["mode"]) if given["mode"] else None,
        routing=Strategy(given["routing"]) if given["routing"] else None,
        orders_max=100 if numbers["orders_max"] is None else numbers["orders_max"],
        lines_max=numbers["lines_max"],
        units_max=numbers["units_max"],
        priority=numbers["priority"],
        ship_by=ship_by,
        method=given["method"].strip(),
        carrier=given["carrier"].strip(),
        zone=given["zone"].strip(),
        lines=given["lines"],
    )


def _number(text: str, name: str, errors: dict[str, str]) -> int | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 13:
        return int(text)
    errors[name] = "must be a whole number"
    return None


def _moment(text: str, errors: dict[str, str]) -> datetime | None:
    """As a browser's field gives it, in UTC like all times on pages."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        errors["ship_by"] = "must be a day and a time"
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _name(by: str, names: Mapping[str, str]) -> str:
    return names.get(by.removeprefix("user:"), by)
