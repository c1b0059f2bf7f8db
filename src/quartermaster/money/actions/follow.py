"""What is due to be given back follows what is owed, whatever happened to the order and in which sequence."""

from collections.abc import Mapping, Sequence

from msgspec.structs import asdict, replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import DifferenceChanged, OrderRefunded, PaymentChanged
from quartermaster.money.actions.returned import settle_returned
from quartermaster.money.actions.rows import (
    LOCK,
    Due,
    Seen,
    Why,
    dues,
    fact,
    keep,
    lessen,
    open_refunds,
    seen,
    settle,
)
from quartermaster.money.rules.due import LineBack, Parts, Step, stays, step, within

LINES = """
select l.order_id, l.id, least(l.cancelled_here, l.sold) - least(l.cancelled_there, l.sold),
  -u.items_now_minor, -u.discount_now_minor, -u.tax_now_minor
from orders_line l join orders_ours u on u.line_id = l.id where l.order_id = any(%s) order by l.id
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
GONE = "delete from money_refund_line where refund_id = any(%s)"


def follow(heard: Sequence[DifferenceChanged | OrderRefunded | PaymentChanged]) -> None:
    """The listener: each order's refund for what our people changed is opened, changed, settled or withdrawn,
    by what is owed now and still here of what was paid. A constant number of statements."""
    why = {event.order_id: _why(event) for event in heard}
    ids = sorted(why)
    sql.run(LOCK, (ids,))
    orders = seen(ids)
    due = settle_returned(orders, dues(ids), why)
    opened: list[tuple[Seen, Parts]] = []
    changed: list[tuple[Seen, Due, Parts]] = []
    over: list[tuple[Seen, Due, Step, Why]] = []
    less: list[tuple[Seen, Due, Due]] = []
    for order in orders.values():
        mine = due.get(order.id, [])
        others = sum(one.amount_minor for one in mine if one.cause != "change")
        before = next((one for one in mine if one.cause == "change"), None)
        now = _within(order, others)
        is_told = before is not None and order.refunded_minor > before.told_minor
        was = before.parts if before else None
        if before and stays(was, now, is_told=is_told, is_mirrored=order.is_mirrored):
            left = before.within(order.paid_minor - order.refunded_minor - others)
            if left != before:
                less.append((order, before, left))
            continue
        match step(was, now, is_told=is_told):
            case Step.OPEN:
                opened.append((order, now))
            case Step.CHANGE if before:
                changed.append((order, before, now))
            case (Step.SETTLE | Step.WITHDRAW) as turn if before:
                over.append((order, before, turn, why[order.id]))
    settle(over)
    lessen(less, why)
    _change(changed, why)
    lines = _lines([order.id for order, _ in opened])
    open_refunds(
        [(order, "change", "", parts, lines.get(order.id, []), why[order.id]) for order, parts in opened]
    )


def _why(event: DifferenceChanged | OrderRefunded | PaymentChanged) -> Why:
    if isinstance(event, DifferenceChanged):
        because = event.because
    elif isinstance(event, OrderRefunded):
        because = "the channel gave money back"
    else:
        because = "the channel says otherwise what was paid"
    return Why(event.at, event.actor, because, event.source)


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
    keep({before.id: lines.get(order.id, []) for order, before, _ in changed})
    emit(
        fact(order, before.id, before.cause, parts.amount_minor, why[order.id])
        for order, before, parts in changed
    )
