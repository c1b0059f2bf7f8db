"""Open parcels that nothing will go into are given up: an empty box on a bench holds nothing up."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import ParcelGivenUp
from quartermaster.warehouse.actions.book_inserts import unbook_inserts
from quartermaster.warehouse.queries.floor import UNPACKED

type Spot = tuple[int, int]  # an order, and a site of it


class GivenUp(NamedTuple):
    id: int
    order_id: int
    location_id: int


BECAUSE = "nothing is in it"
EMPTIED = """
update warehouse_parcel p set state = 'cancelled' where p.id = any(%s) and p.state = 'packing'
  and not exists (select from warehouse_parcel_item i where i.parcel_id = p.id)
returning p.id, p.order_id, p.location_id
"""
# What is in a parcel that is being closed waits for no other one.
LEFT_EMPTY = f"""
with bare as materialized (
  select p.id, p.order_id, p.location_id from warehouse_parcel p
  where p.order_id = any(%(orders)s) and p.state = 'packing' and p.external_id = ''
    and p.id <> all(%(closing)s)
    and not exists (select from warehouse_parcel_item i where i.parcel_id = p.id))
update warehouse_parcel p set state = 'cancelled' from bare b
where p.id = b.id and {UNPACKED.format(of="b", closed="or x.id = any(%(closing)s)")} <= 0
returning p.id, p.order_id, p.location_id
"""  # noqa: S608 - constants only
HAND_ON = """
update warehouse_parcel_insert i set parcel_id = w.target, scanned_at = null
from jsonb_to_recordset(%s::jsonb) as w(source bigint, target bigint)
where i.parcel_id = w.source and not exists (
  select from warehouse_parcel_insert t where t.parcel_id = w.target and t.code = i.code)
"""


def give_up_emptied(parcel_ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Those of these parcels, of locked orders, that are open and hold nothing any more."""
    _tell(sql.run(EMPTIED, (sorted(set(parcel_ids)),)), {}, at=at, by=by)


def give_up_empty(
    order_ids: Iterable[int],
    *,
    closing: Iterable[int] = (),
    heirs: Mapping[Spot, int] | None = None,
    at: datetime,
    by: str,
) -> None:
    """Empty open parcels of these locked orders, at sites where all that was picked for the order is in
    closed parcels, in those that are being closed, or on its way back to a bin. One statement when there are
    none.

    Their inserts go into the parcel that is closed at the same spot, its heir, and are scanned there: an
    order gets them once, with whatever parcel it gets.
    """
    asked = {"orders": sorted(set(order_ids)), "closing": sorted(set(closing))}
    _tell(sql.run(LEFT_EMPTY, asked), heirs or {}, at=at, by=by)


def _tell(rows: Iterable[tuple[int, ...]], heirs: Mapping[Spot, int], *, at: datetime, by: str) -> None:
    found = sorted(GivenUp._make(row) for row in rows)
    if not found:
        return
    handed = [
        {"source": one.id, "target": heirs[one.order_id, one.location_id]}
        for one in found
        if (one.order_id, one.location_id) in heirs
    ]
    if handed:
        sql.run(HAND_ON, (sql.rows(handed),))
    unbook_inserts([one.id for one in found], at=at, by=by)
    emit(
        ParcelGivenUp(
            subject=f"order:SO-{one.order_id}",
            at=at,
            actor=by,
            order_id=one.order_id,
            parcel_id=one.id,
            because=BECAUSE,
        )
        for one in found
    )
