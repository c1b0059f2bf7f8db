"""A pick list is begun by a picker, or given back."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.orders.actions.state import load
from quartermaster.warehouse.actions.recall import Off, take_off
from quartermaster.warehouse.actions.rows import left_on_lists
from quartermaster.warehouse.actions.waves import refuse_when_planned


class ListTaken(Refused):
    code = "list-taken"
    message = "PL-{list_id} is {picker}'s."
    remedy = "Take another list, or have this one given back first."


class ListOver(Refused):
    code = "list-over"
    message = "PL-{list_id} is {state}."
    remedy = "Take another list."


LOCK = "select state, picker from warehouse_pick_list where id = %s for no key update"
START = """
update warehouse_pick_list set state = 'picking', picker = %(by)s, started_at = coalesce(started_at, %(at)s)
where id = %(list)s
"""
CANCEL = "update warehouse_pick_list set state = 'cancelled', done_at = %s where id = %s"


def start(list_id: int, *, at: datetime, by: str) -> None:
    """Take a list as one's own. Again by the same picker does nothing. Raises NotFound, ListTaken,
    ListOver, WaveNotReleased."""
    with transaction.atomic():
        state, picker = _locked(list_id)
        if state in ("done", "cancelled"):
            raise ListOver(list_id=list_id, state=state)
        if picker not in ("", by):
            raise ListTaken(list_id=list_id, picker=picker)
        refuse_when_planned([list_id])
        sql.run(START, {"list": list_id, "by": by, "at": at})


def cancel_list(list_id: int, *, because: str, at: datetime, by: str) -> None:
    """Give the work of a list back: what was not picked can go onto another one at once. Cancelling again
    does nothing. Raises NotFound, ListOver (all of it is picked), Invalid."""
    if not because.strip():
        raise Invalid(what="The cancellation", errors={"because": "say why"})
    with transaction.atomic():
        orders = load({pick.order_id for pick in left_on_lists([list_id])})
        state, _ = _locked(list_id)
        if state == "done":
            raise ListOver(list_id=list_id, state=state)
        if state == "cancelled":
            return
        sql.run(CANCEL, (at, list_id))
        left = [pick for pick in left_on_lists([list_id]) if pick.order_id in orders]
        take_off([Off(pick, pick.left, because.strip()) for pick in left], orders, at=at, by=by)


def _locked(list_id: int) -> tuple[str, str]:
    found = sql.run(LOCK, (list_id,))
    if not found:
        raise NotFound(what="pick list", which=f"PL-{list_id}")
    return found[0]
