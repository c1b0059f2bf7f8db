"""A packer puts picked units into a parcel, scan by scan, and closes it."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.orders.actions.one import locked as locked_order
from quartermaster.orders.actions.state import save
from quartermaster.warehouse.actions.add_inserts import add_inserts, miss_inserts, take_insert
from quartermaster.warehouse.actions.book_inserts import book_inserts
from quartermaster.warehouse.actions.confirm import SerialUnknown
from quartermaster.warehouse.actions.follow_plan import follow_plan
from quartermaster.warehouse.actions.give_up import give_up_empty
from quartermaster.warehouse.actions.parcels import Closing, ParcelOver, close_all, locked
from quartermaster.warehouse.actions.photos import ask_for_photo
from quartermaster.warehouse.actions.reconcile import reconcile
from quartermaster.warehouse.actions.stopped import refuse_when_stopped
from quartermaster.warehouse.actions.unpack import LESS, reopen
from quartermaster.warehouse.actions.weigh import weighed
from quartermaster.warehouse.queries.floor import on_floor
from quartermaster.warehouse.rules.boxes import Put, to_box, told
from quartermaster.warehouse.rules.surplus import OnFloor


class NothingToPack(Refused):
    code = "nothing-to-pack"
    message = "Nothing that was picked for {number} at {location} waits for a parcel."
    remedy = "Pick it first; the order shows what is where."


class UnknownCode(Refused):
    code = "unknown-code"
    status = 422
    message = "{code} is no barcode, SKU or serial number we know."
    remedy = "Scan again, or type the SKU."


class WrongItem(Refused):
    code = "wrong-item"
    message = "This is {sku}, the order needs {needed}."
    remedy = "Put it aside and scan the right one."


class TooMany(Refused):
    code = "too-many"
    message = "This is {units} × {sku}, the order needs {needed}."
    remedy = "Put the rest aside, or scan single units."


class SerialToScan(Refused):
    code = "serial-wanted"
    status = 422
    message = "Each {sku} has a serial number: scan it."
    remedy = "Scan the serial number on the unit."


class EmptyParcel(Refused):
    code = "parcel-empty"
    message = "P-{parcel_id} is empty."
    remedy = "Scan what goes into it first."


class NotAllPacked(Refused):
    code = "not-all-packed"
    message = "{left} was picked for {number} and is in no parcel."
    remedy = "Scan it into this parcel, or close the parcel as one of several."


class Scanned(NamedTuple):
    """What a scan put into the parcel, and how many units of the order wait for one still."""

    sku: str
    units: int
    left: int


MAKE = """
insert into warehouse_parcel (order_id, allocation_id, location_id, ship_by, promised_on, promised_by,
  made_at)
select w.order_id, a.id, w.location_id, a.ship_by, coalesce(a.promised_on, o.promised_on),
  case when a.promised_on is null then o.promised_by else a.promised_by end,
  %(at)s
from jsonb_to_recordset(%(wanted)s::jsonb) as w(order_id bigint, location_id bigint)
join orders_order o on o.id = w.order_id
left join lateral (
  select id, ship_by, promised_on, promised_by from allocation_allocation
  where order_id = w.order_id and location_id = w.location_id and state <> 'cancelled'
  order by ship_by nulls last, id limit 1) a on true
order by w.order_id, w.location_id
returning id, order_id, location_id
"""
# A SKU's own code stands for one unit.
MEANT = """
select s.id, s.code, b.pack_quantity from catalog_barcode b join catalog_sku s on s.id = b.sku_id
where b.code = %(code)s
union all select id, code, 1 from catalog_sku where code = %(code)s
"""
PUT = """
with put as materialized (
  select * from jsonb_to_recordset(%(items)s::jsonb)
    as p(n int, parcel_id bigint, line_id bigint, sku_id bigint, quantity bigint, lot text, serial text)),
more as (
  update warehouse_parcel_item i set quantity = i.quantity + put.quantity from put
  where (i.parcel_id, i.line_id, i.sku_id, i.lot, i.serial)
    = (put.parcel_id, put.line_id, put.sku_id, put.lot, put.serial) and put.serial = ''
  returning put.n)
insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity, lot, serial)
select parcel_id, line_id, sku_id, quantity, lot, serial from put
where n not in (select n from more) order by n
"""
CODES = "select id, code from catalog_sku where id = any(%s)"


def open_parcel(number: str, location: str, *, at: datetime, by: str) -> int:
    """A new parcel for what was picked for an order at a site. Returns its id. An order may have several.
    Raises NotFound, Stopped, NothingToPack."""
    with transaction.atomic():
        order = locked_order(number)
        refuse_when_stopped(order)
        site = sql.run("select id from stock_location where code = %s", (location,))
        if not site:
            raise NotFound(what="location", which=location)
        if not _table(order.id, site[0][0]):
            raise NothingToPack(number=order.number, location=location)
        wanted = sql.rows([{"order_id": order.id, "location_id": site[0][0]}])
        made = int(sql.run(MAKE, {"wanted": wanted, "at": at})[0][0])
        add_inserts([made], {order.id: order}, at=at)
        return made


def scan(parcel_id: int, code: str, *, serial: str = "", at: datetime, by: str) -> Scanned:
    """A unit goes into the parcel, or the pack its barcode stands for. `code`: barcode, SKU or serial number.

    Each call is a scan of its own. Raises UnknownCode, WrongItem, TooMany, SerialToScan, SerialUnknown,
    ParcelOver, Stopped, NotFound.
    """
    with transaction.atomic():
        parcel, orders = locked(parcel_id)
        if parcel.state != "packing":
            raise ParcelOver(parcel_id=parcel_id, state=parcel.state)
        refuse_when_stopped(orders[parcel.order_id])
        table = _table(parcel.order_id, parcel.location_id)
        sku_id, sku, units, serial = _meant(code, serial, table)
        mine = [one for one in table if one.sku_id == sku_id]
        left = sum(one.units for one in mine)
        if not left and take_insert(parcel_id, sku, at=at):
            return Scanned(sku, 1, sum(one.units for one in table))
        if not left:
            raise WrongItem(sku=sku, needed=told(_needed(table)))
        if units > left:
            raise TooMany(units=units, sku=sku, needed=f"{left} × {sku}")
        if any(one.serial for one in mine):
            if not serial:
                raise SerialToScan(sku=sku)
            mine = [one for one in mine if one.serial == serial]
            if not mine:
                raise SerialUnknown(serial=serial, sku=sku, place="what was picked for this order")
        put_into([(parcel_id, put) for put in to_box(mine, units)])
    return Scanned(sku, units, sum(one.units for one in table) - units)


def _meant(code: str, serial: str, table: list[OnFloor]) -> tuple[int, str, int, str]:
    """(SKU id, SKU, units, serial number) of what was scanned."""
    found = sql.run(MEANT, {"code": code})
    if found:
        return found[0][0], found[0][1], found[0][2], serial
    for one in table:
        if one.serial == code:
            return one.sku_id, _codes([one.sku_id])[one.sku_id], 1, code
    raise UnknownCode(code=code[:80])


def put_into(puts: list[tuple[int, Put]]) -> None:
    """Units go from the table into parcels. One statement."""
    rows = [
        {
            "n": n,
            "parcel_id": parcel_id,
            "line_id": put.there.line_id,
            "sku_id": put.there.sku_id,
            "quantity": put.units,
            "lot": put.there.lot,
            "serial": put.there.serial,
        }
        for n, (parcel_id, put) in enumerate(puts)
    ]
    sql.run(PUT, {"items": sql.rows(rows)})


def take_out(parcel_id: int, item_id: int, quantity: int, *, at: datetime, by: str) -> None:
    """Units come out of an open parcel again. Raises NotFound, ParcelOver, Invalid."""
    with transaction.atomic():
        parcel, _ = locked(parcel_id)
        if parcel.state != "packing":
            raise ParcelOver(parcel_id=parcel_id, state=parcel.state)
        found = {one.item_id: one for one in on_floor([parcel.order_id]) if one.parcel_id == parcel_id}
        if item_id not in found:
            raise NotFound(what=f"item in P-{parcel_id}", which=item_id)
        if not 0 < quantity <= found[item_id].units:
            raise Invalid(what="The units", errors={"quantity": f"1 to {found[item_id].units}"})
        sql.run(LESS, {"items": sql.rows([{"id": item_id, "units": quantity}])})


def close(
    parcel_id: int,
    *,
    partly: bool = False,
    carton: str = "",
    weight_g: int | None = None,
    size_mm: tuple[int, int, int] | None = None,
    weight_because: str = "",
    carton_because: str = "",
    insert_because: str = "",
    photo_because: str = "",
    at: datetime,
    by: str,
) -> None:
    """Close a parcel: what is in it is packed. Closing it again does nothing.

    `partly`: the order gets more parcels; else all that was picked for it here must be in one. Units nobody
    wants any more come out first, and empty parcels that nothing waits for then are given up. A carton of the
    packaging gives its size, and is weighed against: see `weighed` for `weight_because`. One that was not
    suggested wants `carton_because`, an article among the inserts that was not scanned `insert_because`, a
    photo the packaging asks for and nobody took `photo_because`. Raises EmptyParcel, NotAllPacked,
    InsertMissing, PhotoWanted, Stopped, ParcelOver, CartonNotPlanned, WeightOff, Invalid, NotFound.
    """
    if (weight_g is not None and weight_g <= 0) or (size_mm is not None and min(size_mm) <= 0):
        raise Invalid(what="The parcel", errors={"weight_g": "weights and sizes are above zero"})
    with transaction.atomic():
        parcel, orders = locked(parcel_id)
        if parcel.state in ("packed", "labelled"):
            return
        order = orders[parcel.order_id]
        refuse_when_stopped(order)
        reconcile(orders, at=at, by=by)
        parcel, _ = locked(parcel_id)
        if parcel.state != "packing":
            raise ParcelOver(parcel_id=parcel_id, state=parcel.state)
        there = on_floor([order.id])
        if not any(one.parcel_id == parcel_id for one in there):
            raise EmptyParcel(parcel_id=parcel_id)
        table = [one for one in there if not one.parcel_id and one.location_id == parcel.location_id]
        if table and not partly:
            raise NotAllPacked(left=told(_needed(table)), number=order.number)
        length, width, height = size_mm or (None, None, None)
        closing = Closing(parcel_id, order.id, parcel.location, carton, weight_g, length, width, height)
        heirs = {(order.id, parcel.location_id): parcel_id}
        give_up_empty([order.id], closing=[parcel_id], heirs=heirs, at=at, by=by)
        miss_inserts(closing, because=insert_because, at=at, by=by)
        ask_for_photo(closing, because=photo_because, at=at, by=by)
        follow_plan(closing, because=carton_because, at=at, by=by)
        closing = weighed(closing, because=weight_because, at=at, by=by)
        close_all([closing], orders, at=at, by=by)
        book_inserts([closing], is_scanned=True, at=at, by=by)


def open_again(parcel_id: int, *, because: str, at: datetime, by: str) -> None:
    """Open a closed parcel: what is in it is picked, not packed, and its label is given back. One that is
    open stays so, unless it is empty and nothing waits for it. Raises ParcelOver (handed over, cancelled),
    Invalid, NotFound."""
    if not because.strip():
        raise Invalid(what="The opening", errors={"because": "say why"})
    with transaction.atomic():
        parcel, orders = locked(parcel_id)
        if parcel.state not in ("packing", "packed", "labelled"):
            raise ParcelOver(parcel_id=parcel_id, state=parcel.state)
        reopen([parcel_id], orders, because=because.strip(), at=at, by=by)
        reconcile(orders, at=at, by=by)
        save(list(orders.values()))


def _table(order_id: int, location_id: int) -> list[OnFloor]:
    """What was picked for the order here and is in no parcel yet."""
    return [one for one in on_floor([order_id]) if not one.parcel_id and one.location_id == location_id]


def _needed(table: list[OnFloor]) -> list[tuple[str, int]]:
    codes = _codes(one.sku_id for one in table)
    units: Counter[str] = Counter()
    for one in table:
        units[codes[one.sku_id]] += one.units
    return sorted(units.items())


def _codes(sku_ids: object) -> dict[int, str]:
    return dict(sql.run(CODES, (sorted(set(sku_ids)),)))  # type: ignore[call-overload]
