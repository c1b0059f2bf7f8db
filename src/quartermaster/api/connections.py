"""/api/connections: accounts at outside systems. Secrets go in and never come out."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Code, Day, Sent, Shape
from quartermaster.core import plugs
from quartermaster.core.texts import storable
from quartermaster.inbox.actions import connect, pause, replace_keys, resume
from quartermaster.inbox.models import Connection as Row
from quartermaster.inbox.queries import connection as find_connection
from quartermaster.inbox.queries import connections as find_connections

router = Router(tags=["Connections"])
READ, ADMIN = Bearer("messages:read"), Bearer("admin")


class Connection(Shape):
    """settings can be shown; of secrets only the names of those that are set. keys_because: why its keys are
    not accepted, since keys_refused_at; until it has others it is neither asked nor told. keys_unproven: why
    nobody could tell yet whether they count. keys_end: the day on which a secret ends, where that is known.
    keys_end_by: who says so: shop, rule (its vendor says how long one lasts) or person."""

    slug: str
    kind: str
    settings: dict[str, str]
    secrets: list[str]
    is_active: bool
    keys_refused_at: datetime | None
    keys_because: str
    keys_unproven: str
    keys_end: dict[str, Day]
    keys_end_by: dict[str, str]
    created_at: datetime


class Setting(Shape):
    name: str
    label: str
    is_secret: bool
    is_required: bool
    hint: str


class Kind(Shape):
    kind: str
    title: str
    settings: list[Setting]


ConnectionSettings = Annotated[
    dict[Annotated[str, Field(max_length=100)], Annotated[str, Field(max_length=4000)]],
    Field(max_length=100),
]


class ConnectionWanted(Sent):
    """settings that are left out stay as they are; an empty text takes an optional one away."""

    kind: Code
    settings: ConnectionSettings = {}


class KeysWanted(Sent):
    """settings: the new keys; what is left out stays. keys_end: the day on which one ends; null: not known.
    overlap_hours: how long the old webhook secret counts beside the new one. is_tried: they are saved only
    when the other side accepts them; else they are unproven until a call has shown that they count."""

    settings: ConnectionSettings = {}
    keys_end: dict[Annotated[str, Field(max_length=100)], Day | None] = {}
    overlap_hours: int = 24
    is_tried: bool = True


@router.get("/connections", auth=READ, response=list[Connection], summary="List connections")
def connections(request: HttpRequest) -> list[Connection]:
    return [_shown(row) for row in find_connections()]


@router.get("/connection-kinds", auth=READ, response=list[Kind], summary="List kinds of connection")
def kinds(request: HttpRequest) -> list[plugs.Plug]:
    """Every outside system that is installed, with the settings it asks for."""
    return list(plugs.installed().values())


@router.get("/connections/{slug}", auth=READ, response=Connection, summary="Read a connection")
def connection(request: HttpRequest, slug: str) -> Connection:
    return _shown(find_connection(storable(slug)))


@router.put("/connections/{slug}", auth=ADMIN, response=Connection, summary="Make or change a connection")
def change(request: HttpRequest, slug: str, wanted: ConnectionWanted) -> Connection:
    """A new webhook secret does not end the old one at once: both count while the sender changes over."""
    return _shown(connect(wanted.kind, storable(slug), wanted.settings, at=now(), by=actor(request)))


@router.put("/connections/{slug}/keys", auth=ADMIN, response=Connection, summary="Replace its keys")
def replace_its_keys(request: HttpRequest, slug: str, wanted: KeysWanted) -> Connection:
    """They are tried by one harmless call first. A connection whose keys were refused goes on with them, and
    what waited for it is told."""
    found = replace_keys(
        storable(slug),
        wanted.settings,
        ends=wanted.keys_end,
        overlap_hours=wanted.overlap_hours,
        is_tried=wanted.is_tried,
        at=now(),
        by=actor(request),
    )
    return _shown(found)


@router.post("/connections/{slug}/pause", auth=ADMIN, response=Connection, summary="Pause a connection")
def pause_it(request: HttpRequest, slug: str) -> Connection:
    """It takes no more messages and sends none until it is resumed."""
    return _shown(pause(storable(slug), at=now(), by=actor(request)))


@router.post("/connections/{slug}/resume", auth=ADMIN, response=Connection, summary="Resume a connection")
def resume_it(request: HttpRequest, slug: str) -> Connection:
    return _shown(resume(storable(slug), at=now(), by=actor(request)))


def _shown(row: Row) -> Connection:
    return Connection(
        slug=row.slug,
        kind=row.kind,
        settings=row.settings,
        secrets=row.secret_names,
        is_active=row.is_active,
        keys_refused_at=row.keys_refused_at,
        keys_because=row.keys_because,
        keys_unproven=row.keys_unproven,
        keys_end={name: date.fromisoformat(day) for name, day in row.keys_end.items()},
        keys_end_by={name: str(told["by"]) for name, told in row.keys_end_by.items()},
        created_at=row.created_at,
    )
