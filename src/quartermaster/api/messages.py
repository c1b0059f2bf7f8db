"""/api/messages: the inbox, message by message, and reading them again."""

import base64
from datetime import datetime
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
    Shape,
    listed,
)
from quartermaster.core.errors import Invalid
from quartermaster.inbox.actions import replay as read_again
from quartermaster.inbox.actions import replay_window
from quartermaster.inbox.queries import message as find_message
from quartermaster.inbox.queries import messages as find_messages
from quartermaster.orders.actions import Rehearsed, rehearse
from quartermaster.orders.actions.rehearse import MESSAGES_MAX

router = Router(tags=["Messages"])
READ, WRITE = Bearer("messages:read"), Bearer("messages:write")
State = Literal["received", "used", "ignored", "unreadable", "stuck"]


class Message(Shape):
    """because says why it is in its state; waits_for what a received one is parked for; size is in bytes."""

    id: str
    connection: str
    delivery_id: str
    topic: str
    state: State
    because: str
    waits_for: str | None
    attempts: int
    size: int
    received_at: datetime
    handled_at: datetime | None


class OpenedMessage(Message):
    """The bytes as they came: `text` when they are UTF-8, else `base64`. Secret headers are redacted."""

    sha256: str
    headers: dict[str, str]
    text: str | None
    base64: str | None


class Replay(Sent):
    """Messages of one connection received from `from` up to, not including, `to`."""

    connection: Code
    since: Annotated[Moment, Field(alias="from")]
    until: Annotated[Moment, Field(alias="to")]


class Chosen(Sent):
    messages: Annotated[list[RowId], Field(min_length=1, max_length=MESSAGES_MAX)]


class OrderFieldChange(Shape):
    """order: "new" for one that is not here yet. Values as texts, amounts in minor units."""

    order: str
    field: str
    before: str
    after: str


class RehearsedMessage(Shape):
    """state: what the message would be afterwards, failed, or unsaid for one that tells of no order. changes:
    none where nothing would change."""

    message_id: int
    state: Literal["received", "used", "ignored", "unreadable", "failed", "unsaid"]
    because: str
    changes: list[OrderFieldChange]


class Replayed(Shape):
    messages: int


@router.get("/messages", auth=READ, response=Items[Message], summary="List messages, newest first")
def messages(
    request: HttpRequest,
    connection: Filter = "",
    state: State | None = None,
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    return listed(find_messages(connection=connection, state=state or "", after=after, limit=limit))


@router.post("/messages/replay", auth=WRITE, response={202: Replayed}, summary="Read a window again")
def replay_all(request: HttpRequest, wanted: Replay) -> Replayed:
    if wanted.until <= wanted.since:
        raise Invalid(what="The window", errors={"to": "must be later than `from`"})
    count = replay_window(
        wanted.connection, since=wanted.since, until=wanted.until, at=now(), by=actor(request)
    )
    return Replayed(messages=count)


@router.post(
    "/messages/rehearse",
    auth=WRITE,
    response=list[RehearsedMessage],
    summary="See what reading messages again would change",
)
def rehearse_some(request: HttpRequest, wanted: Chosen) -> list[Rehearsed]:
    """Each is read after those before it, as a replay would, and all of it is undone. What follows from a
    change, such as stock, is not rehearsed."""
    return rehearse([int(one) for one in wanted.messages])


@router.post("/messages/replay-some", auth=WRITE, response={202: Replayed}, summary="Read chosen ones again")
def replay_some(request: HttpRequest, wanted: Chosen) -> Replayed:
    return Replayed(messages=read_again([int(one) for one in wanted.messages], at=now(), by=actor(request)))


@router.get("/messages/{message_id}", auth=READ, response=OpenedMessage, summary="Open a message")
def message(request: HttpRequest, message_id: RowId) -> dict[str, Any]:
    found = find_message(int(message_id))
    try:
        text, encoded = found.body.decode(), None
    except UnicodeDecodeError:
        text, encoded = None, base64.b64encode(found.body).decode()
    shown = {name: getattr(found.message, name) for name in found.message.__struct_fields__}
    return {**shown, "sha256": found.sha256, "headers": found.headers, "text": text, "base64": encoded}


@router.post(
    "/messages/{message_id}/replay", auth=WRITE, response={202: Replayed}, summary="Read a message again"
)
def replay(request: HttpRequest, message_id: RowId) -> Replayed:
    """As if it had just come. Versions and keys decide, so a second reading changes nothing that is right."""
    return Replayed(messages=read_again([int(message_id)], at=now(), by=actor(request)))
