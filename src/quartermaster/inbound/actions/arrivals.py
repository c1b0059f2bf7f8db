"""Goods are expected, and at the end all that came was scanned."""

from collections.abc import Mapping
from datetime import date, datetime

import psycopg
from django.db import IntegrityError, transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import ArrivalCancelled, ArrivalClosed, ArrivalExpected, TransferReceived
from quartermaster.inbound.actions.rows import arrival, locked, sku_ids, still_open
from quartermaster.stock.actions import Move, State, lock_some, post
from quartermaster.stock.actions.expect import expect
from quartermaster.stock.queries.locations import location_id


class AnnouncedBefore(Refused):
    code = "announced-before"
    message = "{reference} of {supplier} is announced at {site} already: IN-{arrival}."
    remedy = "Receive that one, or cancel it first."


class AlreadyReceived(Refused):
    code = "already-received"
    message = "Units of IN-{arrival} have been received."
    remedy = "Close it: what did not come is short."


class NewArrival(Struct, frozen=True, kw_only=True):
    """Goods that are expected: lines is SKU code -> units. kind: asn, po, blind (it came without a word), or
    return_to_origin (a parcel nobody took; its number is the reference).
    qc_percent: of the good units, how many are looked at before they are put away."""

    site: str
    kind: str = "blind"
    lines: Mapping[str, int] = {}
    supplier: str = ""
    reference: str = ""
    expected_on: date | None = None
    qc_percent: int = 0
    transfer_id: int | None = None


SAVE = """
insert into inbound_arrival (location_id, kind, supplier, reference, expected_on, qc_percent, transfer_id,
  made_at, made_by, arrived_at)
values (%(location)s, %(kind)s, %(supplier)s, %(reference)s, %(on)s, %(qc)s, %(transfer)s, %(at)s, %(by)s,
  case when %(kind)s = 'blind' then %(at)s::timestamptz end)
returning id
"""
LINES = """
insert into inbound_arrival_line (arrival_id, sku_id, expected)
select %(arrival)s, sku_id, units from jsonb_to_recordset(%(lines)s::jsonb) as w(sku_id bigint, units bigint)
order by sku_id
"""
SAME = """
select a.id from inbound_arrival a where a.location_id = %(location)s and a.kind = %(kind)s
  and a.supplier = %(supplier)s and a.reference = %(reference)s
"""
OPEN_LINES = """
select l.sku_id, s.code, l.expected, l.received, l.damaged from inbound_arrival_line l
join catalog_sku s on s.id = l.sku_id where l.arrival_id = %s order by l.sku_id
"""
CLOSE = """
update inbound_arrival set state = %(state)s, closed_at = %(at)s, closed_because = %(because)s,
  stored_at = case when not exists (
    select from inbound_receipt r where r.arrival_id = %(id)s
      and (r.stored < r.quantity - r.damaged - r.qc + r.passed or r.passed + r.failed < r.qc))
    then %(at)s::timestamptz end
where id = %(id)s
"""
UNDER_WAY = """
select b.sku_id, b.lot, b.serial, b.quantity from stock_balance b join stock_place p on p.id = b.place_id
where p.code = %s and b.state = 'in_transit' and b.quantity > 0 order by b.sku_id, b.lot, b.serial
"""
LOST = """
update inbound_transfer_line t set lost = w.units
from jsonb_to_recordset(%(lost)s::jsonb) as w(sku_id bigint, units bigint)
where t.transfer_id = %(transfer)s and t.sku_id = w.sku_id
"""


def expect_arrival(wanted: NewArrival, *, at: datetime, by: str) -> int:
    """Announce goods; what is expected counts as incoming at the site. Returns the arrival's id.

    Raises NotFound, Invalid, AnnouncedBefore.
    """
    location = location_id(wanted.site)
    errors = {
        f"lines.{sku}": f"1 to {QUANTITY_MAX}"
        for sku, units in wanted.lines.items()
        if not 0 < units <= QUANTITY_MAX
    }
    if wanted.kind not in ("asn", "po", "blind", "transfer", "return_to_origin"):
        errors["kind"] = "asn, po or blind"
    if wanted.kind != "blind" and not wanted.lines:
        errors["lines"] = "say what is expected, or receive it blind"
    if not 0 <= wanted.qc_percent <= 100:
        errors["qc_percent"] = "0 to 100"
    if errors:
        raise Invalid(what="The arrival", errors=errors)
    ids = sku_ids(list(wanted.lines))
    asked = {"location": location, "kind": wanted.kind, "supplier": wanted.supplier}
    asked |= {"reference": wanted.reference, "on": wanted.expected_on, "qc": wanted.qc_percent}
    with transaction.atomic():
        expect({(ids[sku], location): units for sku, units in wanted.lines.items()}, at=at, by=by)
        try:
            with transaction.atomic():
                row = {**asked, "transfer": wanted.transfer_id, "at": at, "by": by}
                ((made,),) = sql.run(SAVE, row)
        except (IntegrityError, psycopg.errors.UniqueViolation):
            ((known,),) = sql.run(SAME, asked)
            raise AnnouncedBefore(
                reference=wanted.reference, supplier=wanted.supplier, site=wanted.site, arrival=known
            ) from None
        lines = [{"sku_id": ids[sku], "units": units} for sku, units in wanted.lines.items()]
        sql.run(LINES, {"arrival": made, "lines": sql.rows(lines)})
        fact = ArrivalExpected(
            subject=f"arrival:{made}",
            at=at,
            actor=by,
            arrival_id=made,
            location=wanted.site,
            supplier=wanted.supplier,
            units=sum(wanted.lines.values()),
        )
        emit([fact])
    return int(made)


def close_arrival(arrival_id: int, *, because: str = "", at: datetime, by: str) -> None:
    """All that came was scanned: what did not come is short and no longer incoming; of a transfer, lost.

    Closed again it does nothing. Raises NotFound, ArrivalOver, Invalid (short, and nobody says why).
    """
    with transaction.atomic():
        before = arrival(arrival_id)
        levels = [(row[0], before.location_id) for row in sql.run(OPEN_LINES, (arrival_id,))]
        lock_some([*levels, *_levels_under_way(before.transit)])
        found = locked(arrival_id)
        if found.state == "received":
            return
        still_open(found)
        lines = sql.run(OPEN_LINES, (arrival_id,))
        short = {row[0]: row[2] - row[3] for row in lines if row[2] > row[3]}
        if short and not because.strip():
            missing = ", ".join(f"{row[2] - row[3]} × {row[1]}" for row in lines if row[2] > row[3])
            raise Invalid(what="The arrival", errors={"because": f"say why {missing} did not come"})
        expect({(sku, found.location_id): -units for sku, units in short.items()}, at=at, by=by)
        sql.run(CLOSE, {"id": arrival_id, "state": "received", "at": at, "because": because.strip()})
        if found.transfer_id is not None:
            _lose(found.transfer_id, found.transit, at=at, by=by)
        fact = ArrivalClosed(
            subject=found.subject,
            at=at,
            actor=by,
            arrival_id=arrival_id,
            location=found.site,
            received=sum(row[3] for row in lines),
            short=sum(short.values()),
            over=sum(max(0, row[3] - row[2]) for row in lines),
            damaged=sum(row[4] for row in lines),
            because=because.strip(),
        )
        emit([fact])


def cancel_arrival(arrival_id: int, *, because: str, at: datetime, by: str) -> None:
    """It does not come: nothing of it is incoming any more. Cancelled again it does nothing. Raises NotFound,
    Invalid, ArrivalOver, AlreadyReceived."""
    if not because.strip():
        raise Invalid(what="The arrival", errors={"because": "say why it does not come"})
    with transaction.atomic():
        before = arrival(arrival_id)
        lock_some((row[0], before.location_id) for row in sql.run(OPEN_LINES, (arrival_id,)))
        found = locked(arrival_id)
        if found.state == "cancelled":
            return
        still_open(found)
        lines = sql.run(OPEN_LINES, (arrival_id,))
        if found.transfer_id is not None or any(row[3] for row in lines):
            raise AlreadyReceived(arrival=arrival_id)
        expect({(row[0], found.location_id): -row[2] for row in lines}, at=at, by=by)
        sql.run(CLOSE, {"id": arrival_id, "state": "cancelled", "at": at, "because": because.strip()})
        fact = ArrivalCancelled(
            subject=found.subject,
            at=at,
            actor=by,
            arrival_id=arrival_id,
            location=found.site,
            because=because.strip(),
        )
        emit([fact])


def _levels_under_way(transit: str) -> list[tuple[int, int]]:
    if not transit:
        return []
    site = location_id(transit.partition("/")[0])
    return [(row[0], site) for row in sql.run(UNDER_WAY, (transit,))]


def _lose(transfer_id: int, transit: str, *, at: datetime, by: str) -> None:
    """What left and did not come is written off."""
    left = sql.run(UNDER_WAY, (transit,))
    moves = [
        Move(
            key=f"lost:TR-{transfer_id}:{n}",
            sku_id=sku_id,
            quantity=units,
            source=transit,
            target="world:adjustment",
            because="lost in transit",
            source_state=State.IN_TRANSIT,
            lot=lot,
            serial=serial,
            document=f"transfer:TR-{transfer_id}",
        )
        for n, (sku_id, lot, serial, units) in enumerate(left)
    ]
    post(moves, by=by, at=at)
    lost: dict[int, int] = {}
    for sku_id, _, _, units in left:
        lost[sku_id] = lost.get(sku_id, 0) + units
    rows = sql.rows({"sku_id": sku_id, "units": units} for sku_id, units in lost.items())
    sql.run(LOST, {"transfer": transfer_id, "lost": rows})
    done = "update inbound_transfer set state = 'received', done_at = %s where id = %s"
    sql.run(done, (at, transfer_id))
    fact = TransferReceived(
        subject=f"transfer:{transfer_id}", at=at, actor=by, transfer_id=transfer_id, lost=sum(lost.values())
    )
    emit([fact])
