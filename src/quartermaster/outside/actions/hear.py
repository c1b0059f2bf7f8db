"""What an outside site says about an order, taken in: in any sequence, and as often as it is told."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OutsideAnswered, OutsideShort, OutsideUnclear
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.state import OrderState, save
from quartermaster.outside.actions import row as rows
from quartermaster.outside.actions.bring_back import bring_back
from quartermaster.outside.actions.leave import ship, there_for, too_much
from quartermaster.outside.actions.row import Row
from quartermaster.outside.actions.say import say
from quartermaster.outside.ports import Standing
from quartermaster.outside.ports import State as Told
from quartermaster.outside.rules.steps import OUTSIDE, State, Turn
from quartermaster.stock.actions import State as Condition

SHIPPED = "select reference from outside_shipment where outside_id = %s"
SETTLE = """
update outside_order set state = %(state)s, because = %(because)s, settled_at = %(at)s,
  theirs = case when %(theirs)s = '' then theirs else %(theirs)s end,
  acknowledged_at = coalesce(acknowledged_at, case when %(state)s = 'shipped' then %(at)s::timestamptz end)
where id = %(id)s
"""
ACKNOWLEDGE = """
update outside_order set state = 'acknowledged', acknowledged_at = coalesce(acknowledged_at, %(at)s),
  theirs = case when %(theirs)s = '' then theirs else %(theirs)s end where id = %(id)s
"""
UNCLEAR = "update outside_order set because = %s where id = %s and because <> %s returning id"
CANCEL = "update outside_order set cancel = %s where id = %s"


def hear(standing: Standing, *, at: datetime, by: str) -> bool:
    """Bring an order in line with what they say of it. False when we know no such reference.

    What contradicts what we know (more units than were sent, a parcel of what is settled) changes nothing and
    is shown to a person. Constant number of statements for each new parcel.
    """
    outside_id = rows.id_of(standing.reference)
    if outside_id is None:
        return False
    with transaction.atomic():
        order, row = rows.locked(outside_id)
        known = {reference for (reference,) in sql.run(SHIPPED, (row.id,))}
        news = [one for one in standing.shipments if one.reference not in known]
        if not row.is_open:
            if news or (standing.state is Told.SHIPPED and row.state != State.SHIPPED):
                unclear(order, row, f"{row.site} says it shipped what was {row.state}", at=at, by=by)
            return True
        for shipment in news:
            if wrong := too_much(row, shipment.items, there_for(order, row)):
                unclear(order, row, wrong, at=at, by=by)
                return True
            ship(order, row, shipment, at=min(shipment.shipped_at, at), by=by)
        if news and not there_for(order, row):  # nothing is left to leave, whether they say so or not
            finish(order, row, standing, at=at, by=by)
            return True
        _follow(order, row, standing, at=at, by=by)
    return True


def _follow(order: OrderState, row: Row, standing: Standing, *, at: datetime, by: str) -> None:
    match standing.state:
        case Told.SHIPPED if not _shipped(row, standing):
            unclear(order, row, f"{row.site} says it is shipped, and names no parcel", at=at, by=by)
        case Told.SHIPPED:
            finish(order, row, standing, at=at, by=by)
        case Told.CANCELLED:
            OUTSIDE.after(State(row.state), Turn.CANCEL)
            because = standing.because or f"cancelled at {row.site}"
            settle(row, State.CANCELLED, because, at=at, theirs=standing.theirs)
            bring_back(order, row, because=because, at=at, by=by)
            answered(order, row, "cancelled", because, at=at, by=by)
            if not row.cancel:  # nobody asked for it: it is not sent there again by itself
                _keep_back(order, f"{row.site} cancelled it: {because}", at=at, by=by)
        case Told.REFUSED:
            OUTSIDE.after(State(row.state), Turn.REFUSE)
            because = standing.because or "without a reason"
            settle(row, State.REFUSED, because, at=at, theirs=standing.theirs)
            bring_back(order, row, because=f"refused by {row.site}", at=at, by=by)
            answered(order, row, "refused", because, at=at, by=by)
            if not order.is_cancelled:
                _keep_back(order, f"{row.site} refused it: {because}", at=at, by=by)
        case Told.ACKNOWLEDGED if row.state != State.ACKNOWLEDGED:
            OUTSIDE.after(State(row.state), Turn.ACKNOWLEDGE)
            sql.run(ACKNOWLEDGE, {"id": row.id, "at": at, "theirs": standing.theirs})
            answered(order, row, "acknowledged", standing.because, at=at, by=by)


def _shipped(row: Row, standing: Standing) -> bool:
    return bool(standing.shipments) or bool(sql.run(SHIPPED, (row.id,)))


def finish(order: OrderState, row: Row, standing: Standing, *, at: datetime, by: str) -> None:
    """Nothing more will leave. What has not is missing there, and allocated anew where it is wanted."""
    OUTSIDE.after(State(row.state), Turn.FINISH)
    settle(row, State.SHIPPED, "", at=at, theirs=standing.theirs)
    short = f"short at {row.site}"
    lost = bring_back(order, row, target=Condition.MISSING, because=short, at=at, by=by)
    emit(
        OutsideShort(
            subject=order.subject, at=at, actor=by, order_id=order.id, location=row.site, sku=sku, units=units
        )
        for sku, units in sorted(lost.items())
    )


def settle(row: Row, state: State, because: str, *, at: datetime, theirs: str = "") -> None:
    sql.run(SETTLE, {"id": row.id, "state": state, "because": because, "at": at, "theirs": theirs})


def answered(order: OrderState, row: Row, state: str, because: str, *, at: datetime, by: str) -> None:
    say(OutsideAnswered, order, row, at=at, by=by, state=state, because=because)


def unclear(order: OrderState, row: Row, because: str, *, at: datetime, by: str) -> None:
    """Told once, and left for a person."""
    if sql.run(UNCLEAR, (because, row.id, because)):
        say(OutsideUnclear, order, row, at=at, by=by, because=because)


def cancel_refused(outside_id: int, because: str, *, at: datetime, by: str) -> None:
    """They go on with it: it is too late there."""
    with transaction.atomic():
        order, row = rows.locked(outside_id)
        if row.is_open and row.cancel == "asked":
            sql.run(CANCEL, ("refused", row.id))
            answered(order, row, "cancel_refused", because, at=at, by=by)


def _keep_back(order: OrderState, because: str, *, at: datetime, by: str) -> None:
    """A person decides where it goes now; its units stay promised meanwhile."""
    holds.place([holds.Wanted(order, "manual", because, at, "", "", None)], by=by)
    save([order], [])
