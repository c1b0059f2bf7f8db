"""The end of the day: what carriers have on their lists, and the vans that are called."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.words import Word
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.ports import PicksUp
from quartermaster.shipping.queries import end_of_day
from quartermaster.shipping.queries.carriers import accounts_with

LIST: dict[str, Word] = {
    "asked": Word("Being told", "◷", "is-accent"),
    "told": Word("As scanned out", "✓", "is-good"),
    "short": Word("Differs", "✕", "is-bad"),
    "refused": Word("Refused", "✕", "is-bad"),
}
PICKUP: dict[str, Word] = {
    "asked": Word("Being called", "◷", "is-accent"),
    "booked": Word("Comes", "✓", "is-good"),
    "refused": Word("Refused", "✕", "is-bad"),
    "cancelling": Word("Being cancelled", "◷", ""),
    "cancelled": Word("Cancelled", "–", ""),
    "done": Word("Came", "✓", ""),
    "missed": Word("Did not come", "✕", "is-bad"),
}
ZONE = "select coalesce(nullif(timezone, ''), 'UTC') from stock_location where code = %s"


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/dispatch"""
    context = {
        "section": "ship",
        "lists": [(each, LIST[each.state]) for each in end_of_day.told()],
        "pickups": [(each, PICKUP[each.state]) for each in end_of_day.pickups().items],
        "waiting": end_of_day.waiting_for_a_van(sorted(accounts_with(PicksUp))),
        "today": now().date(),
    }
    return render(request, "shipping/dispatch.html", context)


def call(request: HttpRequest) -> HttpResponse:
    """POST /ship/dispatch: the times are the site's."""
    account, carrier, location = (*_text(request, "van").split("|"), "", "", "")[:3]
    number = actions.call_pickup(
        account=account,
        carrier=carrier,
        location=location,
        starts_at=_moment(request, "from", location),
        ends_at=_moment(request, "until", location),
        note=_text(request, "note"),
        at=now(),
        by=actor(request),
    )
    tell(request, f"{number}: {carrier} is being called to {location}.")
    return redirect("ship-dispatch")


def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """POST /ship/dispatch/PU-7/cancel"""
    because = _text(request, "because") or "not needed any more"
    actions.cancel_pickup(number, because=because, at=now(), by=actor(request))
    tell(request, f"{number} is being cancelled.")
    return redirect("ship-dispatch")


def again(request: HttpRequest, number: str) -> HttpResponse:
    """POST /manifests/M-3/tell"""
    actions.tell_again(number, at=now(), by=actor(request))
    tell(request, f"{number} is being told again.")
    return redirect("ship-dispatch")


def sheet(request: HttpRequest, number: str, account: str) -> HttpResponse:
    """GET /manifests/M-3/acme-ship.pdf"""
    return HttpResponse(end_of_day.paper(number, account), content_type="application/pdf")


def _moment(request: HttpRequest, name: str, location: str) -> datetime:
    try:
        day = datetime.fromisoformat(_text(request, "on")).date()
        clock = time.fromisoformat(_text(request, name))
    except ValueError:
        raise Invalid(what="The pickup", errors={name: "is no day and time"}) from None
    zones = sql.run(ZONE, (location,))
    return datetime.combine(day, clock, ZoneInfo(zones[0][0] if zones else "UTC"))


def _text(request: HttpRequest, name: str) -> str:
    return short(request.POST.get(name, "").strip(), 200)
