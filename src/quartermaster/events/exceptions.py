"""What people say of what could not be finished: who sees to it, what is known, until when it can wait."""

from datetime import datetime
from typing import ClassVar

from quartermaster.core.events import Event


class ExceptionAnswered(Event, frozen=True, kw_only=True):
    """Somebody said of rows of an exception that they are known (acknowledged), that they can wait until then
    (snoozed), or took that back (open). cause, of: which exception; rows: how each is told on its page. turn:
    what the act is taken back by."""

    kind: ClassVar[str] = "exception"
    cause: str
    of: str
    rows: tuple[str, ...]
    answer: str
    note: str
    until: datetime | None
    turn: str


class ExceptionAssigned(Event, frozen=True, kw_only=True):
    """Somebody sees to rows of an exception. assignee: user:3, person: their name; empty: nobody any more."""

    kind: ClassVar[str] = "exception"
    cause: str
    of: str
    rows: tuple[str, ...]
    assignee: str
    person: str
    turn: str


class ExceptionActUndone(Event, frozen=True, kw_only=True):
    """The last act on rows of an exception was taken back by whoever did it: they are as they were before."""

    kind: ClassVar[str] = "exception"
    cause: str
    of: str
    rows: tuple[str, ...]
    turn: str
