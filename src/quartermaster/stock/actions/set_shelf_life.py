"""Say how many days must be left of what a channel's customers get."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import ShelfLifeChanged

DAYS_MAX = 3650
CHANNEL = "select id from inbox_connection where slug = %s for no key update"
SKU = "select id from catalog_sku where code = %s"
BEFORE = """
select days from stock_shelf_life where connection_id = %(channel)s and sku_id is not distinct from %(sku)s
"""
WRITE = """
insert into stock_shelf_life (connection_id, sku_id, days, because, at, by)
values (%(channel)s, %(sku)s, %(days)s, %(because)s, %(at)s, %(by)s)
on conflict (connection_id, sku_id) do update set days = excluded.days, because = excluded.because,
  at = excluded.at, by = excluded.by
"""
DROP = """
delete from stock_shelf_life where connection_id = %(channel)s and sku_id is not distinct from %(sku)s
"""


def set_shelf_life(channel: str, sku: str, days: int | None, *, because: str, at: datetime, by: str) -> bool:
    """From now on lots promised to and picked for this channel must be good for so many days more: every SKU,
    or the one that is named. None: nothing of its own is asked any more. False when it was so already. Raises
    NotFound, Invalid."""
    errors = {}
    if days is not None and not 0 <= days <= DAYS_MAX:
        errors["days"] = f"must be 0 to {DAYS_MAX}, or left out"
    if not because.strip():
        errors["because"] = "say why"
    if errors:
        raise Invalid(what="The shelf life", errors=errors)
    with transaction.atomic():
        row = {"days": days, "because": because.strip(), "at": at, "by": by, "sku": None}
        for (row_id,) in sql.run(CHANNEL, (channel,)):
            row["channel"] = row_id
        if "channel" not in row:
            raise NotFound(what="channel", which=channel[:80])
        if sku:
            found = sql.run(SKU, (sku,))
            if not found:
                raise NotFound(what="SKU", which=sku[:80])
            row["sku"] = found[0][0]
        before = next((row[0] for row in sql.run(BEFORE, row)), None)
        if before == days:
            return False
        sql.run(DROP if days is None else WRITE, row)
        fact = ShelfLifeChanged(
            subject=f"connection:{channel}",
            at=at,
            actor=by,
            channel=channel,
            sku=sku,
            before=before,
            days=days,
            because=because.strip(),
        )
        emit([fact])
    return True
