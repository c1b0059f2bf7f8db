"""Keyset pagination: a page and the cursor of the next one, at the same cost however deep one reads."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from quartermaster.core.errors import Refused

LIMIT, LIMIT_MAX = 50, 200
_CURSOR = re.compile(r"0|[1-9][0-9]{0,17}")
_MOMENT = re.compile(r"(-?[0-9]{1,17})-(0|[1-9][0-9]{0,17})")
_EPOCH, _EARLIEST = datetime(1970, 1, 1, tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


class BadCursor(Refused):
    code = "bad-cursor"
    status = 422
    message = "The cursor {cursor} is not one of ours."
    remedy = "Pass `next` of the page before, unchanged, or leave `after` out to begin anew."


class Page[T](NamedTuple):
    """Items, and the cursor for the page behind them; None when this was the last."""

    items: list[T]
    next: str | None


def position(cursor: str) -> int | None:
    """The row id in a cursor; None for "", the beginning. Raises BadCursor."""
    if not cursor:
        return None
    if not _CURSOR.fullmatch(cursor):
        raise BadCursor(cursor=repr(cursor[:40]))
    return int(cursor)


def told_at(at: datetime, row_id: int) -> str:
    """The cursor behind a row of a list that is in the order of moments, then ids."""
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{row_id}"


def position_at(cursor: str) -> tuple[datetime, int]:
    """The moment and the id in such a cursor; those before everything for "". Raises BadCursor."""
    if not cursor:
        return _EARLIEST, 0
    read = _MOMENT.fullmatch(cursor)
    try:
        if read:
            return _EPOCH + timedelta(microseconds=int(read[1])), int(read[2])
    except OverflowError:
        pass  # refused below, like everything that we did not give
    raise BadCursor(cursor=repr(cursor[:40]))


def cut[T](found: Sequence[T], limit: int, row_id: Callable[[T], int]) -> Page[T]:
    """A page of `limit` out of up to limit + 1 rows found: the one too many says that there is more."""
    items = list(found[:limit])
    return Page(items, str(row_id(items[-1])) if len(found) > limit else None)
