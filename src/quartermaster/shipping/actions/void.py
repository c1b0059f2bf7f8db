"""Give labels back: the parcel is without a label at once, the carrier is told by the outbox."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, later
from quartermaster.core.effects import Turn as Settled
from quartermaster.core.events import Event, emit
from quartermaster.core.moment import now
from quartermaster.events import LabelStranded, LabelVoided, ParcelTakenOff
from quartermaster.orders.actions.state import OrderState, save
from quartermaster.shipping.actions.row import Row, locked
from quartermaster.shipping.actions.units import label_units
from quartermaster.shipping.actions.want import VOID, want
from quartermaster.shipping.actions.wanted import ref_of
from quartermaster.shipping.ports import NotDone, RefusedByCarrier
from quartermaster.shipping.queries.carriers import carrier_of
from quartermaster.shipping.rules.decide import ByHand
from quartermaster.shipping.rules.labels import LABEL, State, Turn

# A parcel that was opened meanwhile keeps the state its packer gave it.
START = """
with label as (
  select l.id, l.parcel_id, l.manifest_id, p.order_id from shipping_label l
  join warehouse_parcel p on p.id = l.parcel_id
  where l.id = any(%(ids)s) and l.state = 'bought' and p.state <> 'handed_over'
  order by p.id, l.id for no key update of p, l
), parcel as (
  update warehouse_parcel p set state = case p.state when 'labelled' then 'packed' else p.state end,
    carrier = '', service = '', tracking_number = ''
  from label where p.id = label.parcel_id
)
update shipping_label l set state = 'voiding', because = %(because)s, manifest_id = null,
  scanned_out_at = null
from label where l.id = label.id
returning l.id, l.reference, l.parcel_id, label.order_id, label.manifest_id
"""
ENDED = """
update shipping_label set state = %(state)s, because = %(because)s,
  voided_at = case when %(state)s = 'voided' then %(at)s end
where id = %(id)s
"""


def start(
    label_ids: Iterable[int],
    *,
    because: str,
    at: datetime,
    by: str,
    again: bool,
    by_hand: ByHand | None = None,
) -> int:
    """Take bought labels off their parcels and wish them void; returns how many. The caller holds the locks
    of their orders, counts `labelled` anew and saves. `again`: when it is void, a parcel that is still packed
    gets another label, by the rules or `by_hand`.
    """
    found = sql.run(START, {"ids": sorted(set(label_ids)), "because": because})
    hand = None if by_hand is None else msgspec.to_builtins(by_hand)
    wishes = [
        Wish(
            f"void:{reference}",
            VOID,
            f"order:SO-{order_id}",
            {"label_id": label_id, "again": again, "by_hand": hand, "by": by},
            at,
        )
        for label_id, reference, _, order_id, _ in found
    ]
    wish_all(wishes)
    emit(
        ParcelTakenOff(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            parcel_id=parcel_id,
            manifest_id=manifest_id,
            because=because,
        )
        for _, _, parcel_id, order_id, manifest_id in found
        if manifest_id is not None
    )
    return len(found)


def count_anew(orders: Iterable[OrderState]) -> None:
    """Count what is labelled of these locked orders, and save them."""
    changed = list(orders)
    label_units(changed)
    save(changed)


class VoidLabel:
    """The effect `shipping.void`: tell the carrier, with the account that bought it."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        row = _row(body)
        if row.state != State.VOIDING:
            return Told(Settled.CONFIRM, "was settled before")
        account, carrier = carrier_of(row.account)
        try:
            carrier.void(
                account=account,
                reference=row.reference,
                tracking_number=row.tracking_number,
                ref=ref_of(row),
                carrier_ref=row.carrier_ref,
            )
        except RefusedByCarrier as refusal:
            return _end(body, Turn.STRAND, str(refusal), at=now())
        except NotDone as trouble:
            return later(trouble)
        return _end(body, Turn.VOID, row.because, at=now())

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        row = _row(body)
        if row.state != State.VOIDING:
            return Told(Settled.CONFIRM, "was settled before")
        account, carrier = carrier_of(row.account)
        found = carrier.find(account=account, reference=row.reference, ref=ref_of(row))
        if found is None or found.is_void:
            return _end(body, Turn.VOID, row.because, at=now())
        return Told(Settled.FIND_UNDONE, f"{row.carrier} still has it as bought")


def _row(body: Mapping[str, object]) -> Row:
    label_id = body["label_id"]
    assert isinstance(label_id, int)
    with transaction.atomic():
        return locked(label_id)[1]


def _end(body: Mapping[str, object], turn: Turn, because: str, *, at: datetime) -> Told:
    """The carrier has answered; the parcel may get its next label now."""
    label_id, by = body["label_id"], str(body["by"])
    assert isinstance(label_id, int)
    with transaction.atomic():
        order, row = locked(label_id)
        if row.state != State.VOIDING:
            return Told(Settled.CONFIRM, "was settled before")
        state = LABEL.after(State(row.state), turn)
        sql.run(ENDED, {"id": row.id, "state": state, "because": because, "at": at})
        fact: type[LabelVoided | LabelStranded] = LabelVoided if turn is Turn.VOID else LabelStranded
        facts: list[Event] = [
            fact(
                subject=order.subject,
                at=at,
                actor=by,
                order_id=order.id,
                parcel_id=row.parcel_id,
                label_id=row.id,
                because=because,
            )
        ]
        emit(facts)
        if body["again"]:
            by_hand = body["by_hand"]
            assert by_hand is None or isinstance(by_hand, dict)
            want([row.parcel_id], at=at, by=by, by_hand=by_hand)
    return Told(Settled.CONFIRM if turn is Turn.VOID else Settled.REFUSE, because)
