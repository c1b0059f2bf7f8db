"""Reading a window of messages again: shown before, row by row, and with each row's result afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.messages import queries, words
from quartermaster.console.orders.queries import connection_slugs
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.inbox import actions
from quartermaster.orders.actions import Rehearsed, rehearse

_TROUBLE = ("stuck", "unreadable")
_TROUBLE_AGAIN = ("failed", "unreadable")
_FORM = "%Y-%m-%dT%H:%M"  # as browsers send a local date and time


class Asked(NamedTuple):
    """A window as asked for, times in UTC. ids: the messages that were read again, once that was done."""

    connection: str
    since: datetime
    until: datetime
    is_all: bool
    ids: frozenset[int]

    def link(self, ids: list[int]) -> str:
        given = {
            "connection": self.connection,
            "since": f"{self.since:{_FORM}}",
            "until": f"{self.until:{_FORM}}",
        }
        given |= {"all": "1" if self.is_all else "", "ids": ",".join(map(str, ids))}
        return f"/messages/replay?{urlencode(given)}"


def window(request: HttpRequest) -> HttpResponse:
    """GET /messages/replay?connection=&since=&until=&all=&ids="""
    return _page(request, _asked(request.GET), {})


def _page(request: HttpRequest, asked: Asked, rehearsed: Mapping[int, Rehearsed]) -> HttpResponse:
    found = queries.Window([], False)
    if asked.connection:
        states = () if asked.is_all else _TROUBLE
        found = queries.window(
            asked.connection, since=asked.since, until=asked.until, states=states, ids=asked.ids
        )
    rows = [
        (row, words.STATE[row.state], rehearsed.get(row.id))
        for row in found.rows
        if not asked.ids or row.id in asked.ids
    ]
    waiting = sum(row.state == "received" for row, *_ in rows)
    is_done = bool(asked.ids) and not rehearsed
    return render(
        request,
        "messages/window.html",
        {
            "section": "messages",
            "asked": asked,
            "since": f"{asked.since:{_FORM}}",
            "until": f"{asked.until:{_FORM}}",
            "connections": connection_slugs(),
            "rows": rows,
            "ids": ",".join(str(row.id) for row, *_ in rows),
            "has_more": found.has_more,
            "is_done": is_done,
            "is_moving": is_done and waiting > 0,
            "rehearsed": rehearsed,
            "changing": sum(bool(one.changes) for one in rehearsed.values()),
            "failing": sum(one.state in _TROUBLE_AGAIN for one in rehearsed.values()),
            "settled": len(rows) - waiting,
            "most": queries.WINDOW_MAX,
        },
    )


def replay(request: HttpRequest) -> HttpResponse:
    """POST /messages/replay: of the rows that were shown those chosen; do = rehearse only shows what that
    would change."""
    asked = _asked(request.POST)
    if request.POST.get("is_choice"):
        asked = asked._replace(
            ids=asked.ids & {int(one) for one in request.POST.getlist("chosen") if _is_id(one)}
        )
    if not asked.ids:
        raise Invalid(what="The window", errors={"messages": "none is chosen"})
    ids = sorted(asked.ids)
    if request.POST.get("do") == "rehearse":
        return _page(request, asked, {one.message_id: one for one in rehearse(ids)})
    actions.replay(ids, at=now(), by=actor(request))
    return redirect(asked.link(ids))


def _asked(given: QueryDict) -> Asked:
    """Raises Invalid. Without times: the last day."""
    at = now()
    since = _moment(given, "since", at - timedelta(days=1))
    until = _moment(given, "until", at + timedelta(minutes=1))
    if until <= since:
        raise Invalid(what="The window", errors={"until": "must be later than since"})
    texts = [text for text in given.get("ids", "").split(",") if text]
    if len(texts) > queries.WINDOW_MAX or not all(map(_is_id, texts)):
        raise Invalid(
            what="The window", errors={"ids": f"must be at most {queries.WINDOW_MAX} message numbers"}
        )
    return Asked(
        short(given.get("connection", "")),
        since,
        until,
        bool(given.get("all")),
        frozenset(int(text) for text in texts),
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _moment(given: QueryDict, name: str, otherwise: datetime) -> datetime:
    text = given.get(name, "")
    if not text:
        return otherwise
    try:
        return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(what="The window", errors={name: "must be a time, as 2026-11-23T09:00"}) from None
