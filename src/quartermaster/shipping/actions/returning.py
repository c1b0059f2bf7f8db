"""Labels for the way back: bought once, given back by the account that bought them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, later
from quartermaster.core.effects import Turn as Settled
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import Event, emit
from quartermaster.core.moment import now
from quartermaster.events import ReturnLabelBought, ReturnLabelEnded
from quartermaster.shipping.ports import (
    Bought,
    NotDone,
    Offer,
    RefusedByCarrier,
    SellsReturns,
    Settles,
    Shipment,
    Unclear,
    Wanted,
)
from quartermaster.shipping.queries.carriers import asked_for, carrier_of
from quartermaster.shipping.queries.shipments import parcel_id_of, to_ship
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.labels import LABEL, State, Turn

BUY_RETURN, VOID_RETURN = "shipping.return", "shipping.return_void"

STATE = "select state from warehouse_parcel where id = %s for share"
ASK = """
insert into shipping_return_label (parcel_id, reference, state, is_paid_on_scan, because, asked_at, asked_by)
values (%(parcel)s, 'R-' || %(parcel)s || '-' || left(replace(gen_random_uuid()::text, '-', ''), 10),
  'queued', %(on_scan)s, %(because)s, %(at)s, %(by)s)
on conflict (parcel_id) where state in ('queued', 'unknown', 'bought', 'voiding') do nothing
returning id
"""
ROW = """
select r.id, r.parcel_id, p.order_id, r.reference, r.state, r.wanted, r.account, r.is_paid_on_scan,
  r.tracking_number, r.carrier_ref, r.because, r.unclear_at, r.asked_by
from shipping_return_label r join warehouse_parcel p on p.id = r.parcel_id
where {where} for no key update of r
"""
BY_ID = ROW.format(where="r.id = %s")
LIVE = ROW.format(where="r.parcel_id = %s and r.state = 'bought'")
DECIDED = "update shipping_return_label set wanted = %s, account = %s where id = %s and wanted is null"
BOUGHT = """
update shipping_return_label set state = 'bought', tracking_number = %(number)s, carrier_ref = %(ref)s,
  cost_minor = %(cost)s, currency = %(currency)s, pdf = %(pdf)s, zpl = %(zpl)s, because = ''
where id = %(id)s
"""
CHANGED = "update shipping_return_label set state = %s, because = %s where id = %s"
LOST = """
update shipping_return_label set state = 'unknown', unclear_at = coalesce(unclear_at, %s) where id = %s
"""


class NotToReturn(Refused):
    code = "not-to-return"
    message = "{parcel} gets no return label: {because}."
    remedy = "A return label is for a parcel that has left, or has its label."


class NoReturnLabel(Refused):
    code = "no-return-label"
    message = "{parcel} has no return label that could be given back."
    remedy = "Reload its page: it may be void already, or not bought yet."


class Row(NamedTuple):
    """A return label, locked when it was read."""

    id: int
    parcel_id: int
    order_id: int
    reference: str
    state: str
    wanted_json: bytes | None
    account: str
    is_paid_on_scan: bool
    tracking_number: str
    carrier_ref: str
    because: str
    unclear_at: datetime | None
    asked_by: str

    @property
    def wanted(self) -> Wanted:
        assert self.wanted_json is not None
        return msgspec.json.decode(self.wanted_json, type=Wanted)


def buy_return(number: str, *, is_paid_on_scan: bool, because: str, at: datetime, by: str) -> None:
    """Ask for a label for the way back of P-7. A parcel that has one, or will, keeps it: pressing twice buys
    once. Raises NotFound, NotToReturn."""
    parcel_id = parcel_id_of(number)
    with transaction.atomic():
        found = sql.run(STATE, (parcel_id,))
        if not found:
            raise NotFound(what="parcel", which=number[:40])
        if found[0][0] not in ("labelled", "handed_over"):
            raise NotToReturn(parcel=number, because="it has not left and has no label")
        asked = {"parcel": parcel_id, "on_scan": is_paid_on_scan, "because": because, "at": at, "by": by}
        for (label_id,) in sql.run(ASK, asked):
            subject = f"parcel:P-{parcel_id}"
            wish_all([Wish(f"return:{label_id}", BUY_RETURN, subject, {"return_id": label_id}, at)])


def void_return(number: str, *, because: str, at: datetime, by: str) -> None:
    """Give it back, with the account that bought it. Raises NotFound, NoReturnLabel."""
    parcel_id = parcel_id_of(number)
    with transaction.atomic():
        found = sql.run(LIVE, (parcel_id,))
        if not found:
            raise NoReturnLabel(parcel=number)
        row = Row._make(found[0])
        sql.run(CHANGED, (LABEL.after(State(row.state), Turn.ABANDON), because, row.id))
        body = {"return_id": row.id, "by": by}
        wish_all([Wish(f"return-void:{row.id}", VOID_RETURN, f"parcel:P-{parcel_id}", body, at)])


class BuyReturn:
    """The effect `shipping.return`: decided once, bought once."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        row = _read(body)
        if row.state not in ("queued", "unknown"):
            return Told(Settled.CONFIRM, "was settled before")
        if row.wanted_json is None:
            wrong = _decide(row)
            if wrong:
                return _end(row, Turn.REFUSE, wrong)
            row = _read(body)
        account, carrier = carrier_of(row.account)
        try:
            bought = carrier.buy(account=account, wanted=row.wanted)
        except RefusedByCarrier as refusal:
            return _end(row, Turn.REFUSE, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        except Exception:
            sql.run(LOST, (now(), row.id))
            raise
        return _keep(row, bought)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        row = _read(body)
        if row.state not in ("queued", "unknown"):
            return Told(Settled.CONFIRM, "was settled before")
        if row.wanted_json is None:
            return Told(Settled.FIND_UNDONE, "nobody had been asked yet")
        account, carrier = carrier_of(row.account)
        bought = carrier.find(account=account, reference=row.reference, ref=row.wanted.ref)
        if bought is not None:
            return _keep(row, bought)
        if row.unclear_at and isinstance(carrier, Settles):
            until = row.unclear_at + timedelta(seconds=carrier.settles_s)
            if now() < until:
                return Told(Settled.LOSE_TRACK, f"{row.account} has no such label yet", retry_at=until)
        return Told(Settled.FIND_UNDONE, f"{row.account} has no such label")


class VoidReturn:
    """The effect `shipping.return_void`."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        row = _read(body)
        if row.state != State.VOIDING:
            return Told(Settled.CONFIRM, "was settled before")
        account, carrier = carrier_of(row.account)
        try:
            carrier.void(
                account=account,
                reference=row.reference,
                tracking_number=row.tracking_number,
                ref=row.wanted.ref,
                carrier_ref=row.carrier_ref,
            )
        except RefusedByCarrier as refusal:
            return _end(row, Turn.STRAND, str(refusal), by=str(body["by"]))
        except NotDone as trouble:
            return later(trouble)
        return _end(row, Turn.VOID, row.because, by=str(body["by"]))

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        row = _read(body)
        if row.state != State.VOIDING:
            return Told(Settled.CONFIRM, "was settled before")
        account, carrier = carrier_of(row.account)
        found = carrier.find(account=account, reference=row.reference, ref=row.wanted.ref)
        if found is None or found.is_void:
            return _end(row, Turn.VOID, row.because, by=str(body["by"]))
        return Told(Settled.FIND_UNDONE, f"{row.account} still has it as bought")


def _read(body: Mapping[str, object]) -> Row:
    with transaction.atomic():
        (found,) = sql.run(BY_ID, (body["return_id"],), binary=True)
    return Row._make(found)


def _decide(row: Row) -> str:
    """Ask who sells returns, and keep the cheapest offer with all that is told at its purchase. Why there is
    none; "" when one was kept."""
    shipment = _shipment(row)
    if shipment is None:
        return "the order has no address"
    offers, wrong = _offers(shipment)
    if not offers:
        return " ".join(wrong) or "no connected account sells return labels"
    best = min(offers, key=lambda each: (each.cost_minor or 0, each.carrier, each.service))
    wanted = Wanted(
        *(row.reference, best.carrier, best.service, shipment, best.cost_minor, best.currency, best.ref)
    )
    sql.run(DECIDED, (msgspec.json.encode(wanted), best.account, row.id))
    return ""


def _shipment(row: Row) -> Shipment | None:
    parcel = to_ship({row.parcel_id: now()}).get(row.parcel_id)
    if parcel is None or parcel.shipment is None:
        return None
    return replace(parcel.shipment, promised_on=None, is_return=True, is_paid_on_scan=row.is_paid_on_scan)


def _offers(shipment: Shipment) -> tuple[list[Offer], list[str]]:
    """Of those who can do what is asked, in the currency we compare in; and why the others gave none."""
    currency = tables_in_force().tables.currency
    found: list[Offer] = []
    carriers, wrong = asked_for(shipment.site)
    for account, carrier in carriers:
        if not isinstance(carrier, SellsReturns):
            continue
        if shipment.is_paid_on_scan and not carrier.returns_on_scan:
            wrong.append(f"{account.slug} sells no returns that are paid when scanned.")
            continue
        try:
            offers = carrier.rate(account=account, shipment=shipment)
        except (NotDone, Unclear, RefusedByCarrier) as error:
            wrong.append(f"{account.slug} gave no rates: {error}.")
            continue
        found += [
            each
            for each in offers
            if not each.removed and each.cost_minor is not None and each.currency == currency
        ]
    return found, wrong


def _keep(row: Row, bought: Bought) -> Told:
    if bought.is_void:
        return _end(row, Turn.REFUSE, "the carrier has voided it")
    wanted, at = row.wanted, now()
    cost = wanted.cost_minor if bought.cost_minor is None else bought.cost_minor
    with transaction.atomic():
        if Row._make(sql.run(BY_ID, (row.id,), binary=True)[0]).state not in ("queued", "unknown"):
            return Told(Settled.CONFIRM, "was settled before")
        told = {"number": bought.tracking_number, "ref": bought.carrier_ref, "pdf": bought.pdf}
        priced = {"cost": cost, "currency": bought.currency or wanted.currency}
        sql.run(BOUGHT, {**told, **priced, "zpl": bought.zpl, "id": row.id})
        fact = ReturnLabelBought(
            subject=f"order:SO-{row.order_id}",
            at=at,
            actor=row.asked_by,
            order_id=row.order_id,
            parcel_id=row.parcel_id,
            carrier=wanted.carrier,
            service=wanted.service,
            tracking_number=bought.tracking_number,
            cost_minor=cost or 0,
            currency=bought.currency or wanted.currency,
            is_paid_on_scan=row.is_paid_on_scan,
        )
        emit([fact])
    return Told(Settled.CONFIRM, bought.tracking_number)


def _end(row: Row, turn: Turn, because: str, *, by: str = "system") -> Told:
    with transaction.atomic():
        again = Row._make(sql.run(BY_ID, (row.id,), binary=True)[0])
        if again.state != row.state:
            return Told(Settled.CONFIRM, "was settled before")
        state = LABEL.after(State(row.state), turn)
        sql.run(CHANGED, (state, because, row.id))
        facts: list[Event] = [
            ReturnLabelEnded(
                subject=f"order:SO-{row.order_id}",
                at=now(),
                actor=by,
                order_id=row.order_id,
                parcel_id=row.parcel_id,
                state=state,
                because=because,
            )
        ]
        emit(facts)
    return Told(Settled.CONFIRM if turn is Turn.VOID else Settled.REFUSE, because)
