"""Orders change while an outside site has them: what must not be shipped as it was sent is asked back."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.outbox import wish
from quartermaster.core.events import Event
from quartermaster.events import CancelAsked
from quartermaster.orders.actions.state import OrderState
from quartermaster.orders.rules.holds import Blocks
from quartermaster.outside.actions import row as rows
from quartermaster.outside.actions.bring_back import bring_back
from quartermaster.outside.actions.hear import answered, settle
from quartermaster.outside.actions.row import Row
from quartermaster.outside.actions.say import say
from quartermaster.outside.actions.send import receiver
from quartermaster.outside.rules.steps import OUTSIDE, Standing, State, Turn, ask_back_because
from quartermaster.warehouse.queries.floor import outside

CANCEL = "outside.cancel"
OPEN = """
select id from outside_order
where order_id = any(%s) and cancel = '' and state in ('queued', 'sent', 'acknowledged') order by order_id, id
"""
ASKED = "update outside_order set cancel = 'asked', cancel_asked_at = %s where id = %s"


def ask_back(events: Sequence[Event]) -> None:
    """The listener. It looks at how things stand, so what was heard, how often and in which sequence does not
    matter. Few orders change while somebody else has them: they are taken one by one."""
    ids = sorted({event.order_id for event in events})  # type: ignore[attr-defined]  # facts about orders
    for (outside_id,) in sql.run(OPEN, (ids,)):
        with transaction.atomic():
            order, row = rows.locked(outside_id)
            if row.is_open and not row.cancel:
                because = why_not(order, row)
                if because:
                    withdraw(order, row, because, at=events[-1].at, by="system")


def withdraw(order: OrderState, row: Row, because: str, *, at: datetime, by: str) -> None:
    """Not to be shipped: at once when it was never sent, else they are asked. The caller holds both locks."""
    if row.state == State.QUEUED:
        drop(order, row, because, at=at, by=by)
        return
    sql.run(ASKED, (at, row.id))
    body = {"outside_id": row.id, "because": because}
    wish(key=f"outside-cancel:{row.reference}", task=CANCEL, subject=order.subject, body=body, due_at=at)
    say(CancelAsked, order, row, at=at, by=by, because=because)


def drop(order: OrderState, row: Row, because: str, *, at: datetime, by: str) -> None:
    """It is surely not there, and is not to go there. The caller holds both locks."""
    OUTSIDE.after(State(row.state), Turn.DROP)
    settle(row, State.CANCELLED, f"never sent: {because}", at=at)
    bring_back(order, row, because=because, at=at, by=by)
    answered(order, row, "cancelled", f"never sent: {because}", at=at, by=by)


def why_not(order: OrderState, row: Row) -> str:
    """Why it must not be shipped as it was to be sent; "" when it may."""
    return ask_back_because(_seen(order, row))


def _seen(order: OrderState, row: Row) -> Standing:
    there = [one for one in outside([order.id]) if one.location_id == row.site_id]
    lines = {one.line_id for one in there}
    surplus = sum(
        max(0, line.units.surplus - line.units.allocated) for line in order.lines if line.id in lines
    )
    return Standing(
        is_cancelled=order.is_cancelled,
        is_held=order.is_blocked(Blocks.RELEASE),
        surplus=surplus,
        is_elsewhere=msgspec.to_builtins(receiver(order)) != msgspec.to_builtins(row.content.receiver),
    )
