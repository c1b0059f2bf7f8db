"""Cancel an order or some of its units, as far as the point of no return allows."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import OrderCancelled, OrderChanged
from quartermaster.orders.actions import differing
from quartermaster.orders.actions.hold import TooLate
from quartermaster.orders.actions.one import locked
from quartermaster.orders.actions.state import LineState, OrderState, save
from quartermaster.orders.rules.difference import Ours
from quartermaster.orders.rules.units import take_off

CANCELLED = "update orders_order set cancelled_at = %s, cancelled_because = %s where id = %s"


def cancel(
    number: str,
    *,
    because: str,
    lines: Mapping[int, int] | None = None,
    version: int | None = None,
    at: datetime,
    by: str,
) -> None:
    """Cancel everything that has not left (`lines` None), or `quantity` units of each line id given.

    Reserved units go back to stock at once, units on the floor by a put-back task. All of it or nothing:
    raises TooLate when more is asked than has not been handed over, Invalid for unknown lines or
    quantities below one.
    """
    if not because.strip():
        raise Invalid(what="The cancellation", errors={"because": "say why"})
    with transaction.atomic():
        order = locked(number, version)
        asked = _asked(order, lines)
        differing.read([order])
        before = {line.id: line.units.wanted for line, _ in asked}
        for line, quantity in asked:
            line.units = take_off(line.units, quantity)
            line.ours = line.ours or Ours()
        is_whole = not any(line.units.wanted for line in order.lines)
        if is_whole and not order.is_cancelled:
            sql.run(CANCELLED, (at, because, order.id))
            order.is_cancelled = True
        differing.keep(line for line, _ in asked)
        differing.settle({order.id: differing.Why(at, by, because)}, [order])
        changed: dict[str, tuple[object, object]] = {
            f"line {line.id} wanted": (before[line.id], line.units.wanted) for line, _ in asked
        }
        fact = OrderChanged(
            subject=order.subject, at=at, actor=by, order_id=order.id, changed=changed, because=because
        )
        gone = OrderCancelled(subject=order.subject, at=at, actor=by, order_id=order.id, because=because)
        emit([fact, gone] if is_whole else [fact])
        save([order])


def _asked(order: OrderState, lines: Mapping[int, int] | None) -> list[tuple[LineState, int]]:
    """Lines and units to take off. Units already handed over are past the point of no return."""
    if lines is None:
        asked = {line.id: line.units.wanted - line.units.shipped for line in order.lines}
        asked = {line_id: units for line_id, units in asked.items() if units > 0}
        if not asked:
            gone = "Nothing of it is left to cancel: make it a return."
            raise TooLate(number=order.number, sentence="It is cancelled." if order.is_cancelled else gone)
    else:
        asked = dict(lines)
    by_id = {line.id: line for line in order.lines}
    errors = {}
    for line_id, quantity in asked.items():
        line = by_id.get(line_id)
        if line is None:
            errors[f"line {line_id}"] = "not a line of this order"
        elif quantity < 1:
            errors[f"line {line_id}"] = "at least one unit"
        elif quantity > line.units.wanted - line.units.shipped:
            raise TooLate(
                number=order.number,
                sentence=f"Only {line.units.wanted - line.units.shipped} × {line.code} are still here.",
            )
    if errors:
        raise Invalid(what="The cancellation", errors=errors)
    return [(by_id[line_id], quantity) for line_id, quantity in asked.items()]
