"""Buy a wished label: look whether it may be bought, decide, buy, keep. Runs outside every transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from quartermaster.core.effects import Asked, Told, Turn, later
from quartermaster.core.moment import now
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import buy_within, settle
from quartermaster.shipping.actions.decisions import Decided, keep_decisions
from quartermaster.shipping.actions.quote import Unrated, inputs_for
from quartermaster.shipping.actions.row import Row, in_the_way, locked, receiver
from quartermaster.shipping.actions.wanted import ref_of, wanted_of
from quartermaster.shipping.ports import NotDone, RefusedByCarrier, Settles
from quartermaster.shipping.queries.carriers import carrier_of
from quartermaster.shipping.queries.pauses import paused
from quartermaster.shipping.rules import Inputs, decide


class BuyLabel:
    """The effect `shipping.label`: one label, once, whatever happens on the way."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        label_id = _label_id(body)
        row, wrong = _look(label_id)
        if wrong:
            return settle.drop(label_id, wrong, at=now())
        if row.state not in ("queued", "unknown"):
            return Told(Turn.CONFIRM, "was settled before")
        if not row.is_decided or _is_paused(row):
            refused = _decide(row, at=now())
            if refused is not None:
                return refused
            row, wrong = _look(label_id)
            if wrong:
                return settle.drop(label_id, wrong, at=now())
        assert row.inputs is not None
        inputs = msgspec.json.decode(row.inputs, type=Inputs)
        wanted = wanted_of(row, inputs)
        account, carrier = carrier_of(row.account)
        try:
            bought = carrier.buy(account=account, wanted=wanted)
        except RefusedByCarrier as refusal:
            return settle.refuse(label_id, str(refusal), at=now())
        except NotDone as trouble:
            settle.wait(label_id, str(trouble))
            return later(trouble)
        except Exception as error:
            settle.lose_track(
                label_id, f"{row.carrier} gave no clear answer: {type(error).__name__}", at=now()
            )
            raise
        return settle.keep(label_id, bought, at=now())

    def perform_within(self, wishes: Sequence[Asked]) -> Mapping[str, Told]:
        keys = {_label_id(wish.body): wish.key for wish in wishes}
        return {keys[label_id]: told for label_id, told in buy_within.buy(keys, at=now()).items()}

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        label_id = _label_id(body)
        with transaction.atomic():
            _, row = locked(label_id)
        if row.state not in ("queued", "unknown"):
            return Told(Turn.CONFIRM, "was settled before")
        if not row.is_decided:
            return Told(Turn.FIND_UNDONE, "nobody had been asked yet")
        account, carrier = carrier_of(row.account)
        found = carrier.find(account=account, reference=row.reference, ref=ref_of(row))
        if found is not None:
            return settle.keep(label_id, found, at=now())
        if row.unclear_at and isinstance(carrier, Settles):
            until = row.unclear_at + timedelta(seconds=carrier.settles_s)
            if now() < until:
                because = f"{row.carrier} knows of no label {row.reference} yet"
                return Told(Turn.LOSE_TRACK, because, retry_at=until)
        settle.wait(label_id, f"{row.carrier} knows of no such label")
        return Told(Turn.FIND_UNDONE, f"{row.carrier} knows of no label {row.reference}")


def _is_paused(row: Row) -> bool:
    """Was it decided before its carrier was paused, and nothing paid yet? Then it is decided anew."""
    return row.state == "queued" and any(each.carrier == row.carrier for each in paused())


def _label_id(body: Mapping[str, object]) -> int:
    label_id = body["label_id"]
    assert isinstance(label_id, int)
    return label_id


def _look(label_id: int) -> tuple[Row, str]:
    """The label, and what stands in its way, seen under the order's lock."""
    with transaction.atomic():
        order, row = locked(label_id)
        wrong = in_the_way(order, row)
        if not wrong and row.is_decided and order.ship_to != msgspec.json.decode(row.ship_to_json):
            return row, "the address changed"
        return row, wrong


def _decide(row: Row, *, at: datetime) -> Told | None:
    """Ask every carrier and keep the decision; told only when there is nothing to buy."""
    try:
        inputs = inputs_for(row.parcel_id, by_hand=row.by_hand, ready_at=row.asked_at)
    except Unrated as refusal:
        return settle.refuse(row.id, str(refusal), at=at)
    choice = decide(inputs)
    with transaction.atomic():
        order, _ = locked(row.id)
        if (receiver(order) or Address()) != inputs.shipment.receiver:
            return Told(Turn.FAIL_SAFELY, "the address changed while carriers were asked")
        keep_decisions([Decided(row.id, inputs, choice, order.ship_to)])
    return None if choice.chosen else settle.refuse(row.id, " ".join(choice.because), at=at)
