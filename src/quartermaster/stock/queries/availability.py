"""What is there, what is promised, what can be sold: by SKU and site."""

import re

from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, BadCursor, Page

_CURSOR = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})")
_CONDITIONS = {
    "sku": "v.sku_id = any(array(select id from catalog_sku where code = %(sku)s))",
    "location": "v.location_id = any(array(select id from stock_location where code = %(location)s))",
    "after": "(v.sku_id, v.location_id) > (%(sku_id)s::bigint, %(location_id)s::bigint)",
}


class Available(Struct, frozen=True):
    """Units. available: can still be promised, after reservations and safety stock; never below zero."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    incoming: int
    safety: int


def availability(
    *, sku: str = "", location: str = "", after: str = "", limit: int = LIMIT
) -> Page[Available]:
    """Levels that meet every filter given, in a fixed order. Raises BadCursor."""
    found = _CURSOR.fullmatch(after)
    if after and not found:
        raise BadCursor(cursor=repr(after[:40]))
    sku_id, location_id = map(int, found.groups()) if found else (0, 0)
    given = {"sku": sku, "location": location, "after": after}
    conditions = [condition for name, condition in _CONDITIONS.items() if given[name]]
    where = f"where {' and '.join(conditions)}" if conditions else ""
    query = (
        "select v.sku_id, v.location_id, s.code, l.code, v.on_hand, v.reserved, "  # noqa: S608 - constants above
        "greatest(0, v.sellable - v.reserved - v.safety), v.incoming, v.safety from stock_level v "
        f"join catalog_sku s on s.id = v.sku_id join stock_location l on l.id = v.location_id {where} "
        "order by v.sku_id, v.location_id limit %(limit)s"
    )
    wanted = {"sku": sku, "location": location, "sku_id": sku_id, "location_id": location_id}
    rows = sql.run(query, {**wanted, "limit": limit + 1})
    last = rows[limit - 1] if len(rows) > limit else None
    cursor = f"{last[0]}-{last[1]}" if last else None
    return Page([Available(*row[2:]) for row in rows[:limit]], cursor)
