"""What time it is, for the few that cannot be told: effects, which are carried out whenever they are due."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    return _told.get() or timezone.now()


@contextmanager
def being(at: datetime) -> Iterator[None]:
    """While the block lasts it is `at`, in this thread: for days that are simulated."""
    token = _told.set(at)
    try:
        yield
    finally:
        _told.reset(token)
