"""Shops on the screen: all of them at a glance, and one with its differences."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.channels import actions
from quartermaster.channels.queries.drifts import comparisons, drifts
from quartermaster.channels.queries.health import health, one_health
from quartermaster.channels.rules.health import Health, light
from quartermaster.console.asked import one_of, texts
from quartermaster.console.connect import words
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.inbox.actions import pause, resume
from quartermaster.inbox.queries import connection
from quartermaster.inbox.rules import endings

COMPARISONS_SHOWN = 7
_ORDER = {"bad": 0, "warn": 1, "good": 2, "off": 3}


def connect(request: HttpRequest) -> HttpResponse:
    """GET /connect"""
    at = now()
    seen = [(one, light(one, at)) for one in health(at)]
    seen.sort(key=lambda pair: (_ORDER[pair[1].tone], pair[0].slug))
    rows = [(one, words.lit(lamp), lamp, words.share(one.fetched, one.used)) for one, lamp in seen]
    return render(request, "connect/connect.html", {"section": "connect", "rows": rows, "now": at})


def shop(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /connect/acme?state=settled&after="""
    return _page(request, one_health(slug, now()), {})


def _page(request: HttpRequest, seen: Health, errors: dict[str, str]) -> HttpResponse:
    at = now()
    wanted = texts(request, "state")
    state = one_of(wanted["state"], ("settled",)) or "open"
    found = drifts(connection=seen.slug, state=state, after=request.GET.get("after", ""))
    lamp = light(seen, at)
    past = comparisons(seen.slug, limit=COMPARISONS_SHOWN)
    keyed = connection(seen.slug)
    context = {
        "section": "connect",
        "shop": seen,
        "light": lamp,
        "lit": words.lit(lamp),
        "share": words.share(seen.fetched, seen.used),
        "state": state,
        "rows": [(row, words.DIFFERS[row.kind]) for row in found.items],
        "older": found.next,
        "endings": [
            (one, words.ENDS_BY[one.by]) for one in endings(keyed.keys_end, at.date(), keyed.keys_end_by)
        ],
        "comparisons": [(row, words.compared(row)) for row in past],
        "is_comparing": bool(past) and past[0].phase != "done",
        "week_ago": (at - timedelta(days=7)).date().isoformat(),
        "today": at.date().isoformat(),
        "now": at,
        "errors": errors,
    }
    return render(request, "connect/shop.html", context, status=422 if errors else 200)


def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /connect/acme"""
    at, by = now(), actor(request)
    match short(request.POST.get("do", ""), 20):
        case "pause":
            pause(slug, at=at, by=by)
            told = "Nothing is taken in or told any more."
        case "resume":
            resume(slug, at=at, by=by)
            told = "It is heard, asked and told again."
        case "live":
            actions.switch(slug, mode="live", at=at, by=by)
            told = "It is told of what happens from now on."
        case "observe":
            actions.switch(slug, mode="observe", at=at, by=by)
            told = "It is only read from now on."
        case _:
            raise Invalid(what="The act", errors={"do": "one of pause, resume, live, observe"})
    tell(request, told)
    return redirect("connect-shop", slug)


def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /connect/acme/compare"""
    seen, given = one_health(slug, now()), short(request.POST.get("since", ""), 20)
    try:
        since = datetime.fromisoformat(given).replace(tzinfo=UTC)
    except ValueError:
        return _page(request, seen, {"since": "a day such as 2026-11-16"})
    try:
        actions.compare(slug, since=since, at=now(), by=actor(request))
    except Invalid as error:
        return _page(request, seen, dict(error.errors))
    tell(request, "It is read and compared. What was missed is fetched; what differs shows here.")
    return redirect("connect-shop", slug)


def heal(request: HttpRequest, slug: str, drift_id: int) -> HttpResponse:
    """POST /connect/acme/drifts/7/heal"""
    actions.heal(drift_id, at=now(), by=actor(request))
    tell(request, "The shop is told once more. The next comparison says whether it helped.")
    return redirect("connect-shop", slug)


def take(request: HttpRequest, slug: str, drift_id: int) -> HttpResponse:
    """POST /connect/acme/drifts/7/take"""
    actions.take_theirs(drift_id, at=now(), by=actor(request))
    tell(request, "What it costs there is the listing's own price from now on.")
    return redirect("connect-shop", slug)


def let_be(request: HttpRequest, slug: str, drift_id: int) -> HttpResponse:
    """POST /connect/acme/drifts/7"""
    because = short(request.POST.get("because", "").strip(), 500)
    actions.let_be(drift_id, because=because, at=now(), by=actor(request))
    tell(request, "Left as it is. It does not come back while it stays the same.")
    return redirect("connect-shop", slug)
