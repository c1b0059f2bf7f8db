"""Bins that somebody doubts are counted, and the ledger follows the count."""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import CountWanted
from quartermaster.warehouse.actions.rows import PickRow

WANT = """
insert into warehouse_count_task (location_id, place_id, sku_id, because, at)
values (%(location)s, %(place)s, %(sku)s, %(because)s, %(at)s)
on conflict (place_id, sku_id) where done_at is null do nothing
returning id
"""


def want_count(pick: PickRow, *, because: str, at: datetime, by: str) -> None:
    """Have the bin of a pick counted. One open task for a bin and SKU is enough."""
    asked = {
        "location": pick.location_id,
        "place": pick.place_id,
        "sku": pick.sku_id,
        "because": because,
        "at": at,
    }
    for (task_id,) in sql.run(WANT, asked):
        fact = CountWanted(
            subject=f"count:{task_id}",
            at=at,
            actor=by,
            count_task_id=task_id,
            sku=pick.sku,
            place=pick.place,
            because=because,
        )
        emit([fact])
