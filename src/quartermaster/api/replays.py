"""/api/replays: reading any number of messages again, rehearsed first."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Code,
    Filter,
    Items,
    Limit,
    Moment,
    RowId,
    Sent,
    Text,
    listed,
    told_as,
)
from quartermaster.inbox.actions import ask_replay, steer_replay
from quartermaster.inbox.queries import ReplayRowShown, ReplayShown, replay_of, replay_rows
from quartermaster.inbox.queries import replays as find_replays
from quartermaster.inbox.queries.replays import FieldChanged
from quartermaster.inbox.rules import ReplayWord

router = Router(tags=["Messages"])
READ, WRITE = Bearer("messages:read"), Bearer("messages:write")


type Tried = Literal["stuck", "unreadable", "ignored", "used"]
type Only = Literal["", "changing", "same", "failing", "unsaid", "went-wrong"]


class ReplayJob(told_as(ReplayShown)):  # type: ignore[misc]  # its fields are those of the query
    """Messages to be read again: gathering, rehearsing, rehearsed (waits for a word), reading, done, ended.
    messages: all of it, as far as they are gathered. changing, same, failing, unsaid: what reading them would
    do, as far as they are rehearsed. reads: which are read, once somebody said so: changing or all, to_read
    in number; of these queued are on their way, settled are through, and went_wrong ended stuck or
    unreadable. because: why its newest part failed. is_moving: the workers are at it."""


class ReplayedField(told_as(FieldChanged)):  # type: ignore[misc]  # its fields are those of the query
    """A field of an order: "new" is one that is not here yet."""


class ReplayJobRow(told_as(ReplayRowShown)):  # type: ignore[misc]  # its fields are those of the query
    """found: "" where it was not rehearsed, changing, same, failing, unsaid (it tells of no order).
    result: "" while it is not read, else its state then, received where it waits for an order."""

    changes: list[ReplayedField]


class ReplayWanted(Sent):
    """Messages of one connection received from `from` up to, not including, `to`, and before now, in one of
    these states, about `topic` ("": any)."""

    connection: Code
    since: Annotated[Moment, Field(alias="from")]
    until: Annotated[Moment, Field(alias="to")]
    states: Annotated[list[Tried], Field(min_length=1, max_length=4)] = ["stuck", "unreadable"]
    topic: Text = ""


class ReplaySteered(Sent):
    """read-changing: once it is rehearsed. read-all: then, or while it is rehearsed. stop, go-on: while the
    workers are at it. end: what was not queued stays as it is."""

    word: Annotated[ReplayWord, Field(strict=False)]


@router.get("/replays", auth=READ, response=Items[ReplayJob], summary="List replays, newest first")
def replays(
    request: HttpRequest, connection: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    return listed(find_replays(connection=connection, after=after, limit=limit))


@router.post("/replays", auth=WRITE, response={201: ReplayJob}, summary="Rehearse any number of messages")
def ask(request: HttpRequest, wanted: ReplayWanted) -> ReplayShown:
    """Nothing changes until it is told to read. One connection has one replay at a time."""
    replay_id = ask_replay(
        wanted.connection,
        since=wanted.since,
        until=wanted.until,
        states=wanted.states,
        topic=wanted.topic,
        at=now(),
        by=actor(request),
    )
    return replay_of(replay_id)


@router.get("/replays/{replay_id}", auth=READ, response=ReplayJob, summary="See how far a replay is")
def replay(request: HttpRequest, replay_id: RowId) -> ReplayShown:
    return replay_of(int(replay_id))


@router.get(
    "/replays/{replay_id}/messages",
    auth=READ,
    response=Items[ReplayJobRow],
    summary="List what became of its messages",
)
def rows(
    request: HttpRequest,
    replay_id: RowId,
    only: Only = "",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """In the order in which they are read. only: of those found so, or that went wrong."""
    replay_of(int(replay_id))
    return listed(replay_rows(int(replay_id), only=only, after=after, limit=limit))


@router.post("/replays/{replay_id}/steer", auth=WRITE, response=ReplayJob, summary="Read, stop, go on, end")
def steer(request: HttpRequest, replay_id: RowId, told: ReplaySteered) -> ReplayShown:
    """The same word twice is heard once."""
    steer_replay(int(replay_id), told.word, at=now(), by=actor(request))
    return replay_of(int(replay_id))
