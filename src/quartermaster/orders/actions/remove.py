"""The channel took a whole order away: nothing of it is wanted any more."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OrderCancelled
from quartermaster.inbox.actions import Outcome, Taken
from quartermaster.orders.actions import differing
from quartermaster.orders.actions.known import Known
from quartermaster.orders.actions.state import load, save
from quartermaster.orders.ports import OrderRemoved
from quartermaster.orders.rules.units import balanced

# The content keeps its version, and the moment is kept: content from before it, coming late, brings nothing
# back;
# an order that is restored comes with a newer version and is wanted again.
CANCEL = """
update orders_order o set cancelled_at = r.at, cancelled_because = r.because,
  detail = o.detail || jsonb_build_object('removed', jsonb_build_object('at', r.at, 'because', r.because))
from jsonb_to_recordset(%s::jsonb) as r(id bigint, at timestamptz, because text)
where o.id = r.id and o.cancelled_at is null
"""


def apply_removals(removals: Sequence[tuple[Taken, Known, OrderRemoved]]) -> Iterable[Outcome]:
    """Cancel what can still be cancelled; what was shipped stays shipped."""
    if not removals:
        return
    states = load(order.id for _, order, _ in removals)
    news = [(m, o, r) for m, o, r in removals if not states[o.id].is_cancelled]
    sql.run(CANCEL, (sql.rows({"id": o.id, "at": r.at, "because": r.because} for _, o, r in news),))
    for _, order, _ in news:
        states[order.id].is_cancelled = True
        for line in states[order.id].lines:
            line.units = balanced(replace(line.units, wanted=0))
    emit(
        OrderCancelled(
            subject=states[order.id].subject,
            at=message.received_at,
            actor=f"connection:{message.slug}",
            source=f"message:{message.id}",
            order_id=order.id,
            because=removed.because,
        )
        for message, order, removed in news
    )
    gone = [states[order_id] for order_id in sorted({o.id for _, o, _ in news})]
    edited = {
        o.id: differing.Why(m.received_at, "system", r.because, f"message:{m.id}")
        for m, o, r in news
        if states[o.id].is_edited
    }
    differing.read(gone)
    differing.settle(edited, gone)
    save(gone)
    told = {message.id for message, _, _ in news}
    for message, order, _ in removals:
        if message.id in told:
            yield Outcome(message.id, "used", f"{order.number} cancelled: the channel removed it")
        else:
            yield Outcome(message.id, "ignored", f"{order.number} was cancelled before")
