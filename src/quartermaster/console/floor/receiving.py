"""The dock: what is expected, a field that hears every scan, and what came."""

from datetime import date
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.floor.scans import hear, number, typed
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.texts import short
from quartermaster.inbound import actions
from quartermaster.inbound.queries.arrivals import OPEN, arrival_shown, arrivals, photo

type Answer = HttpResponse

FIELDS = ("scan", "quantity", "damaged", "lot", "serial", "expires_on", "because")


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
    """POST /floor/receive/17: units of what was scanned. Sent twice it is one receipt."""
    given = {name: typed(request.POST.get(name, "")) for name in FIELDS}

    def receive(scan: FloorScan) -> str:
        wanted = actions.Scan(
            key=str(scan.id),
            code=given["scan"],
            quantity=number(given["quantity"] or "1", "quantity"),
            damaged=number(given["damaged"] or "0", "damaged"),
            lot=given["lot"],
            serial=given["serial"],
            expires_on=_day(given["expires_on"]),
            because=given["because"],
        )
        done = actions.receive(arrival_id, wanted, at=scan.scanned_at, by=scan.by)
        sent = request.FILES.get("photo")
        if sent is not None:
            actions.add_photo(done.receipt_id, sent.read(), at=scan.scanned_at, by=scan.by)
        said = [f"{done.units} × {done.sku} received.", f"{done.left} to come." if done.left else ""]
        said += [f"{done.damaged} damaged: set them apart."] if done.damaged else []
        said += [f"{done.qc} to be looked at."] if done.qc else []
        return " ".join(filter(None, said))

    return _shown(
        request, arrival_id, **hear(request, f"receive:{arrival_id}", receive, *FIELDS), given=given
    )


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
        "next_scan": uuid4(),
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
