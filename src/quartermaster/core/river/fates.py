"""What an error in the middle of a batch means: the database is away, a race was lost, or the work failed."""

from enum import Enum, auto

import psycopg
from django.db import Error as DjangoError
from django.db import InterfaceError, OperationalError


class Fate(Enum):
    """AWAY: nobody's fault, wait and come again. RACE: come again at
    once. FAILED: some item is the culprit."""

    AWAY = auto()
    RACE = auto()
    FAILED = auto()


# By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html, read 2026-11-23), for the
# driver's "operational" errors hold both: a server that is shutting down, and a row that is too long.
_RACES = ("40", "55P03")  # deadlock, serialization, a lock that was not to be had
_AWAY = ("08", "53", "57P", "58", "25P03", "25P04")  # connection, disk and memory, shutdown, I/O, cut off
_UNNUMBERED = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)


def fate(error: BaseException) -> Fate:
    """A driver's error without a SQLSTATE comes from a connection that is gone."""
    cause = error.__cause__ if isinstance(error, DjangoError) and error.__cause__ else error
    if not isinstance(cause, psycopg.Error | DjangoError):
        return Fate.FAILED
    number = getattr(cause, "sqlstate", None)
    if number is None:
        return Fate.AWAY if isinstance(cause, _UNNUMBERED) else Fate.FAILED
    if number.startswith(_RACES):
        return Fate.RACE
    return Fate.AWAY if number.startswith(_AWAY) else Fate.FAILED
