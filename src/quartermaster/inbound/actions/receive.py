"""A scan at the dock: units are there, and lie where nobody picks them before they are put away."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.core.texts import short, storable
from quartermaster.events import GoodsReceived
from quartermaster.inbound.actions.dock import dock
from quartermaster.inbound.actions.rows import Arrival, arrival, locked, still_open
from quartermaster.inbound.rules.receiving import Came, Line, Scanned, came
from quartermaster.stock.actions import KeyReused, LotDate, Move, State, date_lots, post
from quartermaster.stock.actions.expect import expect
from quartermaster.stock.actions.lock import open_levels
from quartermaster.stock.queries.locations import location_id


class UnknownBarcode(Refused):
    code = "unknown-barcode"
    status = 422
    message = "Nothing in the catalog has the barcode {scan}."
    remedy = "Set the goods aside, add the barcode to its SKU, and scan again."


class Scan(Struct, frozen=True, kw_only=True):
    """What was scanned. key: the scan's own id. code: barcode or SKU; a barcode of a case counts its units.
    quantity and damaged: of what the code stands for. place: a bin of the dock, else the site's first."""

    key: str
    code: str
    quantity: int = 1
    damaged: int = 0
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    because: str = ""
    place: str = ""


class Received(NamedTuple):
    """What a scan came to. left: units of the line still expected; waiting: units orders wait for."""

    receipt_id: int
    sku: str
    sku_id: int
    units: int
    damaged: int
    qc: int
    left: int
    place: str
    is_new: bool


class _Sku(NamedTuple):
    id: int
    code: str
    units: int  # one scan stands for
    needs: frozenset[str]


# What a SKU asks for stands among its attributes: {"needs": ["lot", "expiry", "serial"]}.
SKU = """
select s.id, s.code, coalesce(b.pack_quantity, 1),
  array(select jsonb_array_elements_text(
    case when jsonb_typeof(s.attributes -> 'needs') = 'array' then s.attributes -> 'needs' else '[]' end))
from catalog_sku s left join catalog_barcode b on b.sku_id = s.id and b.code = %(code)s
where not s.is_kit and s.id = coalesce(
  (select sku_id from catalog_barcode where code = %(code)s),
  (select id from catalog_sku where code = %(code)s))
"""
KNOWN = """
select r.id, r.arrival_id, r.sku_id, r.quantity, r.damaged, r.lot, r.serial, r.qc, p.code
from inbound_receipt r join stock_place p on p.id = r.place_id where r.key = %s
"""
LINE = "select expected, received, damaged from inbound_arrival_line where arrival_id = %s and sku_id = %s"
COUNT = """
insert into inbound_arrival_line (arrival_id, sku_id, expected, received, damaged)
values (%(arrival)s, %(sku)s, 0, %(units)s, %(damaged)s)
on conflict (arrival_id, sku_id) do update set received = inbound_arrival_line.received + excluded.received,
  damaged = inbound_arrival_line.damaged + excluded.damaged
"""
SAVE = """
insert into inbound_receipt (key, arrival_id, sku_id, place_id, quantity, damaged, qc, in_transit, lot,
  serial, because, at, by)
select %(key)s, %(arrival)s, %(sku)s, p.id, %(units)s, %(damaged)s, %(qc)s, %(in_transit)s, %(lot)s,
  %(serial)s, %(because)s, %(at)s, %(by)s from stock_place p where p.code = %(place)s
returning id
"""
BEGUN = """
update inbound_arrival set state = 'receiving', arrived_at = coalesce(arrived_at, %(at)s),
  first_scan_at = coalesce(first_scan_at, %(at)s)
where id = %(id)s and (state <> 'receiving' or first_scan_at is null)
"""
UNDER_WAY = """
select coalesce(sum(b.quantity), 0)::bigint from stock_balance b join stock_place p on p.id = b.place_id
where p.code = %s and b.sku_id = %s and b.state = 'in_transit' and b.lot = %s and b.serial = %s
"""


def receive(arrival_id: int, scan: Scan, *, at: datetime, by: str) -> Received:
    """Take units in. The same scan again does nothing. What is expected and not here yet becomes less.

    Good units lie at the dock in state received, a sample of them in qc, damaged ones in damaged. Raises
    NotFound, Invalid, ArrivalOver, UnknownBarcode, Needed, ExpiredOnArrival, MoreThanExpected, KeyReused,
    SerialElsewhere.
    """
    sku = _sku(scan.code)
    told = _told(scan, sku)
    found = arrival(arrival_id)
    place = dock(found.site, scan.place, at=at, by=by)
    with transaction.atomic():
        levels = [(sku.id, found.location_id)]
        if found.transit:
            levels.append((sku.id, location_id(found.transit.partition("/")[0])))
        open_levels(levels)
        known = sql.run(KNOWN, (scan.key,))
        if known:
            return _again(known[0], scan, told, sku, arrival_id)
        found = locked(arrival_id)
        still_open(found)
        line = Line(*next(iter(sql.run(LINE, (arrival_id, sku.id))), (0, 0, 0)))
        what = came(told, line, qc_percent=found.qc_percent, is_blind=found.kind == "blind", today=at.date())
        return _take_in(found, scan.key, told, sku, place, line, what, at=at, by=by)


def _take_in(
    found: Arrival,
    key: str,
    told: Scanned,
    sku: _Sku,
    place: str,
    line: Line,
    what: Came,
    *,
    at: datetime,
    by: str,
) -> Received:
    under_way = 0
    if found.transit:
        held = sql.run(UNDER_WAY, (found.transit, sku.id, told.lot, told.serial))[0][0]
        under_way = min(int(held), told.quantity)
    row = {"key": key, "arrival": found.id, "sku": sku.id, "place": place, "units": told.quantity}
    row |= {"damaged": told.damaged, "qc": what.qc, "in_transit": under_way, "lot": told.lot}
    row |= {"serial": told.serial, "because": told.because, "at": at, "by": by}
    post(_moves(found, key, told, sku, place, what.qc, under_way), by=by, at=at)
    if told.expires_on:
        date_lots([LotDate(sku.id, told.lot, told.expires_on)], by=by, at=at)
    ((receipt_id,),) = sql.run(SAVE, row)
    sql.run(COUNT, row)
    sql.run(BEGUN, {"id": found.id, "at": at})
    expect({(sku.id, found.location_id): -what.awaited}, at=at, by=by)
    fact = GoodsReceived(
        subject=found.subject,
        at=at,
        actor=by,
        arrival_id=found.id,
        receipt_id=receipt_id,
        sku=sku.code,
        units=told.quantity,
        damaged=told.damaged,
        to_check=what.qc,
        place=place,
        because=told.because,
    )
    emit([fact])
    left = max(0, line.expected - line.received - told.quantity)
    return Received(receipt_id, sku.code, sku.id, told.quantity, told.damaged, what.qc, left, place, True)


def _moves(
    found: Arrival, key: str, told: Scanned, sku: _Sku, place: str, qc: int, under_way: int
) -> list[Move]:
    """Units under way come first out of transit; of a transfer, those nobody sent are an adjustment. What
    nobody took comes back from the customer."""
    good = told.quantity - told.damaged - qc
    states = [(State.RECEIVED, good), (State.QC, qc), (State.DAMAGED, told.damaged)]
    elsewhere = "world:adjustment" if found.transit else "world:supplier"
    if found.kind == "return_to_origin":
        elsewhere = "world:customer"
    moves: list[Move] = []
    left = under_way
    for state, units in states:
        sent = min(left, units)
        left -= sent
        for source, count in ((found.transit, sent), (elsewhere, units - sent)):
            if count:
                moves.append(
                    Move(
                        key=f"receive:{key}:{len(moves)}",
                        sku_id=sku.id,
                        quantity=count,
                        source=source,
                        target=place,
                        because=told.because or "received",
                        source_state=State.IN_TRANSIT if source == found.transit else State.AVAILABLE,
                        target_state=state,
                        lot=told.lot,
                        serial=told.serial,
                        document=f"arrival:IN-{found.id}",
                    )
                )
    return moves


def _sku(code: str) -> _Sku:
    for sku_id, name, units, needs in sql.run(SKU, {"code": storable(code)}):
        return _Sku(sku_id, name, units, frozenset(needs))
    raise UnknownBarcode(scan=short(code, 80))


def _told(scan: Scan, sku: _Sku) -> Scanned:
    errors = {}
    if not 0 < scan.quantity * sku.units <= QUANTITY_MAX:
        errors["quantity"] = f"1 to {QUANTITY_MAX}"
    if not 0 <= scan.damaged <= scan.quantity:
        errors["damaged"] = "some of those received"
    if scan.serial and scan.quantity * sku.units != 1:
        errors["serial"] = "one unit a scan, when it has a serial number"
    if not scan.key.strip() or len(scan.key) > 120:
        errors["key"] = "1 to 120 characters"
    if errors:
        raise Invalid(what="The scan", errors=errors)
    return Scanned(
        sku.code,
        scan.quantity * sku.units,
        scan.damaged * sku.units,
        storable(scan.lot.strip()),
        storable(scan.serial.strip()),
        scan.expires_on,
        storable(scan.because.strip()),
        sku.needs,
    )


def _again(
    known: tuple[int, int, int, int, int, str, str, int, str],
    scan: Scan,
    told: Scanned,
    sku: _Sku,
    arrival_id: int,
) -> Received:
    receipt_id, of, sku_id, units, damaged, lot, serial, qc, place = known
    same = (of, sku_id, units, damaged, lot, serial)
    if same != (arrival_id, sku.id, told.quantity, told.damaged, told.lot, told.serial):
        raise KeyReused(key=scan.key)
    expected, received, _ = sql.run(LINE, (arrival_id, sku.id))[0]
    left = max(0, expected - received)
    return Received(receipt_id, sku.code, sku_id, units, damaged, qc, left, place, False)
