"""Looking at messages, and reading one again."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.messages import bodies, queries, words
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import connection_slugs
from quartermaster.inbox import actions
from quartermaster.inbox.queries import message as open_message
from quartermaster.inbox.queries import messages as page
from quartermaster.inbox.queries import open_replays
from quartermaster.orders.actions import Rehearsed, rehearse


def messages(request: HttpRequest) -> HttpResponse:
    """GET /messages?state=&connection=&after="""
    wanted = texts(request, "state", "connection")
    wanted["state"] = one_of(wanted["state"], words.STATE)
    after = request.GET.get("after", "")
    found = page(state=wanted["state"], connection=wanted["connection"], after=after)
    counted = queries.counts()
    return render(
        request,
        "messages/messages.html",
        {
            "section": "messages",
            "rows": [(row, words.STATE[row.state]) for row in found.items],
            "wanted": wanted,
            "about": words.ABOUT.get(wanted["state"], ""),
            "tabs": [
                (state, word, counted[state], _query({**wanted, "state": state}))
                for state, word in words.STATE.items()
            ],
            "everything": _query({**wanted, "state": ""}),
            "connections": connection_slugs(),
            "stuck": queries.stuck_steps(),
            "replays": [(row, words.replay(row)) for row in open_replays()],
            "newer": _query(wanted) if after else None,
            "older": _query({**wanted, "after": found.next}) if found.next else None,
        },
    )


def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """GET /messages/17"""
    return _opened(request, message_id, None)


def _opened(request: HttpRequest, message_id: int, rehearsed: Rehearsed | None) -> HttpResponse:
    opened = open_message(message_id)
    return render(
        request,
        "messages/message.html",
        {
            "section": "messages",
            "opened": opened,
            "message": opened.message,
            "state": words.STATE[opened.message.state],
            "headers": sorted(opened.headers.items()),
            "body": bodies.readable(opened.body),
            "is_moving": opened.message.state == "received" and not opened.message.waits_for,
            "rehearsed": rehearsed,
        },
    )


def replay(request: HttpRequest, message_id: int) -> HttpResponse:
    """POST /messages/17/replay: do = rehearse shows what it would change"""
    if request.POST.get("do") == "rehearse":
        return _opened(request, message_id, rehearse([message_id])[0])
    actions.replay([message_id], at=now(), by=actor(request))
    tell(request, f"Message {message_id} is read again. What becomes of it shows here.")
    return redirect("message", message_id)


def _query(wanted: dict[str, str]) -> str:
    given = {name: value for name, value in wanted.items() if value}
    return f"?{urlencode(given)}" if given else "?"
