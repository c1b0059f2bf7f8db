"""The dock: what is expected, a field that hears every scan, and what came."""

from datetime import date
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.texts import short
from quartermaster.inbound import actions
from quartermaster.inbound.queries.arrivals import OPEN, arrival_shown, arrivals, photo

type Answer = HttpResponse


def arriving(request: HttpRequest) -> Answer:
    """GET /floor/receive?site=&after="""
    asked = texts(request, "site", "after")
    found = arrivals(location=asked["site"], states=OPEN, after=asked["after"])
    context = {"section": "floor", "arrivals": found.items, "site": asked["site"], "next": found.next}
    return render(request, "floor/receive.html", context)


def begin(request: HttpRequest) -> Answer:
    """POST /floor/receive: goods that came without a word."""
    site, supplier, reference = (
        short(request.POST.get(name, "").strip(), 255) for name in ("site", "supplier", "reference")
    )
    new = actions.NewArrival(site=site, supplier=supplier, reference=reference)
    made = actions.expect_arrival(new, at=now(), by=actor(request))
    return redirect("floor-arrival", arrival_id=made)


def arrival(request: HttpRequest, arrival_id: int) -> Answer:
    """GET /floor/receive/17"""
    return _shown(request, arrival_id)


def scan(request: HttpRequest, arrival_id: int) -> Answer:
    """POST /floor/receive/17: units of what was scanned. The form carries the scan's id: sent twice it is one
    receipt."""
    given = {name: short(str(value).strip(" \t\r\n*"), 255) for name, value in request.POST.items()}
    try:
        wanted = actions.Scan(
            key=given.get("key", "")[:120] or str(uuid4()),
            code=given.get("scan", ""),
            quantity=_number(given.get("quantity", "1"), "quantity"),
            damaged=_number(given.get("damaged", "") or "0", "damaged"),
            lot=given.get("lot", ""),
            serial=given.get("serial", ""),
            expires_on=_day(given.get("expires_on", "")),
            because=given.get("because", ""),
        )
        done = actions.receive(arrival_id, wanted, at=now(), by=actor(request))
        sent = request.FILES.get("photo")
        if sent is not None:
            actions.add_photo(done.receipt_id, sent.read(), at=now(), by=actor(request))
    except Refused as refusal:
        wrong = " ".join([refusal.title, *refusal.errors.values(), refusal.remedy])
        return _shown(request, arrival_id, wrong=wrong, given=given)
    said = [f"{done.units} × {done.sku} received.", f"{done.left} to come." if done.left else ""]
    if done.damaged:
        said.append(f"{done.damaged} damaged: set them apart.")
    if done.qc:
        said.append(f"{done.qc} to be looked at.")
    return _shown(request, arrival_id, right=" ".join(filter(None, said)))


def close(request: HttpRequest, arrival_id: int) -> Answer:
    """POST /floor/receive/17/close"""
    because = short(request.POST.get("because", "").strip(), 255)
    try:
        actions.close_arrival(arrival_id, because=because, at=now(), by=actor(request))
    except Refused as refusal:
        return _shown(request, arrival_id, wrong=" ".join([refusal.title, *refusal.errors.values()]))
    tell(request, f"IN-{arrival_id} is received.")
    return redirect("floor-arrival", arrival_id=arrival_id)


def inspect(request: HttpRequest, arrival_id: int, receipt_id: int) -> Answer:
    """POST /floor/receive/17/receipts/170: of the units to be looked at, all are good or all are not."""
    found = next((one for one in arrival_shown(arrival_id).receipts if one.id == str(receipt_id)), None)
    if found is None:
        raise NotFound(what="receipt", which=receipt_id)
    units, is_good = found.to_check, request.POST.get("good") == "1"
    because = short(request.POST.get("because", "").strip(), 255)
    try:
        actions.inspect(
            receipt_id,
            passed=found.passed + (units if is_good else 0),
            failed=found.failed + (0 if is_good else units),
            because=because,
            at=now(),
            by=actor(request),
        )
    except Refused as refusal:
        return _shown(request, arrival_id, wrong=" ".join([refusal.title, *refusal.errors.values()]))
    return _shown(request, arrival_id, right=f"{units} looked at: {'good' if is_good else 'damaged'}.")


def picture(request: HttpRequest, photo_id: int) -> Answer:
    """GET /floor/photos/17"""
    kind, body = photo(photo_id)
    return HttpResponse(body, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


def _shown(
    request: HttpRequest,
    arrival_id: int,
    *,
    right: str = "",
    wrong: str = "",
    given: dict[str, str] | None = None,
) -> Answer:
    found = arrival_shown(arrival_id)
    kept = given if wrong else None
    context = {
        "section": "floor",
        "arrival": found,
        "is_open": found.state in OPEN,
        "is_short": any(line.short for line in found.lines),
        "key": str(uuid4()),
        "given": kept or {"quantity": "1"},
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/arrival.html", context, status=409 if wrong else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(what="The scan", errors={"expires_on": "expiry: a day such as 2026-12-31"}) from None


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 13):
        raise Invalid(what="The scan", errors={name: f"{name}: a whole number"})
    return int(text)
