"""Looking at what is late."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.asked import one_of
from quartermaster.console.late import words
from quartermaster.console.orders.words import Word
from quartermaster.tracking.queries import Tracked, one
from quartermaster.tracking.queries import late as page


def late(request: HttpRequest) -> HttpResponse:
    """GET /late?kind=&after="""
    kind = one_of(request.GET.get("kind", ""), words.KINDS) or "late"
    after = request.GET.get("after", "")
    found = page(kind, at=now(), after=after)
    return render(
        request,
        "tracking/late.html",
        {
            "section": "late",
            "kind": kind,
            "shown": words.KINDS[kind],
            "tabs": [(name, word.title, f"?kind={name}") for name, word in words.KINDS.items()],
            "rows": [(row, words.STATUS[row.status], _told(row.minutes_late)) for row in found.items],
            "newer": f"?kind={kind}" if after else None,
            "older": f"?{urlencode({'kind': kind, 'after': found.next})}" if found.next else None,
        },
    )


def parcel(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """GET /parcels/P-17/scans"""
    found = one(parcel_id)
    return render(
        request,
        "tracking/parcel.html",
        {"section": "late", "parcel": found, "given": words.given(parcel_id), **scans(found)},
    )


def scans(parcel: Tracked) -> dict[str, object]:
    """What tracking/scans.html needs; other pages include it with this."""
    status = words.STATUS.get(parcel.status, Word("Nothing told yet", "○", ""))
    return {"scans": [(told, words.STATUS[told.status]) for told in parcel.scans], "word": status}


def _told(minutes: int) -> str:
    """Minutes, hours or days and hours late, as a person says it."""
    if minutes < 60:
        return f"{minutes} min"
    days, hours = divmod(minutes // 60, 24)
    if not days:
        return f"{hours} h {minutes % 60} min"
    return f"{days} d {hours} h" if days < 10 else f"{days} d"
