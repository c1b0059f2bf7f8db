"""From the dock into a bin, and from bin to bin: one field that hears every scan."""

from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.catalog.queries import scanned
from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Refused
from quartermaster.core.texts import short
from quartermaster.inbound import actions
from quartermaster.inbound.queries.candidates import OnDock, on_dock
from quartermaster.inbound.queries.suggestions import suggestion
from quartermaster.stock.queries.balances import Held, balances
from quartermaster.warehouse.actions import move_units

type Answer = HttpResponse


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
    """POST /floor/put-away: the units lie in the bin that was scanned. The form carries the scan's id."""
    given = _given(request)
    site, units = given.get("site", ""), _units(given)
    try:
        done = actions.put_away(
            site,
            given.get("sku", ""),
            units,
            given.get("place", ""),
            key=given.get("key", "")[:120],
            lot=given.get("lot", ""),
            serial=given.get("serial", ""),
            because=given.get("because", ""),
            at=now(),
            by=actor(request),
        )
    except Refused as refusal:
        wrong = " ".join([refusal.title, *refusal.errors.values(), refusal.remedy])
        asked = (given.get("sku"), given.get("lot", ""), given.get("serial", ""))
        for one in on_dock(site):
            if (one.sku, one.lot, one.serial) == asked:
                return _one(request, site, one, wrong=wrong)
        return _dock(request, site, wrong=wrong)
    tell(request, f"{done.units} × {given.get('sku', '')} lie in {done.place.partition('/')[2]}.")
    return redirect(f"/floor/put-away?{urlencode({'site': site})}")


def move(request: HttpRequest) -> Answer:
    """GET /floor/move?site="""
    return _move(request, texts(request, "site"))


def carry(request: HttpRequest) -> Answer:
    """POST /floor/move: the bin, then what, then the bin it goes to; with the last scan they are moved."""
    given = _given(request)
    site, scan = given.get("site", ""), given.get("scan", "").strip(" \t\r\n*")
    if not given.get("source"):
        bin = scan if scan.startswith(f"{site}/") else f"{site}/{scan}"
        if not balances(bin, limit=1).items:
            return _move(request, given, wrong=f"Nothing lies in {scan}.")
        return _move(request, {**given, "source": bin})
    if not given.get("sku"):
        found = scanned(scan)
        sku = found.sku if found else scan
        if not _lying(given["source"], sku):
            return _move(request, given, wrong=f"{sku} does not lie in {given['source']}.")
        return _move(request, {**given, "sku": sku})
    lying = _lying(given["source"], given["sku"])
    which = int(given["which"]) if given.get("which", "").isdecimal() else 0
    if which >= len(lying):
        wrong = f"{given['sku']} does not lie in {given['source']} any more."
        return _move(request, {"site": site}, wrong=wrong)
    one = lying[which]
    try:
        done = move_units(
            site,
            one.sku,
            _units(given),
            one.place,
            scan,
            key=given.get("key", "")[:120],
            state=one.state,
            lot=one.lot,
            serial=one.serial,
            at=now(),
            by=actor(request),
        )
    except Refused as refusal:
        wrong = " ".join([refusal.title, *refusal.errors.values(), refusal.remedy])
        return _move(request, given, wrong=wrong)
    tell(request, f"{done.units} × {one.sku} lie in {done.place.partition('/')[2]}.")
    return redirect(f"/floor/move?{urlencode({'site': site})}")


def _dock(request: HttpRequest, site: str, *, wrong: str = "") -> Answer:
    context = {"section": "floor", "site": site, "lying": on_dock(site), "wrong": wrong}
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
        "because": _given(request).get("because", ""),
        "key": str(uuid4()),
        "wrong": wrong,
    }
    return render(request, "floor/put_away.html", context, status=409 if wrong else 200)


def _move(request: HttpRequest, given: dict[str, str], *, wrong: str = "") -> Answer:
    source, sku = given.get("source", ""), given.get("sku", "")
    choices = _lying(source, sku) if sku else []
    context = {
        "section": "floor",
        "site": given.get("site", ""),
        "source": source,
        "sku": sku,
        "choices": choices if len(choices) > 1 else [],
        "which": int(given["which"]) if given.get("which", "").isdecimal() else 0,
        "units": given.get("units") or (str(choices[0].quantity) if choices else "1"),
        "key": str(uuid4()),
        "wrong": wrong,
    }
    return render(request, "floor/move.html", context, status=409 if wrong else 200)


def _lying(place: str, sku: str) -> list[Held]:
    """What can be carried away: nobody's hands have it yet."""
    movable = ("available", "qc", "returned", "damaged", "expired")
    found = balances(place, limit=200).items
    return [one for one in found if one.sku == sku and one.state in movable and one.place == place]


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: short(str(value).strip(), 255) for name, value in request.POST.items()}


def _units(given: dict[str, str]) -> int:
    """0, which every action refuses, for what is no number."""
    text = given.get("units", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else 0
