"""Refunds as the channel tells them: stored once by id, in whichever message they come first."""

from collections.abc import Iterable, Sequence
from typing import Any

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OrderChanged, OrderRefunded, PaymentChanged
from quartermaster.inbox.actions import Outcome, Taken
from quartermaster.orders.actions import differing
from quartermaster.orders.actions.known import Known
from quartermaster.orders.actions.rows import refund_row
from quartermaster.orders.actions.state import OrderState, load, save
from quartermaster.orders.ports import RefundNotice, RefundSold

STORE = """
insert into orders_refund (order_id, external_id, at, amount_minor, shipping_minor, lines, because)
select n, external_id, at, amount_minor, shipping_minor, lines, because
from jsonb_to_recordset(%s::jsonb) as r(
  n bigint, external_id text, at timestamptz, amount_minor bigint, shipping_minor bigint, lines jsonb,
    because text)
on conflict (order_id, external_id) do update set amount_minor = excluded.amount_minor
  where orders_refund.amount_minor < excluded.amount_minor
returning order_id, external_id, xmax = 0
"""
# A notice may be older or newer than the order's own content: what is refunded is at least the sum of its
# refunds.
RAISE = """
update orders_order o set refunded_minor = greatest(o.refunded_minor, r.total)
from (select order_id, sum(amount_minor)::bigint as total from orders_refund where order_id = any(%s)
  group by 1) r
where o.id = r.order_id and o.refunded_minor < r.total
returning o.id, o.paid_minor, o.refunded_minor
"""


def count_refunds(order_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """An order has at least as much refunded as its refunds add up to, whatever its own content says. Returns
    what is paid and given back now, by order id, of those that had less."""
    return {row[0]: (row[1], row[2]) for row in sql.run(RAISE, (sorted(set(order_ids)),))}


def tell_paid(told: Iterable[tuple[OrderState, Taken, tuple[int, int]]]) -> None:
    """Tell whose money is not what it was (order as it was, its message, what is paid and given back now), of
    those of which it may matter: less is here than before, or our people changed it."""
    emit(
        PaymentChanged(
            subject=before.subject,
            at=message.received_at,
            actor=f"connection:{message.slug}",
            source=f"message:{message.id}",
            order_id=before.id,
            paid_minor=paid,
            refunded_minor=refunded,
            currency=before.currency,
        )
        for before, message, (paid, refunded) in told
        if paid - refunded < before.paid_minor - before.refunded_minor
        or (before.is_edited and (paid, refunded) != (before.paid_minor, before.refunded_minor))
    )


def refunded(order_id: int, message: Taken, refund: RefundSold, currency: str) -> OrderRefunded:
    return OrderRefunded(
        subject=f"order:SO-{order_id}",
        at=refund.at,
        actor=f"connection:{message.slug}",
        source=f"message:{message.id}",
        order_id=order_id,
        refund=refund.external_id,
        amount_minor=refund.amount_minor,
        currency=currency,
    )


def store_refunds(told: Sequence[tuple[OrderState, Taken, RefundSold]]) -> set[tuple[int, str]]:
    """Store refunds not seen before and tell; returns (order id, refund id) of the new ones. Orders are
    locked, and the caller counts what they come to (`count_refunds`)."""
    rows = [refund_row(state.id, refund) for state, _, refund in told]
    if not rows:
        return set()
    stored = sql.run(STORE, (sql.rows(_once(rows)),))
    fresh = {(order_id, external_id) for order_id, external_id, is_new in stored if is_new}
    emit(
        refunded(state.id, message, refund, state.currency)
        for state, message, refund in told
        if (state.id, refund.external_id) in fresh
    )
    return fresh


def _once(rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """One row a refund: of two that tell it, the one that gives more back (it tells more of it)."""
    most: dict[tuple[object, object], dict[str, Any]] = {}
    for row in rows:
        key = (row["n"], row["external_id"])
        if key not in most or most[key]["amount_minor"] < row["amount_minor"]:
            most[key] = row
    return most.values()


def apply_refunds(notices: Sequence[tuple[Taken, Known, RefundNotice]]) -> Iterable[Outcome]:
    """Refunds that came on their own. Units follow with the order's
    next version, which the channel sends along."""
    foreign = [n for n in notices if n[2].currency not in ("", n[1].currency)]
    for message, order, notice in foreign:
        refund = f"its refund {notice.refund.external_id} in {notice.currency}"
        because = f"{order.number} is in {order.currency}, {refund}"
        yield Outcome(message.id, "unreadable", because)
    fitting = [n for n in notices if n not in foreign]
    if not fitting:
        return
    states = load(order.id for _, order, _ in fitting)
    fresh = store_refunds([(states[order.id], message, notice.refund) for message, order, notice in fitting])
    raised = count_refunds(states)
    new = {order_id for order_id, _ in fresh}
    more = {order.id: message for message, order, _ in fitting if order.id in raised.keys() - new}
    tell_paid((states[order_id], message, raised[order_id]) for order_id, message in more.items())
    emit(
        OrderChanged(
            subject=states[order.id].subject,
            at=message.received_at,
            actor=f"connection:{message.slug}",
            source=f"message:{message.id}",
            order_id=order.id,
            because="a refund came",
        )
        for message, order, notice in fitting
        if (order.id, notice.refund.external_id) in fresh
    )
    touched = [states[order_id] for order_id in sorted(new | more.keys())]
    edited = {
        order.id: differing.Why(message.received_at, "system", "a refund came", f"message:{message.id}")
        for message, order, notice in fitting
        if ((order.id, notice.refund.external_id) in fresh or order.id in more) and states[order.id].is_edited
    }
    differing.read(touched)
    differing.settle(edited, touched)
    save(touched, [])
    for message, order, notice in fitting:
        if (order.id, notice.refund.external_id) in fresh:
            yield Outcome(message.id, "used", f"refund {notice.refund.external_id} of {order.number} noted")
        else:
            yield Outcome(
                message.id, "ignored", f"refund {notice.refund.external_id} of {order.number} is known"
            )
