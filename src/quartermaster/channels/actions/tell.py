"""Shops are told of parcels that left, each once, whatever happens on the way."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.channels.ports import Told as Theirs
from quartermaster.channels.queries.connected import channel_of
from quartermaster.channels.queries.shipments import Wanted, wanted
from quartermaster.channels.rules import not_now
from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.errors import Refused
from quartermaster.core.events import Event, emit
from quartermaster.core.moment import now
from quartermaster.core.outside import NotDone, RefusedOutside
from quartermaster.events import ParcelHandedOver, ShipmentRefused, ShipmentTold

CONFIRM = "channels.confirm_shipment"
# Only parcels of our own: what was imported, the shop told us.
WANT = """
insert into channels_shipment (parcel_id, shop_id, wanted_at)
select p.id, s.connection_id, %(at)s from warehouse_parcel p join orders_order o on o.id = p.order_id
join channels_shop s on s.connection_id = o.connection_id and s.mode = 'live'
where p.id = any(%(parcels)s) and p.external_id = '' and not o.is_test
order by p.id on conflict do nothing returning parcel_id
"""
# Told already, or refused: whoever tells looks first, so that asking again tells nobody twice.
AGAIN = """
update channels_shipment x set state = 'queued', because = '', settled_at = null, wanted_at = %(at)s,
  asked = x.asked + 1
from warehouse_parcel p, channels_shop s
where p.id = x.parcel_id and p.order_id = %(order)s and x.state <> 'queued'
  and s.connection_id = x.shop_id and s.mode = 'live'
returning x.parcel_id, x.asked
"""
SETTLE = """
update channels_shipment x set state = %(state)s, theirs = %(theirs)s, because = %(because)s,
  settled_at = %(at)s
from warehouse_parcel p
where x.parcel_id = %(parcel)s and x.state = 'queued' and p.id = x.parcel_id returning p.order_id
"""


def tell_shipped(events: Sequence[Event]) -> None:
    """The listener: a wish for each parcel whose shop is told. Constant number of statements."""
    orders = {event.parcel_id: event.order_id for event in events if isinstance(event, ParcelHandedOver)}
    at = events[-1].at
    found = [parcel for (parcel,) in sql.run(WANT, {"parcels": sorted(orders), "at": at})]
    wish_all(
        [
            Wish(f"channel:P-{p}", CONFIRM, f"order:SO-{orders[p]}", {"parcel_id": p}, at)
            for p in sorted(found)
        ]
    )


def tell_again(order_id: int, *, at: datetime) -> int:
    """Wish once more that the shop knows of the parcels of an order, in the caller's transaction; returns of
    how many."""
    found = sorted(sql.run(AGAIN, {"order": order_id, "at": at}))
    wish_all(
        [
            Wish(f"channel:P-{parcel}:{asked}", CONFIRM, f"order:SO-{order_id}", {"parcel_id": parcel}, at)
            for parcel, asked in found
        ]
    )
    return len(found)


class ConfirmShipment:
    """The effect `channels.confirm_shipment`."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        parcel_id, asked = _asked(body)
        wait = not_now(asked.slug, mode=asked.mode, is_active=asked.is_active)
        if wait is not None:
            return _refused(parcel_id, asked, wait.because) if wait.turn is Turn.REFUSE else wait
        if not asked.shipment.lines:  # parts of a kit: the parcel that completes it tells of the kit
            return _told(parcel_id, asked, Theirs())
        try:
            account, channel = channel_of(asked.slug)
            theirs = channel.confirm_shipment(account=account, shipment=asked.shipment)
        except (RefusedOutside, Refused) as refusal:
            return _refused(parcel_id, asked, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        return _told(parcel_id, asked, theirs)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        parcel_id, asked = _asked(body)
        account, channel = channel_of(asked.slug)
        try:
            theirs = channel.find_shipment(account=account, shipment=asked.shipment)
        except RefusedOutside as refusal:  # the order is gone there
            return _refused(parcel_id, asked, str(refusal))
        if theirs is None:
            return Told(Turn.FIND_UNDONE, f"{asked.slug} does not know all of {asked.shipment.reference}")
        return _told(parcel_id, asked, theirs)


def _asked(body: Mapping[str, object]) -> tuple[int, Wanted]:
    parcel_id = body["parcel_id"]
    assert isinstance(parcel_id, int)
    return parcel_id, wanted(parcel_id)


@transaction.atomic
def _told(parcel_id: int, asked: Wanted, theirs: Theirs) -> Told:
    at, facts = now(), {"parcel": parcel_id, "theirs": theirs.theirs, "because": ""}
    for (order_id,) in sql.run(SETTLE, {**facts, "state": "told", "at": at}):
        told = ShipmentTold(
            subject=f"order:SO-{order_id}",
            at=at,
            actor="system",
            order_id=order_id,
            parcel_id=parcel_id,
            connection=asked.slug,
            theirs=theirs.theirs,
        )
        emit([told])
    return Told(Turn.CONFIRM, f"{asked.slug} knows of {asked.shipment.reference}")


@transaction.atomic
def _refused(parcel_id: int, asked: Wanted, because: str) -> Told:
    at, facts = now(), {"parcel": parcel_id, "theirs": "", "because": because}
    for (order_id,) in sql.run(SETTLE, {**facts, "state": "refused", "at": at}):
        refused = ShipmentRefused(
            subject=f"order:SO-{order_id}",
            at=at,
            actor="system",
            order_id=order_id,
            parcel_id=parcel_id,
            connection=asked.slug,
            because=because,
        )
        emit([refused])
    return Told(Turn.REFUSE, because)
