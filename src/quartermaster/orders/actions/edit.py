"""Change an order before its point of no return: units, lines, prices,
address, shipping, priority. All of it or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.money import MINOR_MAX
from quartermaster.events import OrderChanged
from quartermaster.orders.actions import differing, holds
from quartermaster.orders.actions.hold import TooLate
from quartermaster.orders.actions.one import locked
from quartermaster.orders.actions.relines import NewLine, Pairs, Prices, put_lines, set_prices, set_units
from quartermaster.orders.actions.state import OrderState, save
from quartermaster.orders.ports import Address
from quartermaster.orders.queries import stages
from quartermaster.orders.rules.change import Answer, Change, Verdict, verdict
from quartermaster.orders.rules.difference import Difference, Position

READDRESS = """
update orders_order set ship_to = %(ship_to)s::jsonb,
  detail = detail || jsonb_build_object('readdressed', jsonb_build_object(
    'told', coalesce(detail->'readdressed'->'told', ship_to, 'null'::jsonb), 'by', %(by)s::text))
where id = %(id)s
"""
# The channel's own price of shipping stays where it is; its name gives way to ours, and is remembered.
RESHIP = """
update orders_order set shipping_method = coalesce(%(method)s, shipping_method),
  detail = detail || jsonb_build_object('reshipped', jsonb_build_object(
    'told', coalesce(detail->'reshipped'->>'told', shipping_method), 'told_minor', shipping_minor,
    'method', coalesce(%(method)s, shipping_method),
    'minor', coalesce(%(minor)s::bigint, (detail->'reshipped'->>'minor')::bigint), 'by', %(by)s::text))
where id = %(id)s
returning detail::text
"""


class Shipping(NamedTuple):
    """Another way to ship, another price for it, or both. What is None stays."""

    method: str | None = None
    minor: int | None = None


class Edited(NamedTuple):
    """What a change came to. `step` is this change alone, `difference` all changes so far; `verdict` says
    what has to be undone for it."""

    order: OrderState
    step: Difference
    difference: Difference
    position: Position
    verdict: Verdict


def edit(
    number: str,
    *,
    lines: Mapping[int, int] | None = None,
    prices: Mapping[int, int] | None = None,
    discounts: Mapping[int, int] | None = None,
    add: Sequence[NewLine] = (),
    shipping: Shipping | None = None,
    ship_to: Address | None = None,
    priority: int | None = None,
    waives_due: bool = False,
    version: int | None = None,
    because: str,
    at: datetime,
    by: str,
) -> Edited:
    """Set, per line id, the units wanted, the unit price, a discount beside the channel's; put on new lines,
    set the way and price of shipping, the address, the priority (higher is served first); let go what is due.
    Amounts are minor units of the order's currency.

    Raises Invalid, TooLate (nothing is changed then), NotFound, Changed.
    """
    if not because.strip():
        raise Invalid(what="The change", errors={"because": "say why"})
    with transaction.atomic():
        order = locked(number, version)
        differing.read([order])
        was = differing.totals_after([order])[order.id]
        reached = stages([order.id])[order.id]
        wanted = {line.id: line.units.wanted for line in order.lines}
        changed = set_units(order, lines or {})
        changed |= put_lines(order, add)
        changed |= set_prices(order, Prices(prices or {}, discounts or {}))
        touched = {
            x.id for x in order.lines if x.units.wanted < wanted.get(x.id, 0)
        }  # else nothing comes off
        asked = [verdict(Change.EDIT, [reached[line_id] for line_id in touched & reached.keys()])]
        if shipping is not None:
            changed |= _reship(order, shipping, by=by)
            asked.append(verdict(Change.SHIPPING, reached.values()))
        if ship_to is not None:
            changed |= _readdress(order, ship_to, at=at, by=by)
            asked.append(verdict(Change.ADDRESS, reached.values()))
        if priority is not None:
            changed |= _prioritise(order, priority)
        differing.keep(order.lines)
        # what this very change makes due is let go with the rest
        let_go = differing.totals_after([order])[order.id][1].due_minor if waives_due else 0
        if any(x.ours for x in order.lines) or shipping is not None or let_go:
            why = differing.Why(at, by, because)
            differing.settle({order.id: why}, [order], waived={order.id: let_go})
        emit([_fact(order, changed, because, at, by)])
        save([order])
        now = differing.totals_after([order])[order.id]
        return Edited(order, _less(now[0], was[0]), now[0], now[1], _hardest(asked))


def _hardest(asked: Sequence[Verdict]) -> Verdict:
    """Of what was asked at once, the answer that takes most; its steps are the steps of all."""
    order = list(Answer)
    hardest = max(asked, key=lambda one: order.index(one.answer))
    return hardest._replace(steps=tuple(dict.fromkeys(step for one in asked for step in one.steps)))


def _less(now: Difference, was: Difference) -> Difference:
    return Difference(*(getattr(now, name) - getattr(was, name) for name in Difference.__struct_fields__))


def _fact(order: OrderState, changed: Pairs, because: str, at: datetime, by: str) -> OrderChanged:
    return OrderChanged(
        subject=order.subject, at=at, actor=by, order_id=order.id, changed=changed, because=because
    )


def _prioritise(order: OrderState, priority: int) -> Pairs:
    if not -100 <= priority <= 100:
        raise Invalid(what="The change", errors={"priority": "from -100 to 100"})
    sql.run("update orders_order set priority = %s where id = %s", (priority, order.id))
    return {"priority": (order.priority, priority)}


def _reship(order: OrderState, shipping: Shipping, *, by: str) -> Pairs:
    if shipping.minor is not None and not 0 <= shipping.minor <= MINOR_MAX:
        raise Invalid(what="The change", errors={"shipping": f"its price is from 0 to {MINOR_MAX}"})
    answer = verdict(Change.SHIPPING, stages([order.id])[order.id].values())
    if answer.answer is Answer.NO:
        raise TooLate(number=order.number, sentence=answer.sentence)
    before = order.detail.get("reshipped")
    given = {"method": shipping.method, "minor": shipping.minor, "by": by, "id": order.id}
    ((detail,),) = sql.run(RESHIP, given)
    order.detail = msgspec.json.decode(detail)
    return {"shipping": (before, order.detail["reshipped"])}


def _readdress(order: OrderState, ship_to: Address, *, at: datetime, by: str) -> Pairs:
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
    said = "a person corrected it"
    holds.take_back([holds.Wanted(order, kind, said, at) for kind in ("address", "undeliverable")], by=by)
    before, order.ship_to = order.ship_to, new
    return {"ship_to": (before, new)}
