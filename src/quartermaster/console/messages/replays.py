"""Reading any number of messages again: rehearsed by the workers, read by a person's word, and watched."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.messages import words
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import connection_slugs, user_names
from quartermaster.console.orders.timeline import actor as named
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.inbox.actions import ask_replay, steer_replay
from quartermaster.inbox.queries import replay_of, replay_rows
from quartermaster.inbox.queries import replays as page
from quartermaster.inbox.rules import ReplayWord

FORM = "%Y-%m-%dT%H:%M"  # as browsers send a local date and time
TOLD = {
    ReplayWord.READ_CHANGING: "Those that would change something are read now.",
    ReplayWord.READ_ALL: "All of them are read now.",
    ReplayWord.STOP: "Nothing more is done until it goes on.",
    ReplayWord.GO_ON: "It goes on where it was left.",
    ReplayWord.END: "It is over. What was not on its way stays as it is.",
}


def replays(request: HttpRequest) -> HttpResponse:
    """GET /messages/replays?connection=&after="""
    asked, at = texts(request, "connection", "after"), now()
    found = page(connection=asked["connection"], after=asked["after"])
    context = {
        "section": "messages",
        "rows": [(row, words.replay(row)) for row in found.items],
        "older": found.next,
        "connection": asked["connection"],
        "connections": connection_slugs(),
        "states": [(name, word, name in words.TROUBLE) for name, word in words.TRIED.items()],
        "since": f"{at - timedelta(days=1):{FORM}}",
        "until": f"{at + timedelta(minutes=1):{FORM}}",
    }
    return render(request, "messages/replays.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """POST /messages/replays"""
    replay_id = ask_replay(
        short(request.POST.get("connection", "")),
        since=_moment(request, "since"),
        until=_moment(request, "until"),
        states=[one for one in request.POST.getlist("states") if one in words.TRIED],
        topic=short(request.POST.get("topic", "").strip()),
        at=now(),
        by=actor(request),
    )
    return redirect("messages-replay-one", replay_id)


def replay(request: HttpRequest, replay_id: int) -> HttpResponse:
    """GET /messages/replays/5?only=changing&after="""
    asked = texts(request, "only", "after")
    only = one_of(asked["only"], words.ONLY)
    shown = replay_of(replay_id)
    rows = replay_rows(replay_id, only=only, after=asked["after"])
    names = user_names({one.removeprefix("user:") for one in (shown.asked_by, shown.told_by)})
    context = {
        "section": "messages",
        "it": shown,
        "word": words.replay(shown),
        "asked_by": named(shown.asked_by, names),
        "told_by": named(shown.told_by, names),
        "states": words.either([words.STATE[one].title.lower() for one in shown.states]),
        "waiting": shown.queued - shown.settled,
        "only": only,
        "tabs": [(name, word, getattr(shown, name.replace("-", "_"))) for name, word in words.ONLY.items()],
        "rows": [
            (row, words.FOUND.get(row.found), words.STATE.get(row.result) if row.result else None)
            for row in rows.items
        ],
        "further": f"?{urlencode({'only': only, 'after': rows.next})}" if rows.next else "",
    }
    return render(request, "messages/replay.html", context)


def steer(request: HttpRequest, replay_id: int) -> HttpResponse:
    """POST /messages/replays/5: do = read-changing, read-all, stop, go-on or end"""
    asked = request.POST.get("do", "")
    if asked not in list(ReplayWord):
        raise Invalid(what="What is to be done", errors={"do": f"one of {', '.join(TOLD)}"})
    word = ReplayWord(asked)
    steer_replay(replay_id, word, at=now(), by=actor(request))
    tell(request, TOLD[word])
    return redirect("messages-replay-one", replay_id)


def _moment(request: HttpRequest, name: str) -> datetime:
    try:
        return datetime.strptime(request.POST.get(name, ""), FORM).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(what="The window", errors={name: "must be a time, as 2026-11-23T09:00"}) from None
