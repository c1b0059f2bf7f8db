"""What is due to be given back follows what is owed, whatever happened to the order and in which sequence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import asdict, replace

from quartermaster.core import sql
from quartermaster.core.events import Event, emit
from quartermaster.events import DifferenceChanged, OrderRefunded, RefundDue, RefundSettled
from quartermaster.money.rules.due import LineBack, Parts, Step, step, within

LOCK = "select id from orders_order where id = any(%s) order by id for no key update"
# What our people's changes come to is signed, added to what was sold: what goes back is its opposite.
SEEN = """
select o.id, o.currency, o.paid_minor, o.refunded_minor, coalesce(d.owed_minor, 0), o.is_tax_included,
  -coalesce(d.items_minor, 0), -coalesce(d.discount_minor, 0), -coalesce(d.shipping_minor, 0),
  -coalesce(d.tax_minor, 0), -coalesce(d.fees_minor, 0)
from orders_order o left join orders_difference d on d.order_id = o.id
where o.id = any(%s) order by o.id
"""
DUE = """
select order_id, id, cause, amount_minor, told_minor, items_minor, discount_minor, shipping_minor, tax_minor,
  fees_minor, withheld_minor, covered_minor, is_tax_included
from money_refund where order_id = any(%s) and state = 'due' order by id
"""
LINES = """
select l.order_id, l.id, least(l.cancelled_here, l.sold) - least(l.cancelled_there, l.sold),
  -u.items_now_minor, -u.discount_now_minor, -u.tax_now_minor
from orders_line l join orders_ours u on u.line_id = l.id where l.order_id = any(%s) order by l.id
"""
OPEN = """
insert into money_refund (order_id, cause, cause_key, state, currency, amount_minor, items_minor,
  discount_minor, shipping_minor, tax_minor, fees_minor, withheld_minor, covered_minor, is_tax_included,
  paid_minor, refunded_minor, told_minor, because, at, actor)
select order_id, cause, cause_key, state, currency, amount_minor, items_minor, discount_minor, shipping_minor,
  tax_minor, fees_minor, withheld_minor, covered_minor, is_tax_included, paid_minor, refunded_minor,
  refunded_minor, because, at, actor
from jsonb_to_recordset(%s::jsonb) as r(order_id bigint, cause text, cause_key text, state text,
  currency text, amount_minor bigint, items_minor bigint, discount_minor bigint, shipping_minor bigint,
  tax_minor bigint, fees_minor bigint, withheld_minor bigint, covered_minor bigint, is_tax_included boolean,
  paid_minor bigint, refunded_minor bigint, because text, at timestamptz, actor text)
order by order_id
returning order_id, cause, cause_key, id
"""
CHANGE = """
update money_refund x set amount_minor = r.amount_minor, items_minor = r.items_minor,
  discount_minor = r.discount_minor, shipping_minor = r.shipping_minor, tax_minor = r.tax_minor,
  fees_minor = r.fees_minor, withheld_minor = r.withheld_minor, covered_minor = r.covered_minor,
  paid_minor = r.paid_minor, refunded_minor = r.refunded_minor, because = r.because
from jsonb_to_recordset(%s::jsonb) as r(id bigint, amount_minor bigint, items_minor bigint,
  discount_minor bigint, shipping_minor bigint, tax_minor bigint, fees_minor bigint, withheld_minor bigint,
  covered_minor bigint, paid_minor bigint, refunded_minor bigint, because text)
where x.id = r.id
"""
SETTLE = """
update money_refund x set state = r.state, settled_at = r.at, settled_because = r.because
from jsonb_to_recordset(%s::jsonb) as r(id bigint, state text, at timestamptz, because text)
where x.id = r.id
"""
GONE = "delete from money_refund_line where refund_id = any(%s)"
KEEP = """
insert into money_refund_line (refund_id, line_id, units, items_minor, discount_minor, tax_minor)
select * from jsonb_to_recordset(%s::jsonb) as r(refund_id bigint, line_id bigint, units bigint,
  items_minor bigint, discount_minor bigint, tax_minor bigint)
"""


class Seen(NamedTuple):
    """An order's money as it is now. `change`: what our people's changes give back."""

    id: int
    currency: str
    paid_minor: int
    refunded_minor: int
    owed_minor: int
    change: Parts

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


class Why(NamedTuple):
    at: datetime
    by: str
    because: str
    source: str = ""


def follow(heard: Sequence[DifferenceChanged | OrderRefunded]) -> None:
    """The listener: each order's refund for what our people changed is opened, changed, settled or withdrawn,
    by what is owed now. A constant number of statements."""
    why: dict[int, Why] = {}
    for event in heard:
        because = event.because if isinstance(event, DifferenceChanged) else "the channel gave money back"
        why[event.order_id] = Why(event.at, event.actor, because, event.source)
    ids = sorted(why)
    sql.run(LOCK, (ids,))
    orders, due = seen(ids), dues(ids)
    opened: list[tuple[Seen, Parts]] = []
    changed: list[tuple[Seen, Due, Parts]] = []
    over: list[tuple[Seen, Due, Step]] = []
    for order in orders.values():
        mine = due.get(order.id, [])
        for one in mine:
            if one.cause != "change" and order.refunded_minor - one.told_minor >= one.amount_minor:
                over.append((order, one, Step.SETTLE))
        mine = [one for one in mine if one not in (each[1] for each in over)]
        others = sum(one.amount_minor for one in mine if one.cause != "change")
        before = next((one for one in mine if one.cause == "change"), None)
        now = _within(order, others)
        is_told = before is not None and order.refunded_minor > before.told_minor
        match step(before.parts if before else None, now, is_told=is_told):
            case Step.OPEN:
                opened.append((order, now))
            case Step.CHANGE if before:
                changed.append((order, before, now))
            case (Step.SETTLE | Step.WITHDRAW) as turn if before:
                over.append((order, before, turn))
    settle(over, why)
    _change(changed, why)
    lines = _lines([order.id for order, _ in opened])
    open_refunds(
        [(order, "change", "", parts, lines.get(order.id, []), why[order.id]) for order, parts in opened]
    )


def seen(order_ids: Sequence[int]) -> dict[int, Seen]:
    """These orders' money, which the caller has locked. One statement."""
    found = {}
    for order_id, currency, paid, refunded, owed, is_included, *signed in sql.run(SEEN, (list(order_ids),)):
        items, discount, shipping, tax, fees = signed
        change = Parts(items, discount, shipping, tax, fees, is_tax_included=is_included)
        found[order_id] = Seen(order_id, currency, paid, refunded, owed, change)
    return found


def dues(order_ids: Sequence[int]) -> dict[int, list[Due]]:
    """What is due of these orders, the oldest first. One statement."""
    found: dict[int, list[Due]] = {}
    for order_id, refund_id, cause, amount, told, *parts in sql.run(DUE, (list(order_ids),)):
        found.setdefault(order_id, []).append(Due(order_id, refund_id, cause, amount, told, Parts(*parts)))
    return found


def _within(order: Seen, others_minor: int) -> Parts:
    """What our people's changes owe, as far as it may be given back; the rest of it is covered."""
    owed = within(
        order.owed_minor,
        paid_minor=order.paid_minor,
        refunded_minor=order.refunded_minor,
        due_minor=others_minor,
    )
    if not owed:
        return Parts(is_tax_included=order.change.is_tax_included)
    return replace(order.change, covered_minor=order.change.gross_minor - owed)


def _lines(order_ids: Sequence[int]) -> dict[int, list[LineBack]]:
    found: dict[int, list[LineBack]] = {}
    for order_id, line_id, units, *amounts in sql.run(LINES, (list(order_ids),)) if order_ids else ():
        if any(amounts):
            found.setdefault(order_id, []).append(LineBack(line_id, max(0, units), *amounts))
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
    _keep({made[order.id, cause, key]: lines for order, cause, key, _, lines, _ in wanted})
    emit(
        fact(order, made[order.id, cause, key], cause, parts.amount_minor, why)
        for order, cause, key, parts, _, why in wanted
        if parts.amount_minor
    )


def _change(changed: Sequence[tuple[Seen, Due, Parts]], why: Mapping[int, Why]) -> None:
    if not changed:
        return
    rows = [
        {"id": before.id, "amount_minor": parts.amount_minor, "because": why[order.id].because}
        | {"paid_minor": order.paid_minor, "refunded_minor": order.refunded_minor, **asdict(parts)}
        for order, before, parts in changed
    ]
    sql.run(CHANGE, (sql.rows(rows),))
    sql.run(GONE, ([before.id for _, before, _ in changed],))
    lines = _lines([order.id for order, _, _ in changed])
    _keep({before.id: lines.get(order.id, []) for order, before, _ in changed})
    emit(
        fact(order, before.id, before.cause, parts.amount_minor, why[order.id])
        for order, before, parts in changed
    )


def settle(over: Iterable[tuple[Seen, Due, Step]], why: Mapping[int, Why]) -> None:
    """Refunds that are due no more: given back, or owed no more. One statement, and what is told."""
    rows: list[dict[str, Any]] = []
    facts: list[Event] = []
    for order, due, turn in over:
        state = "settled" if turn is Step.SETTLE else "withdrawn"
        because, at = why[order.id].because, why[order.id].at
        rows.append({"id": due.id, "state": state, "at": at, "because": because})
        facts.append(
            RefundSettled(
                subject=order.subject,
                at=at,
                actor=why[order.id].by,
                source=why[order.id].source,
                order_id=order.id,
                refund_id=due.id,
                state=state,
                amount_minor=due.amount_minor,
                currency=order.currency,
                because=because,
            )
        )
    if rows:
        sql.run(SETTLE, (sql.rows(rows),))
        emit(facts)


def _keep(lines: Mapping[int, Sequence[LineBack]]) -> None:
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
