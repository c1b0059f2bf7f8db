"""Ask for a replay. Its messages are gathered and rehearsed by the workers."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.events import ReplayMoved
from quartermaster.inbox import queries

STATES: Final = ("stuck", "unreadable", "ignored", "used")  # what was not read yet is read anyway
TROUBLE: Final = ("stuck", "unreadable")
MAKE: Final = """
insert into inbox_replay (connection_id, topic, states, since_at, until_at, asked_by, asked_at, next_at)
values (%(connection)s, %(topic)s, %(states)s, %(since)s, %(until)s, %(by)s, %(at)s, %(at)s)
on conflict do nothing returning id
"""
ANY: Final = """
select exists (select from inbox_message m
  where m.connection_id = %(connection)s and m.received_at >= %(since)s and m.received_at < %(until)s
    and m.state = any(%(states)s) and (%(topic)s = '' or m.topic = %(topic)s))
"""


class ReplayUnderWay(Refused):
    code = "replay-under-way"
    message = "Messages of {connection} are being read again already."
    remedy = "Wait for that replay, or end it."


def ask_replay(
    slug: str,
    *,
    since: datetime,
    until: datetime,
    states: Collection[str] = TROUBLE,
    topic: str = "",
    at: datetime,
    by: str,
) -> int:
    """Of a connection, what came in [since, until) and until now, is in one of these states, and is about
    `topic` ("": any). Answers the replay's id. Raises NotFound, Invalid (also: no such message),
    ReplayUnderWay."""
    errors = {}
    if until <= since:
        errors["until"] = "must be later than since"
    if not states or not set(states) <= set(STATES):
        errors["states"] = f"some of {', '.join(STATES)}"
    if errors:
        raise Invalid(what="The replay", errors=errors)
    connection = queries.connection(slug)
    asked = {
        "connection": connection.pk,
        "topic": topic,
        "states": [one for one in STATES if one in states],
        "since": since,
        "until": min(until, at),
        "by": by,
        "at": at,
    }
    if not sql.run(ANY, asked)[0][0]:
        raise Invalid(what="The replay", errors={"messages": "no such message came between these times"})
    with transaction.atomic():
        made = sql.run(MAKE, asked)  # a connection has one at a time: a constraint of the table says so
        if not made:
            raise ReplayUnderWay(connection=slug)
        ((replay_id,),) = made
        emit([moved(replay_id, slug, "gathering", at=at, by=by)])
    signal.wake()
    return int(replay_id)


def moved(
    replay_id: int,
    slug: str,
    phase: str,
    *,
    at: datetime,
    by: str,
    messages: int = 0,
    reads: str = "",
    is_stopped: bool = False,
) -> ReplayMoved:
    return ReplayMoved(
        subject=f"connection:{slug}",
        at=at,
        actor=by,
        connection=slug,
        replay_id=replay_id,
        phase=phase,
        messages=messages,
        reads=reads,
        is_stopped=is_stopped,
    )
