"""Exceptions by cause; one group with its rows; and one act on all of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.causes import queries as causes
from quartermaster.console.causes.cause import Cause, Row, When
from quartermaster.console.exceptions import fixes, queries
from quartermaster.console.exceptions.fixes import Result
from quartermaster.console.gate import actor, who
from quartermaster.console.navigation import waiting_on
from quartermaster.console.notices import tell
from quartermaster.console.today.views import tasks_of
from quartermaster.console.today.words import sections
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short


def exceptions(request: HttpRequest) -> HttpResponse:
    """GET /exceptions"""
    at = now()
    unfinished = [cause for cause in causes.CAUSES.values() if cause.is_exception]
    tasks = tasks_of(unfinished, at=at, sites=who(request).sites)
    by_when = sections(tasks)
    return render(
        request,
        "exceptions/exceptions.html",
        {
            "section": "exceptions",
            "tasks": list(enumerate((task for when in When for task in by_when[when]), 1)),
            "rows": waiting_on("exceptions"),
            "proof": queries.proof(since=at - timedelta(days=1)) if not tasks else None,
            "checked_at": at,
            "now": at,
        },
    )


def group(request: HttpRequest, cause: str) -> HttpResponse:
    """GET /exceptions/holds?of=address"""
    return _page(request, causes.cause_of(cause), texts(request, "of")["of"], {})


def fix(request: HttpRequest, cause: str) -> HttpResponse:
    """POST /exceptions/holds: one act on the rows chosen, or on all of them; each with its result."""
    asked = causes.cause_of(cause)
    of = short(request.POST.get("of", ""))
    if asked.fix not in _FIXES:
        raise Invalid(what="The act", errors={"cause": "nothing can be done to all of these at once"})
    if asked.fix == "map":
        return _map(request, of)
    chosen = [short(act) for act in request.POST.getlist("chosen")][: causes.ROWS_MAX]
    if not chosen:
        raise Invalid(what="The act", errors={"chosen": "no row is chosen"})
    if asked.fix != "release" and not all(act.isdecimal() and len(act) < 19 for act in chosen):
        raise Invalid(what="The act", errors={"chosen": "must be numbers"})
    results = _FIXES[asked.fix](chosen, of, request.POST, now(), actor(request))
    return _page(request, asked, of, {result.act: result for result in results})


def _map(request: HttpRequest, of: str) -> HttpResponse:
    slug, _, code = of.partition(":")
    sku = short(request.POST.get("sku", "").strip())
    fixes.map_sku(slug, code, sku, at=now(), by=actor(request))
    tell(request, f"{code} of {slug} is {sku} from now on. Its orders go on by themselves.")
    return redirect("exceptions")


def _page(request: HttpRequest, cause: Cause, of: str, results: Mapping[str, Result]) -> HttpResponse:
    at, sites = now(), who(request).sites
    found = causes.rows(cause, of, at=at, sites=sites)
    (task,) = [task for task in tasks_of([cause], at=at, sites=sites) if task.group.of == of] or (None,)
    return render(
        request,
        "exceptions/group.html",
        {
            "section": "exceptions" if cause.is_exception else "today",
            "cause": cause,
            "of": of,
            "task": task,
            "rows": _with_results(found[: causes.ROWS_MAX], results),
            "has_more": len(found) > causes.ROWS_MAX,
            "results": [result for result in results.values() if not _is_among(result, found)],
            "done": sum(result.is_done for result in results.values()),
            "refused": sum(not result.is_done for result in results.values()),
            "here": f"/exceptions/{cause.name}?{urlencode({'of': of})}",
            "most": causes.ROWS_MAX,
        },
    )


def _with_results(rows: Sequence[Row], results: Mapping[str, Result]) -> list[tuple[Row, Result | None]]:
    return [(row, results.get(row.act)) for row in rows]


def _is_among(result: Result, rows: Sequence[Row]) -> bool:
    return any(row.act == result.act for row in rows)


type Fix = Callable[[Sequence[str], str, QueryDict, datetime, str], list[Result]]


def _release(acts: Sequence[str], of: str, given: QueryDict, at: datetime, by: str) -> list[Result]:
    because = short(given.get("because", "").strip(), 500)
    return fixes.release_all(acts, kind=of, because=because, at=at, by=by)


_FIXES: dict[str, Fix] = {
    "release": _release,
    "replay": lambda acts, _of, _given, at, by: fixes.replay_all(acts, at=at, by=by),
    "retry": lambda acts, _of, _given, at, by: fixes.retry_all(acts, at=at, by=by),
    "map": lambda _acts, _of, _given, _at, _by: [],
}
