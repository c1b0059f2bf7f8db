"""Units nobody wants any more are carried back to a bin."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import UnitsPutBack
from quartermaster.orders.actions.state import load, save
from quartermaster.orders.rules.units import balanced
from quartermaster.stock.actions import Move, State, post
from quartermaster.stock.rules.moves import is_world, site_of
from quartermaster.warehouse.actions import states


class BackElsewhere(Refused):
    code = "put-back-done"
    message = "This was put back at {place} already."
    remedy = "Move the units from there, if that is wrong."


class Task(NamedTuple):
    id: int
    order_id: int
    line_id: int
    sku_id: int
    sku: str
    location: str
    quantity: int
    line_units: int
    lot: str
    serial: str
    place: str | None


TASK = """
select t.id, t.order_id, t.line_id, t.sku_id, s.code, l.code, t.quantity, t.line_units, t.lot, t.serial,
  p.code
from warehouse_put_back t join catalog_sku s on s.id = t.sku_id join stock_location l on l.id = t.location_id
left join stock_place p on p.id = t.place_id where t.id = %s
"""
DONE = """
update warehouse_put_back set done_at = %(at)s, done_by = %(by)s,
  place_id = (select id from stock_place where code = %(place)s) where id = %(id)s
"""


def put_back(task_id: int, place: str, *, at: datetime, by: str) -> None:
    """The units of a task lie in a bin of their site again: they can be sold, and the line lets go of them.
    The same again does nothing. Raises NotFound, Invalid (a place of another site), BackElsewhere."""
    with transaction.atomic():
        orders = load([_task(task_id).order_id])
        task = _task(task_id)  # again, under the order's lock
        if task.place is not None:
            if task.place != place:
                raise BackElsewhere(place=task.place)
            return
        if is_world(place) or site_of(place) != task.location:
            raise Invalid(
                what="The place", errors={"place": f"a bin of {task.location}, like {task.location}/A-1"}
            )
        move = Move(
            key=f"put-back:{task.id}",
            sku_id=task.sku_id,
            quantity=task.quantity,
            source=task.location,
            target=place,
            because="put back",
            source_state=State.PICKED,
            lot=task.lot,
            serial=task.serial,
            document=f"order:SO-{task.order_id}",
        )
        post([move], by=by, at=at)
        sql.run(DONE, {"id": task.id, "at": at, "by": by, "place": place})
        order = orders[task.order_id]
        (line,) = (line for line in order.lines if line.id == task.line_id)
        line.units = balanced(replace(line.units, picked=line.units.picked - task.line_units))
        states.follow([order], at=at)
        save([order], [line])
        fact = UnitsPutBack(
            subject=order.subject,
            at=at,
            actor=by,
            order_id=order.id,
            sku=task.sku,
            units=task.quantity,
            place=place,
        )
        emit([fact])


def _task(task_id: int) -> Task:
    found = sql.run(TASK, (task_id,))
    if not found:
        raise NotFound(what="put-back task", which=task_id)
    return Task._make(found[0])
