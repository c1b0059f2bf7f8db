"""With which account an outside system is called, what goes wrong with a call, and when the next one is made.

One taxonomy of errors for all, by what has to be done next. Three kinds, and finer ones where somebody can
act on the difference. str() is a sentence for a person, without secrets.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from quartermaster.core.errors import Refused

_DOUBLINGS_MAX = 20  # more make a number nobody waits for


class Account(Struct, frozen=True):
    """A connection and its opened settings. Never shown or logged."""

    slug: str
    settings: Mapping[str, str] = {}


class RefusedOutside(Exception):
    """The other side says no, and will say no again to the same question."""


class Missing(RefusedOutside):
    """It knows of no such thing."""


class Invalid(RefusedOutside):
    """It cannot use what it was sent. `fields`: field -> what is wrong with it; may be empty."""

    def __init__(self, because: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(because)
        self.fields = dict(fields or {})


class Conflict(RefusedOutside):
    """It has it already, or has it otherwise: look before anything else is done."""


class NotDone(Exception):
    """Surely nothing happened: not reachable, throttled, logged out. The same call may be made later."""


class Throttled(NotDone):
    """Asked too often. Not before `retry_at`, when the other side named a moment."""

    def __init__(self, because: str, retry_at: datetime | None = None) -> None:
        super().__init__(because)
        self.retry_at = retry_at


class AuthExpired(NotDone):
    """Our key does not count (any more): a person has to give a new one. `slug`: of which connection, where
    it is known."""

    slug = ""


class KeysAwaited(AuthExpired):
    """Nobody was asked: the keys of this connection were refused, and nobody gave new ones yet."""

    def __init__(self, slug: str, because: str) -> None:
        super().__init__(f"{slug} waits for new keys: {because}")
        self.slug = slug


class Unclear(Exception):
    """It may have happened: a time-out after sending, a broken answer. Look it up before trying again."""


def retry_at(error: Exception) -> datetime | None:
    """Not before this moment, when the other side has named one."""
    return error.retry_at if isinstance(error, Throttled) else None


class Trouble(NamedTuple):
    """What became of a question that was not answered. `is_refused`: the other side will not have it, so what
    it went on from is given up; `not_before`: it wants to be asked no sooner."""

    because: str
    not_before: datetime | None
    is_refused: bool


def trouble_of(error: Exception, *, who: str, log: logging.Logger) -> Trouble:
    """In words for a person, at most 300 characters. What nobody foresaw is logged: no clear answer."""
    if isinstance(error, (RefusedOutside, NotDone, Unclear, Refused)):
        return Trouble(str(error)[:300], retry_at(error), isinstance(error, RefusedOutside))
    log.warning("%s: %s", who, error, exc_info=error)
    return Trouble(f"no clear answer ({type(error).__name__})"[:300], None, is_refused=False)


def next_try(
    at: datetime, *, failures: int, every: timedelta, most: timedelta, not_before: datetime | None
) -> datetime:
    """When somebody who did not answer is asked again: `every`, twice as long after each failure in a row, at
    `most`; or at the moment the other side has named."""
    if not_before is not None:
        return max(not_before, at)
    return at + min(most, every * (1 << min(failures, _DOUBLINGS_MAX)))
