"""One pick at a time: where to go, what to take, and a field that hears every scan."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.floor.actions import Told, hear_scan
from quartermaster.console.floor.scans import meaning, sent
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.console.notices import tell
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.texts import short
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.lists import ListWithPicks, PickShown, pick_list

type Answer = HttpResponse


def pick(request: HttpRequest, list_id: int) -> Answer:
    """GET /floor/pick/17"""
    return _shown(request, list_id)


def scan(request: HttpRequest, list_id: int, pick_id: int) -> Answer:
    """POST /floor/pick/17/170: a scan, or units by hand. `so_far` makes the same form sent twice one pick."""
    one = _found(pick_list(list_id), pick_id)
    given = request.POST
    text = short(given.get("scan", "").strip(" \t\r\n*"), 255)
    if given.get("all"):
        return _confirm(request, list_id, one, one.quantity, "")
    heard = meaning(one, text)
    if heard.wrong:
        return _shown(request, list_id, wrong=heard.wrong)
    if heard.is_bin:
        return _shown(request, list_id, right=f"{_bin(one)} is right. Scan {one.sku}.")
    if heard.lot:
        told = _lot(one, heard.lot, at=now())
        return _shown(request, list_id, **{"right" if told.is_right else "wrong": told.said})
    so_far = given.get("so_far", "")
    before = int(so_far) if so_far.isascii() and so_far.isdecimal() and len(so_far) < 13 else one.picked
    return _confirm(request, list_id, one, before + heard.units, heard.serial)


def hear(request: HttpRequest, list_id: int) -> Answer:
    """POST /floor/pick/17/scans: a scan under the id its device gave it, perhaps made a while ago without a
    network. What it means is decided by what is to be picked when its turn comes; sent again, it is answered
    as before."""
    scan = sent(request, f"pick:{list_id}")
    answer = hear_scan(scan, lambda: _meant(list_id, scan), at=now())
    said = {"right": answer.said} if answer.is_right else {"wrong": answer.said}
    return _shown(request, list_id, **said)


def _meant(list_id: int, scan: FloorScan) -> Told:
    """Carry out a scan: of the bin or of a unit of the first pick that is left."""
    one = next((each for each in pick_list(list_id).path if each.state == "to_pick"), None)
    if one is None:
        return Told(False, f"{scan.text}: nothing is left to pick on PL-{list_id}.")
    heard = meaning(one, scan.text)
    if heard.wrong:
        return Told(False, heard.wrong)
    if heard.is_bin:
        return Told(True, f"{_bin(one)} is right. Scan {one.sku}.")
    if heard.lot:
        return _lot(one, heard.lot, at=scan.scanned_at)
    units = one.picked + heard.units
    try:
        actions.confirm_pick(int(one.id), units, serial=heard.serial, at=scan.scanned_at, by=scan.by)
    except Refused as refusal:
        return Told(False, f"{refusal.title} {refusal.remedy}")
    left = one.quantity - units
    return Told(True, f"{one.sku}: {left} more." if left else f"{units} × {one.sku} picked.")


def _lot(one: PickShown, lot: str, *, at: datetime) -> Told:
    try:
        actions.check_lot(int(one.id), lot, at=at)
    except Refused as refusal:
        return Told(False, f"{refusal.title} {refusal.remedy}")
    return Told(True, f"Lot {lot} is right. Scan {one.sku}.")


def short_of(request: HttpRequest, list_id: int, pick_id: int) -> Answer:
    """POST /floor/pick/17/170/short"""
    one = _found(pick_list(list_id), pick_id)
    found = request.POST.get("found", "")
    units = int(found) if found.isascii() and found.isdecimal() and len(found) < 13 else one.picked
    try:
        actions.pick_short(pick_id, units, at=now(), by=actor(request))
    except Refused as refusal:
        return _shown(request, list_id, wrong=f"{refusal.title} {refusal.remedy}")
    after = _found(pick_list(list_id), pick_id)
    return _shown(request, list_id, right=f"Short, noted: {after.because}.")


def give_back(request: HttpRequest, list_id: int) -> Answer:
    """POST /floor/pick/17/cancel"""
    because = short(request.POST.get("because", "").strip(), 255) or "given back by the picker"
    actions.cancel_list(list_id, because=because, at=now(), by=actor(request))
    tell(request, "Given back: others can pick it.")
    return redirect("floor")


def _confirm(request: HttpRequest, list_id: int, one: PickShown, units: int, serial: str) -> Answer:
    try:
        actions.confirm_pick(int(one.id), units, serial=serial, at=now(), by=actor(request))
    except Refused as refusal:
        return _shown(request, list_id, wrong=f"{refusal.title} {refusal.remedy}")
    left = one.quantity - units
    return _shown(
        request, list_id, right=f"{one.sku}: {left} more." if left else f"{units} × {one.sku} picked."
    )


def _shown(request: HttpRequest, list_id: int, *, right: str = "", wrong: str = "") -> Answer:
    found = pick_list(list_id)
    todo = [each for each in found.path if each.state == "to_pick"]
    now_at, then = (todo[0] if todo else None), (todo[1] if len(todo) > 1 else None)
    done = len(found.path) - len(todo)
    context = {
        "section": "floor",
        "list": found,
        "pick": now_at,
        "next": _bin(then) if then is not None else "",
        "done": done,
        "share": 100 * done // max(1, len(found.path)),
        "rest": [(_bin(each), each.sku, each.quantity - each.picked) for each in todo],
        "right": right,
        "wrong": wrong,
    }
    if now_at is not None:
        head, dash, tail = now_at.sku.rpartition("-")
        context |= {"sku_head": head + dash, "sku_tail": tail, "left": now_at.quantity - now_at.picked}
        context["bin"] = _bin(now_at)
    return render(request, "floor/pick.html", context, status=409 if wrong else 200)


def _bin(pick: PickShown) -> str:
    """The place as it stands on the shelf: without its site, unless it is the site."""
    return pick.place.partition("/")[2] or pick.place


def _found(shown: ListWithPicks, pick_id: int) -> PickShown:
    for each in shown.path:
        if each.id == str(pick_id):
            return each
    raise NotFound(what=f"pick on PL-{shown.id}", which=pick_id)
