"""The day an order is promised for: told once, when all its units have one, and kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from quartermaster.core.events import Event
from quartermaster.events import PromiseMoved
from quartermaster.orders.actions.state import OrderState

if TYPE_CHECKING:
    from quartermaster.allocation.actions.settle import Decided


class Earlier(NamedTuple):
    """Of the live allocations an order had already: how many, how many of them with a promise, and the last
    day and moment promised."""

    live: int = 0
    promised: int = 0
    last_on: date | None = None
    last_by: datetime | None = None


NOTHING = Earlier()


def has_earlier(order: OrderState) -> bool:
    """May it have allocations from before? A fresh order has none, and nobody needs to look."""
    return any(line.units.allocated + line.units.picked + line.units.shipped for line in order.lines)


def keep(decided: Sequence["Decided"], *, at: datetime, by: str) -> list[Event]:
    """Write the first promise that covers all shippable units on its order. One that comes out later than
    what the order was told stays a fact of the timeline: the order keeps the day it was told."""
    moved: list[Event] = []
    for one in decided:
        order, parcels, earlier = one.order, one.routing.parcels, one.earlier
        if not parcels or any(line.units.open for line in order.lines if line.is_shippable):
            continue
        if earlier.promised < earlier.live or any(parcel.promised_on is None for parcel in parcels):
            continue
        promised_on = max(day for day in (earlier.last_on, *(p.promised_on for p in parcels)) if day)
        if order.promised_on is None:
            moments = (earlier.last_by, *(p.promised_by for p in parcels))
            order.promised_on, order.promised_at = promised_on, at
            order.promised_by = max((moment for moment in moments if moment), default=None)
        elif promised_on > order.promised_on:
            moved.append(_moved(order, promised_on, at=at, by=by))
    return moved


def _moved(order: OrderState, expected_on: date, *, at: datetime, by: str) -> PromiseMoved:
    assert order.promised_on is not None
    return PromiseMoved(
        subject=order.subject,
        at=at,
        actor=by,
        order_id=order.id,
        promised_on=order.promised_on,
        expected_on=expected_on,
    )
