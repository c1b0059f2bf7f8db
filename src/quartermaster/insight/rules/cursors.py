"""Where a page of rows goes on. Ids may be negative here: those of parcels without an allocation are."""

import re

from quartermaster.core.pages import BadCursor

_CURSOR = re.compile(r"0|-?[1-9][0-9]{0,17}")


def position(cursor: str) -> int | None:
    """The row id in a cursor; None for "", the beginning. Raises BadCursor."""
    if not cursor:
        return None
    if not _CURSOR.fullmatch(cursor):
        raise BadCursor(cursor=repr(cursor[:40]))
    return int(cursor)
