"""Lots grow older than a channel takes: what was promised of them to its orders is promised anew."""

from datetime import datetime

from quartermaster.allocation.actions.settle import settle
from quartermaster.allocation.queries.shelf import outgrown

PAGE = 500  # promises in one transaction


def keep_shelf_life(*, at: datetime, trigger: str = "ShelfLife") -> int:
    """Give back the newest promises that no lot at their site is good enough for, and route them anew; picked
    units stay picked. Returns how many lines that were. Done again it does nothing, unless there were more
    than a page."""
    found = outgrown(most=PAGE, at=at)
    if found:
        lines = {line_id for _, line_id in found}
        settle({order_id for order_id, _ in found}, at=at, by="routing", trigger=trigger, anew=lines)
    return len(found)
