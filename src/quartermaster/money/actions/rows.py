"""Rows of refunds: an order's money as it is seen, what is due of it, and how those rows are written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import asdict

from quartermaster.core import sql
from quartermaster.core.events import Event, emit
from quartermaster.events import RefundDue, RefundSettled
from quartermaster.money.rules.due import LineBack, Parts, Step, capped

LOCK = "select id from orders_order where id = any(%s) order by id for no key update"
# What our people's changes come to is signed, added to what was sold: what goes back is its opposite.
SEEN = """
select o.id, o.currency, o.paid_minor, o.refunded_minor, coalesce(d.owed_minor, 0), o.is_tax_included,
  -coalesce(d.items_minor, 0), -coalesce(d.discount_minor, 0), -coalesce(d.shipping_minor, 0),
  -coalesce(d.tax_minor, 0), -coalesce(d.fees_minor, 0), exists (
    select from orders_line l where l.order_id = o.id and l.cancelled_here > 0
      and l.cancelled_there > 0 and l.cancelled_there >= least(l.cancelled_here, l.sold))
from orders_order o left join orders_difference d on d.order_id = o.id
where o.id = any(%s) order by o.id
"""
DUE = """
select order_id, id, cause, amount_minor, told_minor, items_minor, discount_minor, shipping_minor, tax_minor,
  fees_minor, withheld_minor, covered_minor, is_tax_included
from money_refund where order_id = any(%s) and state = 'due' order by id
"""
OPEN = """
insert into money_refund (order_id, cause, cause_key, state, currency, amount_minor, items_minor,
  discount_minor, shipping_minor, tax_minor, fees_minor, withheld_minor, covered_minor, is_tax_included,
  paid_minor, refunded_minor, told_minor, because, at, actor, after_refund)
select order_id, cause, cause_key, state, currency, amount_minor, items_minor, discount_minor, shipping_minor,
  tax_minor, fees_minor, withheld_minor, covered_minor, is_tax_included, paid_minor, refunded_minor,
  refunded_minor, because, at, actor,
  coalesce((select max(f.id) from orders_refund f where f.order_id = r.order_id), 0)
from jsonb_to_recordset(%s::jsonb) as r(order_id bigint, cause text, cause_key text, state text,
  currency text, amount_minor bigint, items_minor bigint, discount_minor bigint, shipping_minor bigint,
  tax_minor bigint, fees_minor bigint, withheld_minor bigint, covered_minor bigint, is_tax_included boolean,
  paid_minor bigint, refunded_minor bigint, because text, at timestamptz, actor text)
order by order_id
returning order_id, cause, cause_key, id
"""
SETTLE = """
update money_refund x set state = r.state, settled_at = r.at, settled_because = r.because
from jsonb_to_recordset(%s::jsonb) as r(id bigint, state text, at timestamptz, because text)
where x.id = r.id
"""
LESS = """
update money_refund x set amount_minor = r.amount_minor, covered_minor = r.covered_minor,
  paid_minor = r.paid_minor, refunded_minor = r.refunded_minor
from jsonb_to_recordset(%s::jsonb) as r(id bigint, amount_minor bigint, covered_minor bigint,
  paid_minor bigint, refunded_minor bigint)
where x.id = r.id
"""
KEEP = """
insert into money_refund_line (refund_id, line_id, units, items_minor, discount_minor, tax_minor)
select * from jsonb_to_recordset(%s::jsonb) as r(refund_id bigint, line_id bigint, units bigint,
  items_minor bigint, discount_minor bigint, tax_minor bigint)
"""


class Seen(NamedTuple):
    """An order's money as it is now. `change`: what our people's changes give back. `is_mirrored`: of a line
    they took units off, and the channel took over that they are off."""

    id: int
    currency: str
    paid_minor: int
    refunded_minor: int
    owed_minor: int
    change: Parts
    is_mirrored: bool = False

    @property
    def subject(self) -> str:
        return f"order:SO-{self.id}"


class Due(NamedTuple):
    """A refund that is due."""

    order_id: int
    id: int
    cause: str
    amount_minor: int
    told_minor: int
    parts: Parts

    def within(self, here_minor: int) -> "Due":
        """The same, as far as that much is still here."""
        parts = capped(self.parts, here_minor=here_minor)
        return self._replace(amount_minor=parts.amount_minor, parts=parts)


class Why(NamedTuple):
    at: datetime
    by: str
    because: str
    source: str = ""


def seen(order_ids: Sequence[int]) -> dict[int, Seen]:
    """These orders' money, which the caller has locked. One statement."""
    found = {}
    for order_id, currency, paid, refunded, owed, is_included, *signed in sql.run(SEEN, (list(order_ids),)):
        items, discount, shipping, tax, fees, is_mirrored = signed
        change = Parts(items, discount, shipping, tax, fees, is_tax_included=is_included)
        found[order_id] = Seen(order_id, currency, paid, refunded, owed, change, is_mirrored)
    return found


def dues(order_ids: Sequence[int]) -> dict[int, list[Due]]:
    """What is due of these orders, the oldest first. One statement."""
    found: dict[int, list[Due]] = {}
    for order_id, refund_id, cause, amount, told, *parts in sql.run(DUE, (list(order_ids),)):
        found.setdefault(order_id, []).append(Due(order_id, refund_id, cause, amount, told, Parts(*parts)))
    return found


def open_refunds(
    wanted: Sequence[tuple[Seen, str, str, Parts, Sequence[LineBack], Why]],
) -> None:
    """Refunds fall due: order, cause and its key, parts, lines, why. One of nothing is kept too, to say so.
    Three statements whatever the number."""
    rows = [
        {"order_id": order.id, "cause": cause, "cause_key": key, "currency": order.currency}
        | {"state": "due" if parts.amount_minor else "nothing", "amount_minor": parts.amount_minor}
        | {"paid_minor": order.paid_minor, "refunded_minor": order.refunded_minor, "because": why.because}
        | {"at": why.at, "actor": why.by, **asdict(parts)}
        for order, cause, key, parts, _, why in wanted
    ]
    if not rows:
        return
    made = {tuple(row[:3]): row[3] for row in sql.run(OPEN, (sql.rows(rows),))}
    keep({made[order.id, cause, key]: lines for order, cause, key, _, lines, _ in wanted})
    emit(
        fact(order, made[order.id, cause, key], cause, parts.amount_minor, why)
        for order, cause, key, parts, _, why in wanted
        if parts.amount_minor
    )


def lessen(less: Sequence[tuple[Seen, Due, Due]], why: Mapping[int, Why]) -> None:
    """Refunds of which less is still here than was due (before, now): money went back for something else, or
    the channel says that less was paid. One of which nothing is left is over."""
    because = "nothing of what was paid is left to be given back"
    settle(
        (
            order,
            before,
            Step.SETTLE if order.refunded_minor > before.told_minor else Step.WITHDRAW,
            why[order.id]._replace(because=because),
        )
        for order, before, now in less
        if not now.amount_minor
    )
    some = [(order, now) for order, _, now in less if now.amount_minor]
    rows = [
        {"id": now.id, "amount_minor": now.amount_minor, "covered_minor": now.parts.covered_minor}
        | {"paid_minor": order.paid_minor, "refunded_minor": order.refunded_minor}
        for order, now in some
    ]
    if rows:
        sql.run(LESS, (sql.rows(rows),))
        emit(fact(order, now.id, now.cause, now.amount_minor, why[order.id]) for order, now in some)


def settle(over: Iterable[tuple[Seen, Due, Step, Why]]) -> None:
    """Refunds that are due no more: given back, or owed no more. One statement, and what is told."""
    rows: list[dict[str, Any]] = []
    facts: list[Event] = []
    for order, due, turn, why in over:
        state = "settled" if turn is Step.SETTLE else "withdrawn"
        rows.append({"id": due.id, "state": state, "at": why.at, "because": why.because})
        facts.append(
            RefundSettled(
                subject=order.subject,
                at=why.at,
                actor=why.by,
                source=why.source,
                order_id=order.id,
                refund_id=due.id,
                state=state,
                amount_minor=due.amount_minor,
                currency=order.currency,
                because=why.because,
            )
        )
    if rows:
        sql.run(SETTLE, (sql.rows(rows),))
        emit(facts)


def keep(lines: Mapping[int, Sequence[LineBack]]) -> None:
    rows = [{"refund_id": refund, **asdict(line)} for refund, own in lines.items() for line in own]
    if rows:
        sql.run(KEEP, (sql.rows(rows),))


def fact(order: Seen, refund_id: int, cause: str, amount_minor: int, why: Why) -> RefundDue:
    return RefundDue(
        subject=order.subject,
        at=why.at,
        actor=why.by,
        source=why.source,
        order_id=order.id,
        refund_id=refund_id,
        cause=cause,
        amount_minor=amount_minor,
        currency=order.currency,
        because=why.because,
    )
