"""A parcel left an outside site: it is packed and handed over in the same moment, as our own are one after
the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.events import CancelCameLate, OutsideShipped
from quartermaster.orders.actions.state import OrderState
from quartermaster.outside.actions.row import Row
from quartermaster.outside.actions.say import say
from quartermaster.outside.ports import Item, Shipment
from quartermaster.shipping.actions.hand_over import Leaving, leave
from quartermaster.warehouse.actions.pack import MAKE, put_into
from quartermaster.warehouse.actions.parcels import Closing, close_all
from quartermaster.warehouse.queries.floor import outside
from quartermaster.warehouse.rules.boxes import Put
from quartermaster.warehouse.rules.surplus import OnFloor

SKUS = "select id, code from catalog_sku where id = any(%s)"
CARRIER = """
update warehouse_parcel
set carrier = %(carrier)s, tracking_number = %(number)s, allocation_id = %(allocation)s
where id = %(id)s
"""
KEEP = "insert into outside_shipment (outside_id, reference, parcel_id, told_at) values (%s, %s, %s, now())"
LATE = "update outside_order set cancel = 'late' where id = %s"


def there_for(order: OrderState, row: Row) -> list[OnFloor]:
    """What the site still has of this order."""
    return [one for one in outside([order.id]) if one.location_id == row.site_id and not one.parcel_id]


def too_much(row: Row, items: Sequence[Item], there: Sequence[OnFloor]) -> str:
    """Why these items cannot have left: more than was sent, or something else. "" when they can."""
    codes = _codes(there)
    units: Counter[str] = Counter()
    for one in there:
        units[codes[one.sku_id]] += one.units
    told: Counter[str] = Counter()
    for item in items:
        told[item.sku] += item.quantity
    wrong = [
        f"{count} × {sku} ({units[sku]} are to be shipped)"
        for sku, count in sorted(told.items())
        if count > units[sku] or count <= 0
    ]
    if not told:
        return f"{row.site} says a parcel left with nothing in it"
    return f"{row.site} says it shipped " + ", ".join(wrong) if wrong else ""


def ship(order: OrderState, row: Row, shipment: Shipment, *, at: datetime, by: str) -> int:
    """The parcel left with these items, which are there. The caller holds both locks. Returns its id.

    It left also when the order was cancelled meanwhile: what happened is kept, and said so.
    """
    orders: Mapping[int, OrderState] = {order.id: order}
    spot = sql.rows([{"order_id": order.id, "location_id": row.site_id}])
    parcel_id = int(sql.run(MAKE, {"wanted": spot, "at": at})[0][0])
    put_into([(parcel_id, put) for put in _puts(there_for(order, row), shipment.items)])
    close_all([Closing(parcel_id, order.id, row.site)], orders, at=at, by=by)
    carrier = shipment.carrier or row.slug
    facts = {"carrier": carrier, "number": shipment.tracking_number, "allocation": row.allocation_id}
    sql.run(CARRIER, {**facts, "id": parcel_id})
    gone = Leaving(parcel_id, order.id, row.allocation_id, row.site, carrier, shipment.tracking_number)
    leave([gone], orders, at=at, by=by)
    sql.run(KEEP, (row.id, shipment.reference, parcel_id))
    _tell(order, row, shipment, parcel_id, at=at, by=by)
    return parcel_id


def _tell(order: OrderState, row: Row, shipment: Shipment, parcel_id: int, *, at: datetime, by: str) -> None:
    units = sum(item.quantity for item in shipment.items)
    say(OutsideShipped, order, row, at=at, by=by, parcel_id=parcel_id, units=units)
    if order.is_cancelled or row.cancel in ("asked", "late"):
        sql.run(LATE, (row.id,))
        because = f"{row.site} had shipped it when the cancellation came"
        say(CancelCameLate, order, row, at=at, by=by, parcel_id=parcel_id, because=because)


def _puts(there: Sequence[OnFloor], items: Sequence[Item]) -> list[Put]:
    """Which of the units on our books are in the parcel: those of the lot and serial they name first."""
    codes = _codes(there)
    left = [one.units for one in there]
    puts = []
    for item in items:
        needed = item.quantity
        mine = [n for n, one in enumerate(there) if codes[one.sku_id] == item.sku]
        mine.sort(key=lambda n, i=item: (there[n].lot != i.lot, there[n].serial != i.serial))  # type: ignore[misc]
        for n in mine:
            goes = min(needed, left[n])
            if goes:
                puts.append(Put(there[n], goes))
                left[n] -= goes
                needed -= goes
    return puts


def _codes(there: Sequence[OnFloor]) -> dict[int, str]:
    return dict(sql.run(SKUS, (sorted({one.sku_id for one in there}),)))
