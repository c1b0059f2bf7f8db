"""Reading a window of messages again: shown before, row by row, and with each row's result afterwards."""

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

_TROUBLE = ("stuck", "unreadable")
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
    asked = _asked(request.GET)
    found = queries.Window([], False)
    if asked.connection:
        states = () if asked.is_all else _TROUBLE
        found = queries.window(
            asked.connection, since=asked.since, until=asked.until, states=states, ids=asked.ids
        )
    rows = [(row, words.STATE[row.state]) for row in found.rows if not asked.ids or row.id in asked.ids]
    waiting = sum(row.state == "received" for row, _ in rows)
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
            "ids": ",".join(str(row.id) for row, _ in rows),
            "has_more": found.has_more,
            "is_done": bool(asked.ids),
            "is_moving": bool(asked.ids) and waiting > 0,
            "settled": len(rows) - waiting,
            "most": queries.WINDOW_MAX,
        },
    )


def replay(request: HttpRequest) -> HttpResponse:
    """POST /messages/replay: exactly the rows that were shown."""
    asked = _asked(request.POST)
    if not asked.ids:
        raise Invalid(what="The window", errors={"messages": "none is chosen"})
    ids = sorted(asked.ids)
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
    if len(texts) > queries.WINDOW_MAX or not all(text.isdecimal() and len(text) < 19 for text in texts):
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


def _moment(given: QueryDict, name: str, otherwise: datetime) -> datetime:
    text = given.get(name, "")
    if not text:
        return otherwise
    try:
        return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(what="The window", errors={name: "must be a time, as 2026-11-23T09:00"}) from None
