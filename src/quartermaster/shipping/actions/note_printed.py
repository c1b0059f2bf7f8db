"""Labels that were printed are not printed with the next sheet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import LabelPrinted

MARK: Final = """
with mine as (
  select id from shipping_label where parcel_id = any(%(parcels)s) and state = 'bought' and printed_at is null
  order by id for no key update),
marked as (
  update shipping_label l set printed_at = %(at)s from mine where l.id = mine.id and l.printed_at is null
  returning l.id, l.parcel_id)
select p.order_id, p.id, m.id from marked m join warehouse_parcel p on p.id = m.parcel_id
order by p.order_id, p.id
"""


def note_printed(parcel_ids: Sequence[int], *, at: datetime, by: str) -> list[int]:
    """The labels that count of these parcels are on paper. Returns the parcels of which that is new; again it
    changes nothing. Two statements."""
    with transaction.atomic():
        found = sql.run(MARK, {"parcels": list(parcel_ids), "at": at})
        emit(
            LabelPrinted(
                subject=f"order:SO-{order_id}",
                at=at,
                actor=by,
                order_id=order_id,
                parcel_id=parcel_id,
                label_id=label_id,
            )
            for order_id, parcel_id, label_id in found
        )
    return [int(parcel_id) for _, parcel_id, _ in found]
