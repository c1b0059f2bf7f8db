"""Bins that somebody doubts are counted, and the ledger follows the count."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import CountDone, CountWanted
from quartermaster.stock.actions import Move, State, lock_levels, post
from quartermaster.warehouse.actions.rows import PickRow
from quartermaster.warehouse.rules.counting import ADJUSTMENT, Correction, Lying, corrections


class CountedOtherwise(Refused):
    code = "count-done"
    message = "This bin was counted already: {counted}."
    remedy = "Have it counted again, if that is wrong."


class Task(NamedTuple):
    id: int
    place_id: int
    place: str
    sku_id: int
    sku: str
    counted: int | None


WANT = """
insert into warehouse_count_task (location_id, place_id, sku_id, because, at)
select p.location_id, p.id, %(sku)s, %(because)s, %(at)s from stock_place p where p.id = %(place)s
on conflict (place_id, sku_id) where done_at is null do nothing
returning id
"""
TASK = """
select t.id, t.place_id, p.code, t.sku_id, s.code, t.counted from warehouse_count_task t
join stock_place p on p.id = t.place_id join catalog_sku s on s.id = t.sku_id
where t.id = %s for no key update of t
"""
# The lot that expires first was picked from first: what is gone is taken from the end of this list.
LYING = """
select b.state, b.lot, b.serial, b.quantity from stock_balance b
left join stock_lot t on t.sku_id = b.sku_id and t.code = b.lot
where b.sku_id = %s and b.place_id = %s and b.state in ('available', 'missing') and b.quantity > 0
order by t.expires_on nulls last, b.lot, b.serial
"""
DONE = """
update warehouse_count_task set counted = %(counted)s, done_at = %(at)s, done_by = %(by)s where id = %(id)s
"""
FIND = """
select p.id, s.id from stock_place p, catalog_sku s
where p.code = %s and p.location_id is not null and s.code = %s and not s.is_kit
"""


def want_count(pick: PickRow, *, because: str, at: datetime, by: str) -> None:
    """Have the bin of a pick counted. One open task for a bin and SKU is enough."""
    _want(pick.place_id, pick.place, pick.sku_id, pick.sku, because=because, at=at, by=by)


def ask_for_count(place: str, sku: str, *, because: str, at: datetime, by: str) -> None:
    """Have a bin counted because somebody doubts it. Raises NotFound, Invalid."""
    if not because.strip():
        raise Invalid(what="The count", errors={"because": "say why"})
    found = sql.run(FIND, (place, sku))
    if not found:
        raise NotFound(what="bin and SKU", which=f"{place}, {sku}")
    with transaction.atomic():
        _want(found[0][0], place, found[0][1], sku, because=because.strip(), at=at, by=by)


def _want(place_id: int, place: str, sku_id: int, sku: str, *, because: str, at: datetime, by: str) -> None:
    asked = {"place": place_id, "sku": sku_id, "because": because, "at": at}
    emit(
        CountWanted(
            subject=f"count:{task_id}",
            at=at,
            actor=by,
            count_task_id=task_id,
            sku=sku,
            place=place,
            because=because,
        )
        for (task_id,) in sql.run(WANT, asked)
    )


def count(task_id: int, counted: int, *, serials: Collection[str] = (), at: datetime, by: str) -> int:
    """So many units lie in the bin of a task: the ledger follows. Returns counted minus what it said.

    Units that were missing come back, those that are missing still are written off; promises that cannot be
    kept are broken, their owners served again. Units with serial numbers are counted by them (`serials`, all
    that lie there). The same count again does nothing. Raises NotFound, Invalid, CountedOtherwise.
    """
    with transaction.atomic():
        task = _task(task_id)
        lock_levels([task.sku_id])
        if task.counted is not None:
            if task.counted != counted:
                raise CountedOtherwise(counted=task.counted)
            return 0
        lying = [Lying._make(row) for row in sql.run(LYING, (task.sku_id, task.place_id))]
        _check(lying, counted, serials)
        moves = _moves(task, corrections(lying, counted, serials))
        post(moves, by=by, at=at, breaks_reservations=True)
        sql.run(DONE, {"id": task_id, "counted": counted, "at": at, "by": by})
        difference = counted - sum(one.units for one in lying if one.state == State.AVAILABLE)
        fact = CountDone(
            subject=f"count:{task_id}",
            at=at,
            actor=by,
            count_task_id=task_id,
            sku=task.sku,
            place=task.place,
            counted=counted,
            difference=difference,
        )
        emit([fact])
    return difference


def _task(task_id: int) -> Task:
    found = sql.run(TASK, (task_id,))
    if not found:
        raise NotFound(what="count task", which=task_id)
    return Task._make(found[0])


def _check(lying: Sequence[Lying], counted: int, serials: Collection[str]) -> None:
    if not 0 <= counted <= QUANTITY_MAX:
        raise Invalid(what="The count", errors={"counted": f"0 to {QUANTITY_MAX}"})
    has_serials = any(one.serial for one in lying)
    if (serials or has_serials) and len(set(serials)) != counted:
        raise Invalid(what="The count", errors={"serials": "name each serial number that lies there, once"})


def _moves(task: Task, wanted: Sequence[Correction]) -> list[Move]:
    return [
        Move(
            key=f"count:{task.id}:{n}",
            sku_id=task.sku_id,
            quantity=one.units,
            source=task.place if one.source_state else ADJUSTMENT,
            target=task.place if one.target_state else ADJUSTMENT,
            because="counted",
            source_state=one.source_state or State.AVAILABLE,
            target_state=one.target_state or State.AVAILABLE,
            lot=one.lot,
            serial=one.serial,
            document=f"count:{task.id}",
        )
        for n, one in enumerate(wanted)
    ]
