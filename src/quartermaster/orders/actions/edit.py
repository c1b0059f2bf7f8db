"""Change an order before its point of no return: fewer units, another
address, another priority. All of it or nothing."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import OrderChanged
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.hold import TooLate
from quartermaster.orders.actions.one import locked
from quartermaster.orders.actions.state import OrderState, save
from quartermaster.orders.ports import Address
from quartermaster.orders.queries import stages
from quartermaster.orders.rules.change import Answer, Change, verdict
from quartermaster.orders.rules.units import take_off

READDRESS = """
update orders_order set ship_to = %(ship_to)s::jsonb,
  detail = detail || jsonb_build_object('readdressed', jsonb_build_object(
    'told', coalesce(detail->'readdressed'->'told', ship_to, 'null'::jsonb), 'by', %(by)s::text))
where id = %(id)s
"""


def edit(
    number: str,
    *,
    lines: Mapping[int, int] | None = None,
    ship_to: Address | None = None,
    priority: int | None = None,
    version: int | None = None,
    because: str,
    at: datetime,
    by: str,
) -> None:
    """Set the units wanted per line id, the shipping address, the priority (higher is served first).

    More units than were sold are refused: they have a price, which only the channel can charge. Raises
    Invalid, TooLate (nothing is changed then), NotFound, Changed.
    """
    if not because.strip():
        raise Invalid(what="The change", errors={"because": "say why"})
    with transaction.atomic():
        order = locked(number, version)
        changed: dict[str, tuple[object, object]] = {}
        if lines:
            changed |= _fewer(order, lines)
        if ship_to is not None:
            changed |= _readdress(order, ship_to, at=at, by=by)
        if priority is not None:
            if not -100 <= priority <= 100:
                raise Invalid(what="The change", errors={"priority": "from -100 to 100"})
            changed["priority"] = (order.priority, priority)
            sql.run("update orders_order set priority = %s where id = %s", (priority, order.id))
        emit(
            [
                OrderChanged(
                    subject=order.subject,
                    at=at,
                    actor=by,
                    order_id=order.id,
                    changed=changed,
                    because=because,
                )
            ]
        )
        save([order])


def _fewer(order: OrderState, lines: Mapping[int, int]) -> dict[str, tuple[object, object]]:
    by_id = {line.id: line for line in order.lines}
    errors, changed = {}, {}
    for line_id, wanted in lines.items():
        line = by_id.get(line_id)
        if line is None:
            errors[f"line {line_id}"] = "not a line of this order"
        elif wanted > line.units.wanted:
            errors[f"line {line_id}"] = (
                f"at most {line.units.wanted}: sell more in the channel, it comes here by itself"
            )
        elif wanted < 0:
            errors[f"line {line_id}"] = "not below zero"
        elif wanted < line.units.shipped:
            sentence = f"{line.units.shipped} × {line.code} have been handed over."
            raise TooLate(number=order.number, sentence=sentence)
        elif wanted < line.units.wanted:
            changed[f"{line.code or line_id} wanted"] = (line.units.wanted, wanted)
            line.units = take_off(line.units, line.units.wanted - wanted)
    if errors:
        raise Invalid(what="The change", errors=errors)
    return changed  # type: ignore[return-value]  # pairs of int are pairs of object


def _readdress(
    order: OrderState, ship_to: Address, *, at: datetime, by: str
) -> dict[str, tuple[object, object]]:
    missing = [name for name in ("line1", "city", "country") if not getattr(ship_to, name).strip()]
    if missing:
        raise Invalid(what="The address", errors=dict.fromkeys(missing, "is needed"))
    if len(ship_to.country) != 2 or not ship_to.country.isalpha() or not ship_to.country.isupper():
        raise Invalid(what="The address", errors={"country": "two capital letters, as in DE"})
    answer = verdict(Change.ADDRESS, stages([order.id])[order.id].values())
    if answer.answer in (Answer.NO, Answer.RETURN):
        raise TooLate(number=order.number, sentence=answer.sentence)
    new = msgspec.to_builtins(ship_to)
    sql.run(READDRESS, {"ship_to": msgspec.json.encode(new).decode(), "by": by, "id": order.id})
    holds.take_back([holds.Wanted(order, "address", "a person corrected it", at)], by=by)
    before, order.ship_to = order.ship_to, new
    return {"ship_to": (before, new)}
