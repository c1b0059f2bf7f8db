"""Exceptions by cause; one group with its rows; and one act on all of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.care import SHOWS, form, seen, wanted
from quartermaster.console.causes import queries as causes
from quartermaster.console.causes.cause import Cause, Row, When
from quartermaster.console.exceptions import fixes, queries
from quartermaster.console.exceptions.actions import SEES, Said
from quartermaster.console.exceptions.fixes import Result
from quartermaster.console.exceptions.history import history
from quartermaster.console.gate import actor, who
from quartermaster.console.navigation import waiting_on
from quartermaster.console.notices import tell
from quartermaster.console.today.views import tasks_of
from quartermaster.console.today.words import Task, sections
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short


class Refusal(NamedTuple):
    """What care/shows.html tells of an act."""

    row: str
    is_done: bool
    because: str


def exceptions(request: HttpRequest) -> HttpResponse:
    """GET /exceptions?show="""
    return cards(request, request.GET, {})


def cards(request: HttpRequest, given: QueryDict, said: Mapping[tuple[str, str], Said]) -> HttpResponse:
    """The exceptions that are shown. said: what became of an act on some of them, by cause and of."""
    at = now()
    show = one_of(given.get("show", ""), SHOWS) or "open"
    unfinished = [cause for cause in causes.CAUSES.values() if cause.is_exception]
    kept = {} if show == "open" else {"show": show}
    shown = {**wanted(request, show)._asdict(), "kept": kept}
    by_when = sections(tasks_of(unfinished, at=at, sites=who(request).sites, **shown))
    tasks = [task for when in When for task in by_when[when]]
    there = {(task.group.cause, task.group.of): task for task in tasks}
    counted = sum(task.group.rows for task in tasks)
    context = {
        "section": "exceptions",
        "tasks": [(n, task, _said_of(task, said)) for n, task in enumerate(tasks, 1)],
        "rows": waiting_on("exceptions") if show == "open" else counted,
        "proof": queries.proof(since=at - timedelta(days=1)) if not tasks and show == "open" else None,
        "results": [
            Refusal(there[key].told.title if key in there else key[1], one.is_done, one.because)
            for key, one in said.items()
        ],
        "checked_at": at,
        "now": at,
        "show": show,
        "shows": [(name, title, f"?{urlencode({'show': name})}") for name, title in SHOWS.items()],
        "may_answer": who(request).may("orders:write"),
        **(form(SEES) if tasks else {}),
    }
    return render(request, "exceptions/exceptions.html", context)


def _said_of(task: Task, said: Mapping[tuple[str, str], Said]) -> Said | None:
    return said.get((task.group.cause, task.group.of))


def group(request: HttpRequest, cause: str) -> HttpResponse:
    """GET /exceptions/holds?of=address&show="""
    return rows(request, causes.cause_of(cause), texts(request, "of")["of"], request.GET, {})


def page_of(cause: str, of: str) -> str:
    return f"/exceptions/{cause}?{urlencode({'of': of})}"


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
    return rows(request, asked, of, request.POST, {result.act: result for result in results})


def _map(request: HttpRequest, of: str) -> HttpResponse:
    slug, _, code = of.partition(":")
    sku = short(request.POST.get("sku", "").strip())
    fixes.map_sku(slug, code, sku, at=now(), by=actor(request))
    tell(request, f"{code} of {slug} is {sku} from now on. Its orders go on by themselves.")
    return redirect("exceptions")


def rows(
    request: HttpRequest, cause: Cause, of: str, given: QueryDict, results: Mapping[str, Result]
) -> HttpResponse:
    """The rows of one exception, each with what became of an act on it."""
    at, sites = now(), who(request).sites
    show = "open" if cause.answered_in else one_of(given.get("show", ""), SHOWS) or "open"
    shown = wanted(request, show)._asdict()
    found = causes.rows(cause, of, at=at, sites=sites, **shown)
    tasks = tasks_of([cause], at=at, sites=sites, **shown)
    listed = found[: causes.ROWS_MAX]
    here = page_of(cause.name, of)
    context = {
        "section": "exceptions" if cause.is_exception else "today",
        "cause": cause,
        "of": of,
        "task": next((task for task in tasks if task.group.of == of), None),
        "rows": [
            (row, results.get(row.act), whose)
            for row, whose in zip(listed, seen([row.care for row in listed]), strict=True)
        ],
        "has_more": len(found) > causes.ROWS_MAX,
        "results": [result for result in results.values() if not _is_among(result, found)],
        "done": sum(result.is_done for result in results.values()),
        "refused": sum(not result.is_done for result in results.values()),
        "here": here,
        "most": causes.ROWS_MAX,
        "checked_at": at,
        "show": show,
        "shows": [(name, title, f"{here}&show={name}") for name, title in SHOWS.items()],
        "may_answer": not cause.answered_in and who(request).may("orders:write"),
        "history": history(cause.name, of),
        "said_to": f"/exceptions/{cause.name}/said",
        **(form(SEES) if listed and not cause.answered_in else {}),
    }
    return render(request, "exceptions/group.html", context)


def _is_among(result: Result, rows: Sequence[Row]) -> bool:
    return any(row.act == result.act for row in rows)


type Fix = Callable[[Sequence[str], str, QueryDict, datetime, str], list[Result]]


def _release(acts: Sequence[str], of: str, given: QueryDict, at: datetime, by: str) -> list[Result]:
    because = short((given.get("because") or given.get("note", "")).strip(), 500)
    if not because:
        raise Invalid(what="The release", errors={"because": "say why they may go on"})
    return fixes.release_all(acts, kind=of, because=because, at=at, by=by)


_FIXES: dict[str, Fix] = {
    "release": _release,
    "replay": lambda acts, _of, _given, at, by: fixes.replay_all(acts, at=at, by=by),
    "retry": lambda acts, _of, _given, at, by: fixes.retry_all(acts, at=at, by=by),
    "map": lambda _acts, _of, _given, _at, _by: [],
}
