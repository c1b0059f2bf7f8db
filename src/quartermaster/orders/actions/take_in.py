"""Read a batch of messages: new orders are captured once, newer
versions applied, older ones thanked and left."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import plugs
from quartermaster.core.errors import NotFound
from quartermaster.core.events import emit
from quartermaster.customers.actions import recognise
from quartermaster.events import HintHeard
from quartermaster.inbox.actions import Outcome, Taken, wake_waiting
from quartermaster.orders.actions import capture, refund, remove, revise
from quartermaster.orders.actions.known import Key, Known, lock_known
from quartermaster.orders.actions.rows import buyer_row
from quartermaster.orders.ports import (
    Ignored,
    OrderRemoved,
    OrderSold,
    OrderSource,
    Reading,
    RefundNotice,
    Unreadable,
)


class Told(NamedTuple):
    """One order as one message tells it."""

    message: Taken
    order: OrderSold


def take_in(messages: Sequence[Taken]) -> list[Outcome]:
    """Apply a batch of messages in one transaction; returns what became of each, with its reason."""
    outcomes: dict[int, Outcome] = {}
    told: dict[Key, list[Told]] = {}
    notices: list[tuple[Taken, Key, RefundNotice | OrderRemoved]] = []
    hints: dict[str, datetime] = {}
    for message in messages:
        reading = _reading(message)
        if isinstance(reading, Ignored):
            outcomes[message.id] = _ignored(message, reading)
            if reading.is_hint:
                hints[message.slug] = message.received_at
            continue
        if isinstance(reading, Outcome):
            outcomes[message.id] = reading
            continue
        for part in reading:
            if isinstance(part, OrderSold):
                key = Key(message.connection_id, part.external_id)
                told.setdefault(key, []).append(Told(message, part))
            else:
                notices.append((message, Key(message.connection_id, part.order_external_id), part))
    known = lock_known({*told, *(key for _, key, _ in notices)})
    for outcome in (*_apply_orders(told, known), *_apply_notices(notices, known)):
        outcomes[outcome.id] = _joined(outcomes.get(outcome.id), outcome)
    emit(  # nobody asks which of two came first: no lock is held on a connection
        HintHeard(subject=f"connection:{slug}", at=at, actor="system", connection=slug)
        for slug, at in sorted(hints.items())
    )
    return [outcomes[message.id] for message in messages]


def read(message: Taken) -> tuple[OrderSold | RefundNotice | OrderRemoved, ...] | Outcome:
    """What a message tells, or what becomes of one that tells nothing. Pure."""
    reading = _reading(message)
    return _ignored(message, reading) if isinstance(reading, Ignored) else reading


def _ignored(message: Taken, reading: Ignored) -> Outcome:
    return Outcome(message.id, "ignored", reading.because)


def _reading(message: Taken) -> Reading | Outcome:
    try:
        source = plugs.plug(message.kind).offer(OrderSource)  # type: ignore[type-abstract]  # a port is a protocol
        if source is None:
            return Outcome(message.id, "ignored", f"{message.kind} sends no orders.")
        reading: Reading = source.read_orders(
            topic=message.topic, headers=message.headers, body=message.body, received_at=message.received_at
        )
    except (Unreadable, NotFound) as error:
        return Outcome(message.id, "unreadable", str(error) or "Not a message of this channel.")
    return reading or Outcome(message.id, "ignored", "It holds no order.")


def _apply_orders(told: Mapping[Key, list[Told]], known: dict[Key, Known]) -> Iterable[Outcome]:
    """Capture or revise with the newest version of each order; adds what was captured to `known`."""
    fresh: list[Told] = []
    newer: list[tuple[Known, Told]] = []
    results: list[tuple[Told, str]] = []
    for key, versions in told.items():
        newest = max(versions, key=lambda t: (t.order.version, -t.message.id))
        before = known.get(key)
        is_news = before is None or newest.order.version > before.version
        if before is None:
            fresh.append(newest)
        elif is_news:
            newer.append((before, newest))
        for one in versions:
            verb = "captured" if before is None else "updated"
            results.append((one, verb if is_news and one is newest else ""))
    # One lock order for every batch, so that two never wait in a ring: known orders, customers, new orders.
    fresh.sort(key=lambda t: (t.message.connection_id, t.order.external_id))
    applied = [*fresh, *(one for _, one in newer)]
    customers = (
        recognise([buyer_row(t) for t in applied], at=applied[0].message.received_at) if applied else []
    )
    known.update(capture.capture(fresh, customers[: len(fresh)]))
    revise.revise(newer, customers[len(fresh) :])
    wake_waiting(f"order:{t.message.connection_id}/{t.order.external_id}" for t in fresh)
    for one, verb in results:
        order = known[Key(one.message.connection_id, one.order.external_id)]
        if verb:
            yield Outcome(one.message.id, "used", f"{order.number} {verb}")
        else:
            because = f"{order.number} already has this version or a newer one"
            yield Outcome(one.message.id, "ignored", because)


def _apply_notices(
    notices: Sequence[tuple[Taken, Key, RefundNotice | OrderRemoved]], known: Mapping[Key, Known]
) -> Iterable[Outcome]:
    refunds: list[tuple[Taken, Known, RefundNotice]] = []
    removals: list[tuple[Taken, Known, OrderRemoved]] = []
    for message, key, notice in notices:
        order = known.get(key)
        if order is None:
            waits_for = f"order:{key.connection_id}/{key.external_id}"
            because = f"waits for order {key.external_id}, which has not come yet"
            yield Outcome(message.id, "received", because, waits_for)
        elif isinstance(notice, RefundNotice):
            refunds.append((message, order, notice))
        else:
            removals.append((message, order, notice))
    yield from refund.apply_refunds(refunds)
    yield from remove.apply_removals(removals)


def _joined(before: Outcome | None, after: Outcome) -> Outcome:
    """A message with several orders has one outcome: used when any part was, with every reason."""
    if before is None:
        return after
    rank = ("ignored", "used", "received")
    state = max(before.state, after.state, key=rank.index)
    reasons = dict.fromkeys((*before.because.split("; "), after.because))
    return Outcome(before.id, state, "; ".join(reasons)[:2000], before.waits_for or after.waits_for)
