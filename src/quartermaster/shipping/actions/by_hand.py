"""Labels asked for and given back by people."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import LabelChosen
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.shipping.actions import void
from quartermaster.shipping.actions.want import want
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules.decide import ByHand
from quartermaster.shipping.rules.labels import stands_in_the_way

LABEL = """
select l.id, l.state from shipping_label l
where l.parcel_id = %s and l.state in ('queued', 'bought', 'unknown', 'voiding')
"""
STATE = "select state from warehouse_parcel where id = %s"
ORDERS = "select distinct order_id from warehouse_parcel where id = any(%s)"


class NoLabelNow(Refused):
    code = "no-label-now"
    message = "{parcel} gets no label now: {because}."
    remedy = "Look at the order: what stands in the way is shown there."


class LabelUnderWay(Refused):
    code = "label-under-way"
    message = "A label for {parcel} is {state}."
    remedy = "Wait until the carrier has answered; the page shows it."


def buy_label(
    number: str, *, by_hand: ByHand | None = None, because: str = "", at: datetime, by: str
) -> None:
    """Ask for a label of parcel P-7 by the rules, or of the service a person names with a reason.

    Asked again without a reason, a parcel that has a label, or will, keeps it: pressing twice buys once. With
    a reason the label it has is given back first. Raises NotFound, NoLabelNow, LabelUnderWay, Invalid.
    """
    if by_hand is not None and not by_hand.because.strip():
        raise Invalid(what="The label", errors={"because": "say why not the service the rules choose"})
    parcel_id = parcel_id_of(number)
    with transaction.atomic():
        order, state, label = _locked(parcel_id)
        has_label = label is not None and label[1] == "bought" and state == "labelled"
        wrong = stands_in_the_way(
            parcel_state="packed" if label is not None and state == "labelled" else state,
            is_cancelled=order.is_cancelled,
            is_held=order.is_blocked(Blocks.RELEASE),
            holds=tuple(sorted(order.holds)),
        )
        if wrong:
            raise NoLabelNow(parcel=number, because=wrong)
        if label is not None and label[1] != "voiding" and by_hand is None and not because:
            return
        if label is not None and not has_label:
            raise LabelUnderWay(parcel=number, state="being voided" if label[1] == "voiding" else "asked for")
        if by_hand is not None:
            _tell(order, parcel_id, by_hand, at=at, by=by)
        if label is not None:
            told = by_hand.because if by_hand else because
            void.start([label[0]], because=told, at=at, by=by, again=True, by_hand=by_hand)
            void.count_anew([order])
        else:
            chosen = None if by_hand is None else msgspec.to_builtins(by_hand)
            want([parcel_id], at=at, by=by, by_hand=chosen)


def buy_labels(parcel_ids: Sequence[int], *, at: datetime, by: str) -> list[int]:
    """Ask for a label of each of these parcels that may leave and has none under way, also of those that were
    refused before. Returns the ids of the parcels asked for. Constant number of statements."""
    with transaction.atomic():
        load(order_id for (order_id,) in sql.run(ORDERS, (list(parcel_ids),)))
        return [asked.parcel_id for asked in want(parcel_ids, at=at, by=by)]


def void_label(number: str, *, because: str, at: datetime, by: str) -> None:
    """Give the label of parcel P-7 back; it stays without one until somebody asks. Raises NotFound, Invalid,
    LabelUnderWay, NoLabelNow."""
    if not because.strip():
        raise Invalid(what="The void", errors={"because": "say why"})
    parcel_id = parcel_id_of(number)
    with transaction.atomic():
        order, state, label = _locked(parcel_id)
        if label is None:
            raise NotFound(what="label on", which=number)
        if label[1] != "bought":
            raise LabelUnderWay(parcel=number, state="being voided" if label[1] == "voiding" else "asked for")
        if state == "handed_over":
            raise NoLabelNow(parcel=number, because="the carrier has the parcel")
        void.start([label[0]], because=because, at=at, by=by, again=False)
        void.count_anew([order])


def _locked(parcel_id: int) -> tuple[OrderState, str, tuple[int, str] | None]:
    """The order, the state of the parcel, and the label that counts; under the order's lock."""
    found = sql.run("select order_id from warehouse_parcel where id = %s", (parcel_id,))
    if not found:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    (order,) = load([found[0][0]]).values()
    ((state,),) = sql.run(STATE, (parcel_id,))
    labels = sql.run(LABEL, (parcel_id,))
    return order, state, (labels[0][0], labels[0][1]) if labels else None


def _tell(order: OrderState, parcel_id: int, by_hand: ByHand, *, at: datetime, by: str) -> None:
    emit(
        [
            LabelChosen(
                subject=order.subject,
                at=at,
                actor=by,
                order_id=order.id,
                parcel_id=parcel_id,
                carrier=by_hand.carrier,
                service=by_hand.service,
                because=by_hand.because,
            )
        ]
    )
