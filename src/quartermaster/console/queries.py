"""What the frame around every page shows, and whether a sign-in link is still good."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from quartermaster.console.models import LoginLink
from quartermaster.inbox.queries import Heard, heard
from quartermaster.inbox.rules import is_silent


class Listening(NamedTuple):
    """An active connection with its newest message. silent_s: since when there was none, in seconds."""

    of: Heard
    silent_s: float | None
    is_silent: bool


class Pulse(NamedTuple):
    """All of them; those that are silent, the longest first; the newest message of any."""

    connections: list[Listening]
    silent: list[Listening]
    last_at: datetime | None


def pulse(*, at: datetime) -> Pulse:
    """How the connections are doing now."""
    listening = [_listening(one, at) for one in heard()]
    times = [one.of.last_at for one in listening if one.of.last_at]
    silent = sorted((one for one in listening if one.is_silent), key=lambda one: -(one.silent_s or 0))
    return Pulse(listening, silent, max(times, default=None))


def _listening(of: Heard, at: datetime) -> Listening:
    silent_s = (at - of.last_at).total_seconds() if of.last_at else None
    silent = silent_s is not None and is_silent(silent_s, gap_s=of.gap_s, messages=of.messages)
    return Listening(of, silent_s, silent)


def is_link_good(token: str, *, at: datetime) -> bool:
    """Whether this link would sign somebody in now. Looking does not use it up: link previews look, too."""
    digest = hashlib.sha256(token.encode()).digest()
    return LoginLink.objects.filter(
        digest=digest, used_at=None, expires_at__gt=at, user__is_active=True
    ).exists()
