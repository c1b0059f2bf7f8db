"""How long until, and how long ago: in the one unit that matters."""

from datetime import datetime
from typing import NamedTuple


class Left(NamedTuple):
    """Time left until a moment, in the one unit that matters. tone as of a Word."""

    text: str
    tone: str


def time_left(until: datetime, at: datetime) -> Left:
    """2 h 10 min, 3 d; "4 h late" once it is over."""
    minutes = int((until - at).total_seconds() // 60)
    text = _span(abs(minutes))
    if minutes < 0:
        return Left(f"{text} late", "is-bad")
    return Left(text, "is-warn" if minutes < 4 * 60 else "")


def _span(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if hours < 10 and rest else f"{hours} h"
    return f"{minutes // (24 * 60)} d"
