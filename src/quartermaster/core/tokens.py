"""API tokens: shown once, stored as a hash, each allowed only what its scopes say.

A scope is `admin` (everything), `read` or `write` (all areas; writing includes reading), or an area such as
`orders`, `orders:read`, `orders:write`. Operations ask for AREA:read, AREA:write or admin. `site:RNO` is for
the programs of those who work that site for us: it opens what concerns the site, and nothing else.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import Event, emit

AREAS = (
    *("orders", "stock", "catalog", "customers", "allocation", "floor"),
    *("messages", "events", "kpi", "ship", "outside", "crew"),
)
SCOPES = (
    "admin",
    "read",
    "write",
    *(scope for area in AREAS for scope in (area, f"{area}:read", f"{area}:write")),
)
OF_SITE = "site:"
PREFIX = "qm_"  # so that secret scanners find one that leaked
_SECRET_BYTES = 32
_NAME_MAX = 80


class TokenCreated(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "token"
    scopes: tuple[str, ...]


class TokenRevoked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "token"


class TokenExists(Refused):
    code = "token-exists"
    message = "There is a token named {name} already, or there was one."
    remedy = "Choose another name: the event log tells tokens apart by it, so a name is never used twice."


class Token(Struct, frozen=True):
    """Who is calling. In the event log it stands as token:NAME."""

    name: str
    scopes: tuple[str, ...]

    def allows(self, scope: str) -> bool:
        """Whether its scopes cover AREA:read, AREA:write or any scope by its own name."""
        area, _, kind = scope.partition(":")
        enough = {"admin", scope}
        if area in AREAS:
            enough |= {"write", area, f"{area}:write"}
            if kind == "read":
                enough.add("read")
        return not enough.isdisjoint(self.scopes)

    def works_at(self, site: str) -> bool:
        """Whether it belongs to the programs of those who work this site."""
        return f"{OF_SITE}{site}" in self.scopes


def create_token(name: str, scopes: Sequence[str], *, at: datetime, by: str) -> str:
    """Make a token and return its text: the only time anybody sees it. Raises Invalid, TokenExists."""
    errors = {}
    if not name.isprintable() or not name.strip() or len(name) > _NAME_MAX:
        errors["name"] = f"1 to {_NAME_MAX} printable characters"
    sites = sorted({scope for scope in scopes if _is_of_site(scope)})
    if unknown := sorted(set(scopes) - set(SCOPES) - set(sites)):
        known = f"{', '.join(SCOPES)}, {OF_SITE}CODE"
        errors["scope"] = f"there is no {', '.join(map(repr, unknown))}; there are {known}"
    elif not scopes:
        errors["scope"] = f"at least one of {', '.join(SCOPES)}"
    if errors:
        raise Invalid(what="The token", errors=errors)
    name, text = name.strip(), PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    granted = (*(scope for scope in SCOPES if scope in scopes), *sites)
    with transaction.atomic():
        made = sql.run(
            "insert into core_token (name, digest, scopes, created_at) values (%s, %s, %s::jsonb, %s) "
            "on conflict (name) do nothing returning id",
            (name, _digest(text), sql.rows(granted), at),
        )
        if not made:
            raise TokenExists(name=name)
        emit([TokenCreated(subject=f"token:{name}", at=at, actor=by, scopes=granted)])
    return text


def revoke_token(name: str, *, at: datetime, by: str) -> None:
    """End a token at once and for ever. Raises NotFound when no live token has this name."""
    with transaction.atomic():
        if not sql.change(
            "update core_token set revoked_at = %s where name = %s and revoked_at is null", (at, name)
        ):
            raise NotFound(what="live token named", which=name)
        emit([TokenRevoked(subject=f"token:{name}", at=at, actor=by)])


def authenticate(text: str) -> Token | None:
    """The live token with this text, or None. Looked up by hash: its timing says nothing about the text."""
    if not text.startswith(PREFIX):
        return None
    query = "select name, scopes::text from core_token where digest = %s and revoked_at is null"
    found = sql.run(query, (_digest(text),))
    return Token(found[0][0], msgspec.json.decode(found[0][1], type=tuple[str, ...])) if found else None


def _is_of_site(scope: str) -> bool:
    code = scope.removeprefix(OF_SITE)
    return code != scope and code.strip() == code and code.isprintable() and 0 < len(code) <= _NAME_MAX


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
