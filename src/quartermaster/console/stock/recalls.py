"""Recalls: a lot nobody may get any more, who has it, and who was told; and what is to go to quarantine."""

import csv
import io
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.csvs import guarded
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.stock.actions import carry_to_quarantine, lift_recall, recall
from quartermaster.stock.actions.recall import recall_id_of
from quartermaster.stock.queries.recalls import quarantine_bins, recall_shown, recalls, to_carry
from quartermaster.support.actions import tell_notice
from quartermaster.support.queries.recalled import affected

STAGES = {
    "delivered": "Delivered",
    "shipped": "On its way",
    "packed": "In a parcel here",
    "picked": "Picked",
    "to_pick": "On a pick list",
}
COLUMNS = (
    *("order", "stage", "units", "parcel", "tracking_number"),
    *("name", "email", "phone", "notice", "told"),
)


def page(request: HttpRequest) -> HttpResponse:
    """GET /stock/recalls?sku=&lot=&after="""
    asked = texts(request, "sku", "lot", "after")
    found = recalls(after=asked["after"])
    context = {"section": "stock", "rows": found.items, "next": found.next, "asked": asked}
    return render(request, "stock/recalls.html", context)


def make(request: HttpRequest) -> HttpResponse:
    """POST /stock/recalls: recall a lot."""
    given = {name: short(request.POST.get(name, "").strip(), 255) for name in ("sku", "lot", "because")}
    number = recall(given["sku"], given["lot"], because=given["because"], at=now(), by=actor(request))
    tell(request, f"{number}: lot {given['lot']} of {given['sku']} cannot be sold any more.")
    return redirect("recall", number=number)


def one(request: HttpRequest, number: str) -> HttpResponse:
    """GET /stock/recalls/RC-3"""
    recall_id = recall_id_of(number)
    shown = recall_shown(recall_id)
    found = affected(recall_id)
    rows = [(row, STAGES[row.stage]) for row in found]
    waiting = len({row.notice_id for row in found if row.notice == "waiting"})
    context = {"section": "stock", "recall": shown, "rows": rows, "waiting": waiting}
    return render(request, "stock/recall.html", context)


def export(request: HttpRequest, number: str) -> HttpResponse:
    """GET /stock/recalls/RC-3.csv: every order that got the lot."""
    shown = recall_shown(recall_id_of(number))
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for row in affected(shown.id):
        table.writerow([guarded(str(getattr(row, name))) for name in COLUMNS])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{shown.number}.csv"'
    return answer


def lift(request: HttpRequest, number: str) -> HttpResponse:
    """POST /stock/recalls/RC-3/lift"""
    because = short(request.POST.get("because", "").strip(), 500)
    lift_recall(number, because=because, at=now(), by=actor(request))
    tell(request, f"{number} is lifted.")
    return redirect("recall", number=number)


def told(request: HttpRequest, number: str, notice_id: int) -> HttpResponse:
    """POST /stock/recalls/RC-3/notices/5: the customer was told."""
    because = short(request.POST.get("because", "").strip(), 500)
    tell_notice(notice_id, because=because, at=now(), by=actor(request))
    tell(request, "Noted.")
    return redirect("recall", number=number)


def quarantine(request: HttpRequest) -> HttpResponse:
    """GET /floor/quarantine?site="""
    site = texts(request, "site")["site"]
    nearest: dict[str, str] = {}
    for code in quarantine_bins():
        nearest.setdefault(code.partition("/")[0], code)
    rows = [(row, nearest.get(row.place.partition("/")[0], "")) for row in to_carry(site)]
    context = {"section": "floor", "rows": rows, "site": site, "key": secrets.token_hex(8)}
    return render(request, "floor/quarantine.html", context)


def carry(request: HttpRequest) -> HttpResponse:
    """POST /floor/quarantine: units lie in quarantine now."""
    names = ("sku", "lot", "serial", "state", "place", "target", "units", "key")
    given = {name: short(request.POST.get(name, "").strip(), 255) for name in names}
    units = given.pop("units")
    if not (units.isascii() and units.isdecimal() and len(units) < 13):
        raise Invalid(what="The form", errors={"units": "must be a whole number"})
    carry_to_quarantine(
        given["sku"],
        int(units),
        given["place"],
        given["target"],
        state=given["state"],
        lot=given["lot"],
        serial=given["serial"],
        key=given["key"],
        at=now(),
        by=actor(request),
    )
    tell(request, f"{units} × {given['sku']} lie in {given['target']}.")
    return redirect("floor-quarantine")
