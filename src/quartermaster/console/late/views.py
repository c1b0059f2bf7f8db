"""Looking at what is late."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import one_of
from quartermaster.console.care import SHOWS, form, wanted
from quartermaster.console.gate import actor, who
from quartermaster.console.late import care, words
from quartermaster.console.notices import tell
from quartermaster.console.orders.words import Word
from quartermaster.core.errors import Invalid
from quartermaster.core.queries import setting
from quartermaster.core.texts import short
from quartermaster.tracking.actions.answer_late import Said
from quartermaster.tracking.actions.foresee import THRESHOLD
from quartermaster.tracking.actions.patience import set_patience
from quartermaster.tracking.queries import Tracked, one
from quartermaster.tracking.queries import late as page
from quartermaster.tracking.queries.late import LOST_AFTER
from quartermaster.tracking.rules.risk import AT_RISK, LOST_DAYS


def late(request: HttpRequest) -> HttpResponse:
    """GET /late?kind=&show=&after="""
    return _page(request, request.GET, {})


def answer(request: HttpRequest) -> HttpResponse:
    """POST /late/said: something is said of the rows chosen, each with its result."""
    kind = one_of(request.POST.get("kind", ""), words.KINDS) or "late"
    results = care.say(request, kind, at=now())
    if all(one.is_done for one in results):
        tell(request, f"{len(results)} done.")
        show = one_of(request.POST.get("show", ""), SHOWS) or "open"
        return redirect(f"/late?{urlencode({'kind': kind, 'show': show})}")
    return _page(request, request.POST, {one.row: one for one in results})


def _page(request: HttpRequest, given: QueryDict, results: Mapping[str, Said]) -> HttpResponse:
    kind = one_of(given.get("kind", ""), words.KINDS) or "late"
    show = one_of(given.get("show", ""), SHOWS) or "open"
    after = request.GET.get("after", "")
    asked = wanted(request, show)
    found = page(kind, at=now(), sites=who(request).sites, after=after, **asked._asdict())
    said = care.seen([row.care for row in found.items])

    def link(**other: str) -> str:
        return f"?{urlencode({'kind': kind, 'show': show, **other})}"

    context = {
        "section": "late",
        "kind": kind,
        "shown": words.KINDS[kind],
        "show": show,
        "threshold": round(100 * float(setting(THRESHOLD) or AT_RISK)),
        "lost_days": setting(LOST_AFTER) or LOST_DAYS,
        "tabs": [(name, word.title, link(kind=name)) for name, word in words.KINDS.items()],
        "shows": [(name, title, link(show=name)) for name, title in SHOWS.items()],
        "rows": [
            (row, words.STATUS[row.status], _told(row.minutes_late), whose, results.get(row.row))
            for row, whose in zip(found.items, said, strict=True)
        ],
        "results": list(results.values()),
        "newer": link() if after else None,
        "older": link(after=found.next) if found.next else None,
        "may_answer": who(request).may("ship:write"),
        "to": "late-answer",
        **form(care.SEES["late"]),
    }
    return render(request, "tracking/late.html", context)


def patience(request: HttpRequest) -> HttpResponse:
    """POST /late/patience"""
    said = {name: short(request.POST.get(name, "").strip(), 4) for name in ("threshold", "lost_days")}
    wrong = {
        name: "a whole number" for name, text in said.items() if not (text.isascii() and text.isdecimal())
    }
    if wrong:
        raise Invalid(what="What is called late", errors=wrong)
    percent, days = int(said["threshold"]), int(said["lost_days"])
    set_patience(percent / 100, days, at=now(), by=actor(request))
    tell(request, "Held against it within the hour.")
    return redirect("/late?kind=foreseen")


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
