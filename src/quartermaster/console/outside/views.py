"""Sites that others work: what they were sent, what they say, and what differs."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.outside import words
from quartermaster.core import plugs, sql
from quartermaster.core.errors import Invalid
from quartermaster.core.queries.reports import told
from quartermaster.core.texts import short
from quartermaster.inbound.queries.arrivals import arrivals
from quartermaster.inbox.queries.connections import connections
from quartermaster.outside import actions
from quartermaster.outside.ports import Notices, Warehouse
from quartermaster.outside.queries import board
from quartermaster.outside.queries.notices import notices

OPEN = ("expected", "receiving")
LOCATIONS = """
select code from stock_location where is_active order by kind not in ('3pl', 'fba'), code limit 200
"""


def outside(request: HttpRequest) -> HttpResponse:
    """GET /outside"""
    at, reachable = now(), plugs.kinds(Warehouse)
    context = {
        "section": "outside",
        "sites": [(site, words.heard(site, at)) for site in board.sites(at)],
        "locations": [code for (code,) in sql.run(LOCATIONS)],
        "connections": [one.slug for one in connections() if one.kind in reachable],
    }
    return render(request, "outside/outside.html", context)


def work(request: HttpRequest) -> HttpResponse:
    """POST /outside"""
    asked = {name: short(request.POST.get(name, "").strip(), 80) for name in ("location", "connection")}
    terms = {name: _units(request, name) for name in ("answer_hours", "ship_hours", "settle_up_to")}
    given = {name: value for name, value in terms.items() if value is not None or name == "settle_up_to"}
    is_active = request.POST.get("is_active", "1") == "1"
    actions.work_outside(
        asked["location"], asked["connection"], is_active=is_active, at=now(), by=actor(request), **given
    )
    became = "is sent to them from now on" if is_active else "is picked by us again"
    tell(request, f"What is released at {asked['location']} {became}.")
    return redirect("outside-site", asked["location"])


def site(request: HttpRequest, code: str) -> HttpResponse:
    """GET /outside/RNO"""
    at = now()
    seen = board.one_site(code, at)
    counted = told(board.times_of(code), at=at)
    times = counted.found
    expected = arrivals(location=code, states=OPEN, after="", limit=50).items
    coming = notices(code, now=at)
    context = {
        "section": "outside",
        "site": seen,
        "heard": words.heard(seen, at),
        "orders": [
            (one, words.state(one), one.due_at is not None and one.due_at < at)
            for one in board.open_orders(code)
        ],
        "drifts": board.drifts(code),
        "receipts": [(one, words.arrival_of(one, expected, coming)) for one in board.receipts(code)],
        "coming": [(one, words.notice(one), words.told(one)) for one in coming],
        "is_told": seen.kind in plugs.kinds(Notices),
        "expected": expected,
        "unread": board.unread(code),
        "times": times,
        "computed_at": counted.computed_at,
        "answer": words.lasted(timedelta(seconds=times.answer_s)) if times.answer_s is not None else "",
        "ship": words.lasted(timedelta(seconds=times.ship_s)) if times.ship_s is not None else "",
    }
    return render(request, "outside/site.html", context)


def settle(request: HttpRequest, code: str, drift_id: int) -> HttpResponse:
    """POST /outside/RNO/drifts/7"""
    units = _units(request, "units")
    because = short(request.POST.get("because", "").strip(), 500)
    if units is None:
        raise Invalid(what="The decision", errors={"units": "how many to add or take off; 0 leaves it"})
    actions.settle_drift(drift_id, units, because=because, at=now(), by=actor(request))
    tell(request, "Settled by a counter-entry." if units else "Left as it is.")
    return redirect("outside-site", code)


def receipt(request: HttpRequest, code: str, receipt_id: int) -> HttpResponse:
    """POST /outside/RNO/receipts/7"""
    moves, arrival = _text(request, "moves") != "no", _units(request, "arrival")
    is_last = _text(request, "is_last") == "1"
    actions.book_receipt(
        receipt_id, moves=moves, arrival_id=arrival, is_last=is_last, at=now(), by=actor(request)
    )
    tell(request, "Booked." if moves else "Noted: it is in the ledger already.")
    return redirect("outside-site", code)


def seen(request: HttpRequest, code: str, unread_id: int) -> HttpResponse:
    """POST /outside/RNO/unread/7"""
    actions.see_unread(unread_id, at=now(), by=actor(request))
    return redirect("outside-site", code)


def _text(request: HttpRequest, name: str) -> str:
    return short(request.POST.get(name, "").strip(), 80)


def _units(request: HttpRequest, name: str) -> int | None:
    """A whole number, None when nothing was written. Raises Invalid."""
    text = _text(request, name).replace("−", "-")
    if not text:
        return None
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise Invalid(what="The number", errors={name: "a whole number"})
    return int(text)
