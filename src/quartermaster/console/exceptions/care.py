"""Saying something of exceptions on their pages, of some at once and of rows of one; and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.console.asked import one_of
from quartermaster.console.care import SHOWS, answer_of, sites_for, wanted
from quartermaster.console.causes.queries import cause_of
from quartermaster.console.exceptions import views
from quartermaster.console.exceptions.actions import (
    Outcome,
    answer_exceptions,
    assign_exceptions,
    undo_exceptions,
)
from quartermaster.console.exceptions.chosen import Chosen, Shown
from quartermaster.console.exceptions.fixes import Result
from quartermaster.console.gate import actor, who
from quartermaster.console.notices import Undo, tell
from quartermaster.core.care import ROWS_MAX
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short, whole

_DONE: Final = {
    "acknowledge": "Acknowledged",
    "snooze": "Snoozed",
    "open": "Open again",
    "assign": "Assigned",
}


def said(request: HttpRequest) -> HttpResponse:
    """POST /exceptions/said: something is said of the exceptions chosen, each with its result."""
    chosen = [_read(name) for name in request.POST.getlist("chosen")[:ROWS_MAX]]
    outcome = _say(request, chosen, "/exceptions")
    if all(one.is_done for one in outcome.said):
        return redirect(_back("/exceptions", request))
    return views.cards(
        request, request.POST, {(one.chosen.cause, one.chosen.of): one for one in outcome.said}
    )


def rows_said(request: HttpRequest, cause: str) -> HttpResponse:
    """POST /exceptions/holds/said: the same of rows of one exception."""
    asked, of = cause_of(cause), short(request.POST.get("of", ""))
    here = views.page_of(cause, of)
    chosen = [Chosen(cause, of, short(act)) for act in request.POST.getlist("chosen")[:ROWS_MAX]]
    outcome = _say(request, chosen, here)
    if all(one.is_done for one in outcome.said):
        return redirect(_back(here, request))
    results = {one.chosen.act: Result(one.chosen.act, one.is_done, one.because) for one in outcome.said}
    return views.rows(request, asked, of, request.POST, results)


def undo(request: HttpRequest) -> HttpResponse:
    """POST /exceptions/undo: the rows of one's last act are as they were."""
    count = undo_exceptions(request.POST.get("turn", ""), at=now(), by=actor(request))
    tell(request, f"Taken back: {_rows(count)}.")
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/exceptions") else "/exceptions")


def _say(request: HttpRequest, chosen: Sequence[Chosen], here: str) -> Outcome:
    """What the form says of them; a notice says what was done, and how it is taken back. Raises Invalid."""
    at, act = now(), request.POST.get("act", "")
    show = one_of(request.POST.get("show", ""), SHOWS) or "open"
    shown = Shown(**wanted(request, show)._asdict(), as_of=_moment(request.POST.get("as_of", "")))
    if act == "assign":
        assignee = request.POST.get("assignee", "")
        shown = shown._replace(sites=sites_for(request, assignee))
        outcome = assign_exceptions(chosen, assignee=assignee, shown=shown, at=at, by=actor(request))
    else:
        given = answer_of(request, at=at)._asdict()
        shown = shown._replace(sites=who(request).sites)
        outcome = answer_exceptions(chosen, **given, shown=shown, at=at, by=actor(request))
    if outcome.turn:
        count = sum(one.rows for one in outcome.said)
        fields = {"turn": outcome.turn, "back": _back(here, request)}
        tell(request, f"{_DONE[act]}: {_rows(count)}.", undo=Undo(reverse("exceptions-undo"), fields))
    return outcome


def _read(name: str) -> Chosen:
    """holds:3:address: three rows were seen of it."""
    cause, _, rest = name.partition(":")
    seen, _, of = rest.partition(":")
    return Chosen(short(cause), short(of), seen=whole(seen, 6))


def _back(here: str, request: HttpRequest) -> str:
    """Where the form was, with what was shown there."""
    show = one_of(request.POST.get("show", ""), SHOWS) or "open"
    return here if show == "open" else f"{here}{'&' if '?' in here else '?'}show={show}"


def _moment(text: str) -> datetime | None:
    """When the page was made; None where it does not say. Raises Invalid."""
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text[:40])
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise Invalid(what="The act", errors={"as_of": "the moment of the page"})
    return told


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
