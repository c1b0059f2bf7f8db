"""From the dock into a bin, and from bin to bin: one field that hears every scan."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.catalog.queries import scanned
from quartermaster.console.asked import texts
from quartermaster.console.floor.scans import hear, typed
from quartermaster.console.models import FloorScan
from quartermaster.core.errors import Refused
from quartermaster.core.texts import whole
from quartermaster.inbound import actions
from quartermaster.inbound.queries.candidates import OnDock, on_dock
from quartermaster.inbound.queries.suggestions import suggestion
from quartermaster.stock.queries.balances import Held, balances
from quartermaster.warehouse.actions import move_units

type Answer = HttpResponse

STORED = ("site", "sku", "lot", "serial", "place", "units", "because")
MOVED = ("site", "source", "sku", "target", "units", "which")


class NotThere(Refused):
    code = "not-there"
    message = "{sku} does not lie in {place}."
    remedy = "Scan the bin you take from, then what you take."


class SeveralThere(Refused):
    code = "several-there"
    message = "{count} kinds of {sku} lie in {place}."
    remedy = "Choose which one, and scan the bin it goes to."


def dock(request: HttpRequest) -> Answer:
    """GET /floor/put-away?site=&scan=&lot=&serial=: what lies there, or where what was scanned goes."""
    asked = texts(request, "site", "scan", "lot", "serial")
    scan = asked["scan"].strip(" \t\r\n*")
    if not scan:
        return _dock(request, asked["site"])
    found = scanned(scan)
    sku = found.sku if found else scan
    mine = [one for one in on_dock(asked["site"]) if sku in (one.sku, one.serial) or scan == one.serial]
    exact = [one for one in mine if (one.lot, one.serial) == (asked["lot"], asked["serial"])]
    if not mine:
        return _dock(request, asked["site"], wrong=f"{sku} does not lie on the dock of {asked['site']}.")
    return _one(request, asked["site"], (exact or mine)[0])


def put_away(request: HttpRequest) -> Answer:
    """POST /floor/put-away: the units lie in the bin that was scanned, under the scan's id."""
    given = {name: typed(request.POST.get(name, "")) for name in STORED}
    site = given["site"]

    def store(scan: FloorScan) -> str:
        done = actions.put_away(
            site,
            given["sku"],
            _units(given["units"]),
            given["place"],
            key=str(scan.id),
            lot=given["lot"],
            serial=given["serial"],
            because=given["because"],
            at=scan.scanned_at,
            by=scan.by,
        )
        return f"{done.units} × {given['sku']} lie in {done.place.partition('/')[2]}."

    told = hear(request, f"put-away:{site}:{given['sku']}", store, *STORED)
    if "wrong" in told:
        asked = (given["sku"], given["lot"], given["serial"])
        for one in on_dock(site):
            if (one.sku, one.lot, one.serial) == asked:
                return _one(request, site, one, **told)
    return _dock(request, site, **told)


def move(request: HttpRequest) -> Answer:
    """GET /floor/move?site="""
    return _move(request, texts(request, "site"))


def carry(request: HttpRequest) -> Answer:
    """POST /floor/move: the bin, what, and the bin it goes to, under one scan's id."""
    given = {name: typed(request.POST.get(name, "")) for name in MOVED}
    told = hear(
        request, f"move:{given['site']}:{given['source']}", lambda scan: _carried(given, scan), *MOVED
    )
    return _move(request, given if "wrong" in told else {"site": given["site"]}, **told)


def _carried(given: dict[str, str], scan: FloorScan) -> str:
    """Empty units mean all that lie there. Raises Refused."""
    site = given["site"]
    source = given["source"] if given["source"].startswith(f"{site}/") else f"{site}/{given['source']}"
    found = scanned(given["sku"])
    lying = _lying(source, found.sku if found else given["sku"])
    if not lying:
        raise NotThere(sku=found.sku if found else given["sku"], place=given["source"])
    which = int(given["which"]) if given["which"].isdecimal() else None
    if which is None and len(lying) > 1:
        raise SeveralThere(count=len(lying), sku=lying[0].sku, place=given["source"])
    one = lying[min(which or 0, len(lying) - 1)]
    done = move_units(
        site,
        one.sku,
        _units(given["units"]) if given["units"] else one.quantity,
        one.place,
        given["target"],
        key=str(scan.id),
        state=one.state,
        lot=one.lot,
        serial=one.serial,
        at=scan.scanned_at,
        by=scan.by,
    )
    return f"{done.units} × {one.sku} lie in {done.place.partition('/')[2]}."


def _dock(request: HttpRequest, site: str, *, right: str = "", wrong: str = "") -> Answer:
    context = {"section": "floor", "site": site, "lying": on_dock(site), "right": right, "wrong": wrong}
    return render(request, "floor/put_away.html", context, status=409 if wrong else 200)


def _one(request: HttpRequest, site: str, one: OnDock, *, wrong: str = "") -> Answer:
    told = suggestion(site, one.sku, one.units, lot=one.lot)
    context = {
        "section": "floor",
        "site": site,
        "one": one,
        "told": told,
        "bin": told.place.partition("/")[2],
        "units": told.units or one.units,
        "because": typed(request.POST.get("because", "")),
        "next_scan": uuid4(),
        "wrong": wrong,
    }
    return render(request, "floor/put_away.html", context, status=409 if wrong else 200)


def _move(request: HttpRequest, given: dict[str, str], *, right: str = "", wrong: str = "") -> Answer:
    site, source, sku = (given.get(name, "") for name in ("site", "source", "sku"))
    found = scanned(sku) if sku else None
    place = source if source.startswith(f"{site}/") else f"{site}/{source}"
    choices = _lying(place, found.sku if found else sku) if source and sku else []
    context = {
        "section": "floor",
        "site": site,
        "given": given,
        "choices": choices if len(choices) > 1 else [],
        "which": int(given["which"]) if given.get("which", "").isdecimal() else 0,
        "next_scan": uuid4(),
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/move.html", context, status=409 if wrong else 200)


def _lying(place: str, sku: str) -> list[Held]:
    """What can be carried away: nobody's hands have it yet."""
    movable = ("available", "qc", "returned", "damaged", "expired")
    found = balances(place, limit=200).items
    return [one for one in found if one.sku == sku and one.state in movable and one.place == place]


def _units(text: str) -> int:
    """0, which every action refuses, for what is no number."""
    return whole(text, 12) or 0
