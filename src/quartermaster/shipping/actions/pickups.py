"""Vans called to a site, called off again, and those that did not come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, later
from quartermaster.core.effects import Turn as Settled
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.events import PickupAsked, PickupMoved
from quartermaster.shipping.ports import (
    Account,
    Booked,
    NotDone,
    PicksUp,
    PickupWanted,
    RefusedByCarrier,
    Settles,
    Sold,
)
from quartermaster.shipping.queries.carriers import accounts_with, carrier_of
from quartermaster.shipping.rules.dispatch import GRACE, PICKUP, State, Turn, wrong_with

BOOK, CANCEL = "shipping.pickup", "shipping.pickup_cancel"
LABELS_MAX = 500

WAITING = """
select l.id from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
join stock_location s on s.id = p.location_id
where l.state = 'bought' and p.state = 'labelled' and l.account = %(account)s and l.carrier = %(carrier)s
  and l.carrier_ref <> '' and s.code = %(location)s order by l.id limit %(most)s
"""
ASK = """
insert into shipping_pickup (carrier, account, location_id, state, starts_at, ends_at, note, labels,
  asked_at, asked_by)
select %(carrier)s, %(account)s, s.id, 'asked', %(starts_at)s, %(ends_at)s, %(note)s, %(labels)s::jsonb,
  %(at)s, %(by)s
from stock_location s where s.code = %(location)s
on conflict (account, carrier, location_id) where state in ('asked', 'booked', 'cancelling') do nothing
returning id
"""
ROW = """
select k.id, k.carrier, k.account, s.code, k.state, k.starts_at, k.ends_at, k.note, k.labels::text,
  k.carrier_ref, k.unclear_at
from shipping_pickup k join stock_location s on s.id = k.location_id
where k.id = %s for no key update of k
"""
LABELS = """
select reference, tracking_number, carrier_ref from shipping_label
where id in (select jsonb_array_elements(%s::jsonb)::bigint) order by id
"""
MOVED = """
update shipping_pickup set state = %(state)s, because = %(because)s,
  carrier_ref = coalesce(nullif(%(ref)s, ''), carrier_ref),
  confirmation = coalesce(nullif(%(confirmation)s, ''), confirmation), unclear_at = null
where id = %(id)s
"""
LOST = "update shipping_pickup set unclear_at = coalesce(unclear_at, %s) where id = %s"
# It came when a manifest of its carrier and site was closed since: that is the hand-over.
CAME = """
select k.id, k.carrier, s.code, k.state from shipping_pickup k join stock_location s on s.id = k.location_id
where k.state in ('booked', 'missed') and exists (
  select from shipping_manifest m where m.carrier = k.carrier and m.location_id = k.location_id
    and m.state = 'closed' and m.closed_at >= k.starts_at)
order by k.id limit 100 for no key update of k skip locked
"""
LATE = """
select k.id, k.carrier, s.code, k.state from shipping_pickup k join stock_location s on s.id = k.location_id
where k.state = 'booked' and k.ends_at < %s
order by k.id limit 100 for no key update of k skip locked
"""


class NoPickups(Refused):
    code = "no-pickups"
    status = 422
    message = "{account} cannot be called for a pickup."
    remedy = "Call the carrier yourself; the page says which accounts can be called."


class NothingToPickUp(Refused):
    code = "nothing-to-pick-up"
    message = "No parcel at {location} has a label of {carrier} over {account}."
    remedy = "Buy the labels first: a van is called for parcels that are there."


class PickupUnderWay(Refused):
    code = "pickup-under-way"
    message = "{carrier} is called to {location} already."
    remedy = "Cancel that pickup first, or wait until it came."


class Row(NamedTuple):
    """A pickup, locked when it was read."""

    id: int
    carrier: str
    account: str
    location: str
    state: str
    starts_at: datetime
    ends_at: datetime
    note: str
    labels_json: str
    carrier_ref: str
    unclear_at: datetime | None

    @property
    def wanted(self) -> PickupWanted:
        labels = tuple(Sold(*found) for found in sql.run(LABELS, (self.labels_json,)))
        return PickupWanted(f"PU-{self.id}", self.starts_at, self.ends_at, labels, self.note)


def call_pickup(
    *,
    account: str,
    carrier: str,
    location: str,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
    at: datetime,
    by: str,
) -> str:
    """Call a carrier's van to a site for the labelled parcels that are there now: the pickup's number.

    Raises Invalid, NoPickups, NothingToPickUp, PickupUnderWay."""
    if errors := dict(wrong_with(starts_at, ends_at, at=at)):
        raise Invalid(what="The pickup", errors=errors)
    if account not in accounts_with(PicksUp):
        raise NoPickups(account=account)
    asked = {"account": account, "carrier": carrier, "location": location}
    with transaction.atomic():
        labels = [label_id for (label_id,) in sql.run(WAITING, {**asked, "most": LABELS_MAX})]
        if not labels:
            raise NothingToPickUp(**asked)
        times = {"starts_at": starts_at, "ends_at": ends_at, "note": note.strip()[:200], "at": at, "by": by}
        found = sql.run(ASK, {**asked, **times, "labels": sql.rows(labels)})
        if not found:
            raise PickupUnderWay(**asked)
        ((pickup_id,),) = found
        subject = f"pickup:PU-{pickup_id}"
        wish_all([Wish(f"pickup:{pickup_id}", BOOK, subject, {"pickup_id": pickup_id}, at)])
        fact = PickupAsked(
            subject=subject,
            at=at,
            actor=by,
            pickup_id=pickup_id,
            **asked,
            starts_at=starts_at,
            ends_at=ends_at,
            parcels=len(labels),
        )
        emit([fact])
    return f"PU-{pickup_id}"


def cancel_pickup(number: str, *, because: str, at: datetime, by: str) -> None:
    """The van need not come: its account is told. Raises NotFound, WrongStep."""
    digits = number.removeprefix("PU-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        raise NotFound(what="pickup", which=number[:40])
    with transaction.atomic():
        row = _locked(int(digits))
        _move(row, Turn.CANCEL, because, at=at, by=by)
        # It may have been called off before and come all the same: each time is a wish of its own.
        ((nth,),) = sql.run(
            "select count(*) from core_outbox where key like %s", (f"pickup-cancel:{row.id}:%",)
        )
        body = {"pickup_id": row.id}
        wish_all([Wish(f"pickup-cancel:{row.id}:{nth}", CANCEL, f"pickup:PU-{row.id}", body, at)])


def watch_pickups(*, at: datetime) -> int:
    """Those that came are done, those whose time is over are missed: how many. The chore of every worker."""
    if not sql.run("select 1 from shipping_pickup where state in ('booked', 'missed') limit 1"):
        return 0
    with transaction.atomic():
        came = sql.run(CAME)
        for found in came:
            _step(found, Turn.COME, "the carrier's manifest was closed", at=at)
        late = sql.run(LATE, (at - GRACE,))
        for found in late:
            _step(found, Turn.MISS, "nobody came in the time that was booked", at=at)
    return len(came) + len(late)


class BookPickup:
    """The effect `shipping.pickup`: called once for its labels."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        row, account, carrier = _opened(body)
        if row.state != State.ASKED:
            return Told(Settled.CONFIRM, "was settled before")
        try:
            booked = carrier.book_pickup(account=account, wanted=row.wanted)
        except RefusedByCarrier as refusal:
            return _settle(row, Turn.REFUSE, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        except Exception:
            sql.run(LOST, (now(), row.id))
            raise
        return _settle(row, Turn.BOOK, "", booked)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        row, account, carrier = _opened(body)
        if row.state != State.ASKED:
            return Told(Settled.CONFIRM, "was settled before")
        booked = carrier.find_pickup(account=account, wanted=row.wanted)
        if booked is not None:
            return _settle(row, Turn.BOOK, "", booked)
        if row.unclear_at and isinstance(carrier, Settles):
            until = row.unclear_at + timedelta(seconds=carrier.settles_s)
            if now() < until:
                return Told(Settled.LOSE_TRACK, f"{row.account} has no such pickup yet", retry_at=until)
        return Told(Settled.FIND_UNDONE, f"{row.account} has no such pickup")


class CancelPickup:
    """The effect `shipping.pickup_cancel`: told to the account that called it."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        row, account, carrier = _opened(body)
        if row.state != State.CANCELLING:
            return Told(Settled.CONFIRM, "was settled before")
        try:
            carrier.cancel_pickup(account=account, carrier_ref=row.carrier_ref)
        except RefusedByCarrier as refusal:
            return _settle(row, Turn.REFUSE, f"it comes all the same: {refusal}")
        except NotDone as trouble:
            return later(trouble)
        return _settle(row, Turn.CANCELLED, "")

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        row, account, carrier = _opened(body)
        if row.state != State.CANCELLING:
            return Told(Settled.CONFIRM, "was settled before")
        if carrier.find_pickup(account=account, wanted=row.wanted) is None:
            return _settle(row, Turn.CANCELLED, "")
        return Told(Settled.FIND_UNDONE, f"{row.account} still means to come")


def _opened(body: Mapping[str, object]) -> tuple[Row, Account, PicksUp]:
    pickup_id = body["pickup_id"]
    assert isinstance(pickup_id, int)
    with transaction.atomic():
        row = _locked(pickup_id)
    account, carrier = carrier_of(row.account)
    assert isinstance(carrier, PicksUp)
    return row, account, carrier


def _locked(pickup_id: int) -> Row:
    found = sql.run(ROW, (pickup_id,))
    if not found:
        raise NotFound(what="pickup", which=f"PU-{pickup_id}")
    return Row._make(found[0])


def _settle(row: Row, turn: Turn, because: str, booked: Booked | None = None) -> Told:
    with transaction.atomic():
        again = _locked(row.id)
        if again.state != row.state:
            return Told(Settled.CONFIRM, "was settled before")
        _move(again, turn, because, at=now(), by="system", booked=booked)
    return Told(Settled.REFUSE if turn is Turn.REFUSE else Settled.CONFIRM, because)


def _move(row: Row, turn: Turn, because: str, *, at: datetime, by: str, booked: Booked | None = None) -> None:
    state = PICKUP.after(State(row.state), turn)
    told = {"ref": booked.carrier_ref, "confirmation": booked.confirmation} if booked else {}
    sql.run(MOVED, {"ref": "", "confirmation": "", **told, "id": row.id, "state": state, "because": because})
    _emit(row.id, row.carrier, row.location, state, because, at=at, by=by)


def _step(found: tuple[int, str, str, str], turn: Turn, because: str, *, at: datetime) -> None:
    pickup_id, carrier, location, before = found
    state = PICKUP.after(State(before), turn)
    told = {"ref": "", "confirmation": "", "id": pickup_id, "state": state, "because": because}
    sql.run(MOVED, told)
    _emit(pickup_id, carrier, location, state, because, at=at, by="system")


def _emit(
    pickup_id: int, carrier: str, location: str, state: State, because: str, *, at: datetime, by: str
) -> None:
    emit(
        [
            PickupMoved(
                subject=f"pickup:PU-{pickup_id}",
                at=at,
                actor=by,
                pickup_id=pickup_id,
                carrier=carrier,
                location=location,
                state=state,
                because=because,
            )
        ]
    )
