"""Inserts that are articles leave the stock with the parcel they are in, and come back when it is given up.

A card is only weighed; a sample is a unit somebody might order. What is booked is what nobody was promised: a
sample never takes a unit from an order. Where nothing is free the parcel is closed all the same, the event
says so, and the next count of the bin finds what the bench took.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import InsertsBooked
from quartermaster.stock.actions import Move, lock_some, post
from quartermaster.warehouse.actions.parcels import Closing

WANTED = """
select i.id, i.parcel_id, p.order_id, p.location_id, s.id, i.sku, i.bookings
from warehouse_parcel_insert i join warehouse_parcel p on p.id = i.parcel_id
left join catalog_sku s on s.code = i.sku
where i.parcel_id = any(%(parcels)s) and i.sku <> '' and i.booked_from = ''
  and (i.scanned_at is not null or not %(is_scanned)s)
order by i.id
"""
# What expires first goes first; a unit with a serial number is not given away unnamed.
LYING = """
select b.sku_id, p.location_id, p.code, b.lot, b.quantity
from jsonb_to_recordset(%s::jsonb) as w(sku_id bigint, location_id bigint)
join stock_balance b on b.sku_id = w.sku_id and b.state = 'available' and b.quantity > 0 and b.serial = ''
join stock_place p on p.id = b.place_id and p.location_id = w.location_id
left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
order by b.sku_id, p.location_id, l.expires_on nulls last, p.code, b.lot
"""
BOOKED = """
update warehouse_parcel_insert i set booked_from = r.place, booked_lot = r.lot, bookings = bookings + 1
from jsonb_to_recordset(%s::jsonb) as r(id bigint, place text, lot text) where i.id = r.id
"""
GIVEN_UP = """
select i.id, i.parcel_id, p.order_id, p.location_id, s.id, i.sku, i.booked_from, i.booked_lot, i.bookings
from warehouse_parcel_insert i join warehouse_parcel p on p.id = i.parcel_id
join catalog_sku s on s.code = i.sku
where i.parcel_id = any(%s) and p.state = 'cancelled' and i.booked_from <> '' order by i.id
"""
BACK = "update warehouse_parcel_insert set booked_from = '', booked_lot = '' where id = any(%s)"


class _Insert(NamedTuple):
    id: int
    parcel_id: int
    order_id: int
    location_id: int
    sku_id: int | None
    sku: str
    bookings: int  # so far; of a parcel that was given up, more than none


type _Levels = set[tuple[int, int]]  # SKU and site
type _Unit = tuple[str, str]  # its bin and its lot


def book_inserts(closing: Sequence[Closing], *, is_scanned: bool, at: datetime, by: str) -> None:
    """For parcels just closed, inside the caller's transaction. is_scanned: only what was scanned is in them.
    One booked before, of a parcel that was opened, is not booked again. One statement without articles."""
    asked = {"parcels": [one.id for one in closing], "is_scanned": is_scanned}
    wanted = [_Insert._make(row) for row in sql.run(WANTED, asked)]
    if not wanted:
        return
    levels: _Levels = {(one.sku_id, one.location_id) for one in wanted if one.sku_id is not None}
    units = _units(levels, {(one.sku_id, one.location_id): one.free for one in lock_some(levels)})
    taken: list[tuple[_Insert, int, _Unit]] = []
    short: list[_Insert] = []
    for one in wanted:
        here = units.get((one.sku_id or 0, one.location_id))
        if here and one.sku_id is not None:
            taken.append((one, one.sku_id, here.popleft()))
        else:
            short.append(one)
    moves = [
        Move(
            key=f"insert:{one.id}:{one.bookings}",
            sku_id=sku_id,
            quantity=1,
            source=place,
            target="world:customer",
            because="goes into the parcel as an insert",
            lot=lot,
            document=f"P-{one.parcel_id}",
        )
        for one, sku_id, (place, lot) in taken
    ]
    post(moves, by=by, at=at)
    rows = [{"id": one.id, "place": place, "lot": lot} for one, _, (place, lot) in taken]
    sql.run(BOOKED, (sql.rows(rows),))
    _tell([one for one, _, _ in taken], short, at=at, by=by)


def unbook_inserts(parcel_ids: Sequence[int], *, at: datetime, by: str) -> None:
    """Of those of these parcels that were given up: what was booked is where it was taken from. One statement
    without any."""
    found = sql.run(GIVEN_UP, (list(parcel_ids),))
    if not found:
        return
    moves = [
        Move(
            key=f"insert-back:{insert_id}:{bookings}",
            sku_id=sku_id,
            quantity=1,
            source="world:customer",
            target=place,
            because="its parcel was given up",
            lot=lot,
            document=f"P-{parcel_id}",
        )
        for insert_id, parcel_id, _, _, sku_id, _, place, lot, bookings in found
    ]
    post(moves, by=by, at=at)
    sql.run(BACK, ([row[0] for row in found],))


def _units(levels: _Levels, free: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], deque[_Unit]]:
    """The free units of each level, in the order they are taken in."""
    rows = sql.rows({"sku_id": sku_id, "location_id": location_id} for sku_id, location_id in levels)
    found: dict[tuple[int, int], deque[_Unit]] = {}
    for sku_id, location_id, place, lot, quantity in sql.run(LYING, (rows,)):
        mine = found.setdefault((sku_id, location_id), deque())
        mine.extend([(place, lot)] * min(quantity, free.get((sku_id, location_id), 0) - len(mine)))
    return found


def _tell(taken: Sequence[_Insert], short: Sequence[_Insert], *, at: datetime, by: str) -> None:
    """One fact for each parcel."""
    parcels = dict.fromkeys((one.order_id, one.parcel_id) for one in (*taken, *short))
    emit(
        InsertsBooked(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            parcel_id=parcel_id,
            skus=tuple(one.sku for one in taken if one.parcel_id == parcel_id),
            short=tuple(one.sku for one in short if one.parcel_id == parcel_id),
        )
        for order_id, parcel_id in parcels
    )
