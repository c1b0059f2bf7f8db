"""What Amazon tells of the client secret of an application: when it ends, and the one that follows. Pure.

Both notifications come where the developer console sends them: Notification preferences of the application,
Application Client Secret Expiry and Application Client New Secret.
https://developer-docs.amazon.com/sp-api/docs/rotate-your-application-client-secret, read 2026-11-23.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Final

import msgspec

from quartermaster.inbox.ports import KeyEnd

NAME: Final = "client_secret"
_FIELD: Final = "newClientSecret"
_NOT_KEPT: Final = "(kept sealed, not here)"

type _Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def key_ends(body: str, client_id: str) -> tuple[KeyEnd, ...]:
    """What a message says of this application; nothing for any other message, and for one that says no
    moment."""
    try:
        told = msgspec.json.decode(body, type=_Told)
    except (msgspec.MsgspecError, UnicodeError):
        return ()
    ends, made = told.payload.ends, told.payload.made
    if told.kind == "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY" and ends and ends.client == client_id:
        return (KeyEnd(NAME, _day(ends.ends_at), told.at),)
    if told.kind == "APPLICATION_OAUTH_CLIENT_NEW_SECRET" and made and made.client == client_id:
        old_on = _day(made.old_ends_at) if made.old_ends_at else None
        return (KeyEnd(NAME, _day(made.ends_at), told.at, made.value, old_on),)
    return ()


def without_secret(body: bytes) -> bytes:
    """The message as it may be kept and shown, also where it stands as a text in another. The same message
    gives the same bytes; of one that is no JSON nothing is left from there on."""
    if _FIELD.encode() not in body:
        return body
    try:
        return msgspec.json.encode(_redacted(msgspec.json.decode(body)))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return body.partition(_FIELD.encode())[0] + _NOT_KEPT.encode()


def _redacted(told: object) -> object:
    match told:
        case dict():
            return {name: _NOT_KEPT if name == _FIELD else _redacted(one) for name, one in told.items()}
        case list():
            return [_redacted(one) for one in told]
        case str():
            return without_secret(told.encode()).decode()
    return told


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


class _Ends(msgspec.Struct):
    client: str = msgspec.field(name="clientId")
    ends_at: _Moment = msgspec.field(name="clientSecretExpiryTime")


class _Made(msgspec.Struct):
    client: str = msgspec.field(name="clientId")
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)] = msgspec.field(name="newClientSecret")
    ends_at: _Moment = msgspec.field(name="newClientSecretExpiryTime")
    old_ends_at: _Moment | None = msgspec.field(name="oldClientSecretExpiryTime", default=None)


class _Payload(msgspec.Struct):
    ends: _Ends | None = msgspec.field(name="applicationOAuthClientSecretExpiry", default=None)
    made: _Made | None = msgspec.field(name="applicationOAuthClientNewSecret", default=None)


class _Told(msgspec.Struct):
    kind: str = msgspec.field(name="notificationType")
    at: _Moment = msgspec.field(name="eventTime")
    payload: _Payload
