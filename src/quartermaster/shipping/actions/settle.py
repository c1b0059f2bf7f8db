"""What became of a wished label: bought, refused, not known, or not wanted any more."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.effects import Told
from quartermaster.core.effects import Turn as Settled
from quartermaster.core.events import emit
from quartermaster.events import LabelBought, LabelRefused
from quartermaster.orders.actions.state import OrderState, save
from quartermaster.shipping.actions import void
from quartermaster.shipping.actions.enclose import enclose_returns
from quartermaster.shipping.actions.row import Row, in_the_way, locked
from quartermaster.shipping.actions.units import label_units
from quartermaster.shipping.actions.want import want
from quartermaster.shipping.ports import Bought
from quartermaster.shipping.rules.labels import LABEL, State, Turn

BOUGHT = """
update shipping_label l set state = b.state, tracking_number = b.tracking_number,
  carrier_ref = b.carrier_ref,
  cost_minor = coalesce(b.cost_minor, l.cost_minor), currency = coalesce(nullif(b.currency, ''), l.currency),
  pdf = b.pdf, zpl = b.zpl, bought_at = %(at)s, because = ''
from unnest(%(ids)s::bigint[], %(states)s::text[], %(numbers)s::text[], %(costs)s::bigint[],
  %(currencies)s::text[], %(pdfs)s::bytea[], %(zpls)s::text[], %(refs)s::text[])
  as b(id, state, tracking_number, cost_minor, currency, pdf, zpl, carrier_ref)
where l.id = b.id
"""
LABELLED = """
update warehouse_parcel p set state = 'labelled', carrier = l.carrier, service = l.service,
  tracking_number = l.tracking_number
from shipping_label l where l.id = any(%s) and p.id = l.parcel_id
"""
CHANGED = "update shipping_label set state = %s, because = %s where id = %s"
WAITS = "update shipping_label set state = %s, because = %s, unclear_at = null where id = %s"
LOST = "update shipping_label set state = %s, because = %s, unclear_at = %s where id = %s"
DROPPED = "update shipping_label set state = %s, because = %s, voided_at = %s where id = %s"

_OPEN = (State.QUEUED, State.UNKNOWN)


def keep(label_id: int, bought: Bought, *, at: datetime) -> Told:
    """The carrier has sold it. The parcel gets it, unless it must not leave any more: then it is voided."""
    with transaction.atomic():
        order, row = locked(label_id)
        if row.state not in _OPEN:
            return Told(Settled.CONFIRM, "was settled before")
        if bought.is_void:
            return _drop(row, "the carrier has voided it", at=at)
        wrong = in_the_way(order, row) or is_elsewhere(order, row)
        if wrong:
            LABEL.after(State(row.state), Turn.ABANDON)
            # `void.start` gives it the state it has from now on, and tells the carrier.
            _write([(row, bought)], [State.BOUGHT], at=at)
            void.start([row.id], because=f"bought in vain: {wrong}", at=at, by="system", again=True)
            return Told(Settled.CONFIRM, f"bought, and voided at once: {wrong}")
        label([(order, row, bought)], at=at)
    return Told(Settled.CONFIRM, bought.tracking_number)


def label(sold: Sequence[tuple[OrderState, Row, Bought]], *, at: datetime) -> None:
    """These parcels have their labels. The caller holds the locks and has seen that nothing is in the way.

    A constant number of statements.
    """
    states = [LABEL.after(State(row.state), Turn.BUY) for _, row, _ in sold]
    _write([(row, bought) for _, row, bought in sold], states, at=at)
    sql.run(LABELLED, ([row.id for _, row, _ in sold],))
    orders = list({order.id: order for order, _, _ in sold}.values())
    label_units(orders)
    save(orders)
    emit(
        LabelBought(
            subject=order.subject,
            at=at,
            actor=row.asked_by,
            order_id=order.id,
            parcel_id=row.parcel_id,
            label_id=row.id,
            carrier=row.carrier,
            service=row.service,
            tracking_number=bought.tracking_number,
            cost_minor=(row.cost_minor if bought.cost_minor is None else bought.cost_minor) or 0,
            currency=bought.currency or row.currency,
        )
        for order, row, bought in sold
    )
    enclose_returns([row.parcel_id for _, row, _ in sold], at=at)


def _write(sold: Sequence[tuple[Row, Bought]], states: Sequence[State], *, at: datetime) -> None:
    sql.run(
        BOUGHT,
        {
            "ids": [row.id for row, _ in sold],
            "states": [state.value for state in states],
            "numbers": [bought.tracking_number for _, bought in sold],
            "costs": [bought.cost_minor for _, bought in sold],
            "currencies": [bought.currency for _, bought in sold],
            "pdfs": [bought.pdf for _, bought in sold],
            "zpls": [bought.zpl for _, bought in sold],
            "refs": [bought.carrier_ref for _, bought in sold],
            "at": at,
        },
    )


def refuse(label_id: int, because: str, *, at: datetime) -> Told:
    """No carrier takes it: a person has to look. Told as an exception, unless nobody wants it any more."""
    with transaction.atomic():
        order, row = locked(label_id)
        if row.state not in _OPEN:
            return Told(Settled.REFUSE, "was settled before")
        if wrong := in_the_way(order, row):
            return _drop(row, wrong, at=at)
        sql.run(CHANGED, (LABEL.after(State(row.state), Turn.REFUSE), because, row.id))
        emit(
            [
                LabelRefused(
                    subject=order.subject,
                    at=at,
                    actor=row.asked_by,
                    order_id=order.id,
                    parcel_id=row.parcel_id,
                    label_id=row.id,
                    because=because,
                )
            ]
        )
    return Told(Settled.REFUSE, because)


def drop(label_id: int, because: str, *, at: datetime) -> Told:
    """Nothing was bought under this wish, and nothing is to be. A parcel that may leave gets a new one."""
    with transaction.atomic():
        _, row = locked(label_id)
        if row.state not in _OPEN:
            return Told(Settled.REFUSE, "was settled before")
        told = _drop(row, because, at=at)
        by_hand = None if row.by_hand is None else msgspec.to_builtins(row.by_hand)
        want([row.parcel_id], at=at, by=row.asked_by, by_hand=by_hand)
        return told


def wait(label_id: int, because: str) -> None:
    """Surely not bought; it will be tried again."""
    with transaction.atomic():
        _, row = locked(label_id)
        if row.state in _OPEN:
            sql.run(WAITS, (State.QUEUED, because, row.id))


def lose_track(label_id: int, because: str, *, at: datetime) -> None:
    """Perhaps bought: the carrier will be asked."""
    with transaction.atomic():
        _, row = locked(label_id)
        if row.state in _OPEN:
            sql.run(LOST, (LABEL.after(State(row.state), Turn.LOSE_TRACK), because, at, row.id))


def _drop(row: Row, because: str, *, at: datetime) -> Told:
    sql.run(DROPPED, (LABEL.after(State(row.state), Turn.DROP), f"not bought: {because}", at, row.id))
    return Told(Settled.REFUSE, f"not bought: {because}")


def is_elsewhere(order: OrderState, row: Row) -> str:
    """Does the order go where this label was asked for? "" when it does."""
    asked_for = msgspec.json.decode(row.ship_to_json)
    return "" if order.ship_to == asked_for else "the address changed"
