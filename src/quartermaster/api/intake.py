"""Webhook intake, /in/{slug}: plain WSGI before Django, for it is the door that must never be slow or closed.

Reads at most BODY_MAX bytes, checks the signature over the raw bytes,
stores them durably, answers. Nothing is parsed.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections

from quartermaster.core import plugs
from quartermaster.core.errors import NotFound, Refused
from quartermaster.inbox import queries
from quartermaster.inbox.actions import Arrival, Keeper
from quartermaster.inbox.ports import Verdict, Webhooks

log = logging.getLogger(__name__)

BODY_MAX = 5 * 1024 * 1024
# A body a little over the limit is read and dropped: many senders hear no answer before all is sent.
DROPPED_MAX = 3 * BODY_MAX
HEADERS_MAX, HEADER_BYTES_MAX = 100, 32 * 1024
# how long a connection's settings are remembered: a changed secret works this much later at the latest
DOOR_S = 2.0

type Start = Callable[[str, list[tuple[str, str]]], object]
type Environ = Mapping[str, Any]
_PHRASES = {
    200: "OK",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


class _Turned(Exception):
    """The message is turned away with this status."""

    def __init__(self, status: int, because: str) -> None:
        self.status, self.because = status, because


class _Door(NamedTuple):
    """A connection as the intake needs it."""

    connection_id: int
    webhooks: Webhooks
    settings: Mapping[str, str]
    secrets: tuple[bytes, ...]
    known_until: float


# The server mixes our own environment in: HTTP_PROXY is no header, and may hold a password.
_OUR_OWN = frozenset(name for name in os.environ if name.startswith("HTTP_"))
_doors: dict[str, _Door] = {}
_keeper = Keeper()


def intake(environ: Environ, start: Start) -> Iterable[bytes]:
    """The WSGI function. 2xx only when the bytes are durable; 503 when they could not be stored."""
    try:
        _receive(environ)
    except _Turned as turned:
        log.info("message to %.200r turned away: %s", environ.get("PATH_INFO"), turned.because)
        return _answer(start, turned.status, turned.because)
    except (psycopg.Error, DatabaseError, InterfaceError) as error:
        log.error("message not stored: %s", type(error).__name__)
        return _answer(start, 503, "not stored, send it again")
    return _answer(start, 200, "stored")


def _receive(environ: Environ) -> None:
    slug, _, path = str(environ.get("PATH_INFO", "")).removeprefix("/in/").partition("/")
    if environ.get("REQUEST_METHOD") != "POST":
        raise _Turned(405, "only POST is taken here")
    headers = _headers(environ)
    door = _door(slug)
    body = _body(environ, headers)
    verdict = door.webhooks.check(headers=headers, body=body, secrets=door.secrets, settings=door.settings)
    if verdict is Verdict.FORGED:
        raise _Turned(401, "the signature does not fit the bytes")
    label = door.webhooks.label(headers=headers, path=path)
    _keeper.keep(
        Arrival(
            connection_id=door.connection_id,
            delivery_id=label.delivery_id,
            topic=label.topic,
            headers=headers,
            body=body,
            received_at=datetime.now(UTC),
            because="a set-up ping, unsigned by nature" if verdict is Verdict.UNSIGNED_PING else "",
        )
    )


def _headers(environ: Environ) -> dict[str, str]:
    """Lower-case names as on the wire. The limits come before anything else is done."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in _OUR_OWN
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    if len(headers) > HEADERS_MAX or sum(len(n) + len(v) for n, v in headers.items()) > HEADER_BYTES_MAX:
        raise _Turned(431, "too many or too long headers")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise _Turned(415, "compressed bodies are not taken: signatures are over the plain bytes")
    return headers


def _body(environ: Environ, headers: Mapping[str, str]) -> bytes:
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > BODY_MAX:
        if int(length) <= DROPPED_MAX:
            while environ["wsgi.input"].read(65536):
                pass
        raise _Turned(413, f"more than {BODY_MAX} bytes")
    body: bytes = environ["wsgi.input"].read(BODY_MAX + 1)
    if len(body) > BODY_MAX:
        raise _Turned(413, f"more than {BODY_MAX} bytes")
    return body


def _door(slug: str) -> _Door:
    door = _doors.get(slug)
    if door is None or door.known_until < time.monotonic():
        _doors.pop(slug, None)
        door = _look_up(slug)
        if len(_doors) < 1000:
            _doors[slug] = door
    return door


def _look_up(slug: str) -> _Door:
    close_old_connections()
    try:
        connection = queries.connection(slug)
        webhooks = plugs.plug(connection.kind).offer(Webhooks)  # type: ignore[type-abstract]  # a port is a protocol
    except NotFound:
        raise _Turned(404, "no such connection") from None
    finally:
        close_old_connections()
    if webhooks is None or not connection.is_active:
        raise _Turned(404, "this connection takes no messages")
    try:
        secrets = tuple(queries.webhook_secrets(connection, datetime.now(UTC)))
    except Refused as refused:  # the secret key is not the one they were sealed with
        log.error("no message to %s can be checked: %s", slug, refused.title)
        raise _Turned(503, "signatures cannot be checked now, send it again") from None
    return _Door(connection.pk, webhooks, connection.settings, secrets, time.monotonic() + DOOR_S)


def _answer(start: Start, status: int, text: str) -> Iterable[bytes]:
    body = text.encode() + b"\n"
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    if status == 503:
        headers.append(("Retry-After", "5"))
    start(f"{status} {_PHRASES[status]}", headers)
    return [body]
