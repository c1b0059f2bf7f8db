"""Keyset pagination: a page and the cursor of the next one, at the same cost however deep one reads."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from quartermaster.core.errors import Refused

LIMIT, LIMIT_MAX = 50, 200
_CURSOR = re.compile(r"0|[1-9][0-9]{0,17}")


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


def cut[T](found: Sequence[T], limit: int, row_id: Callable[[T], int]) -> Page[T]:
    """A page of `limit` out of up to limit + 1 rows found: the one too many says that there is more."""
    items = list(found[:limit])
    return Page(items, str(row_id(items[-1])) if len(found) > limit else None)
