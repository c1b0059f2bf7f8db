"""Parcels leave: units go from picked to the customer, lines count them as shipped. Set-based."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import ParcelHandedOver
from quartermaster.orders.actions.state import LineState, OrderState, load, save
from quartermaster.orders.rules.holds import Blocks
from quartermaster.orders.rules.units import balanced
from quartermaster.shipping.actions import units
from quartermaster.stock.actions import Move, State, post
from quartermaster.warehouse.actions import states

ORDERS = "select distinct order_id from warehouse_parcel where id = any(%s)"
READY = """
select p.id, p.order_id, p.allocation_id, s.code, p.carrier, p.tracking_number
from warehouse_parcel p join stock_location s on s.id = p.location_id
where p.id = any(%s) and p.state = 'labelled' order by p.id for no key update of p
"""
CONTENTS = """
select parcel_id, id, sku_id, quantity, lot, serial from warehouse_parcel_item
where parcel_id = any(%s) and sku_id is not null order by parcel_id, id
"""
LEFT = """
update warehouse_parcel set state = 'handed_over', handed_over_at = %(at)s, handed_over_recorded_at = now()
where id = any(%(ids)s)
"""


class Leaving(NamedTuple):
    """A parcel the carrier takes."""

    id: int
    order_id: int
    allocation_id: int | None
    site: str
    carrier: str
    tracking_number: str


class Stays(NamedTuple):
    """A parcel that must not leave, and why."""

    parcel_id: int
    order_id: int
    because: str


class Handed(NamedTuple):
    left: tuple[Leaving, ...]
    stay: tuple[Stays, ...]


def hand_over(parcel_ids: Sequence[int], *, at: datetime, by: str) -> Handed:
    """Hand labelled parcels over; those of cancelled and held orders stay. Statements do not grow with their
    number. Inside the caller's transaction, which holds no locks yet."""
    ids = list(parcel_ids)
    orders = load(order_id for (order_id,) in sql.run(ORDERS, (ids,)))
    ready = [Leaving._make(row) for row in sql.run(READY, (ids,))]
    stay = _staying(ready, orders)
    kept = {each.parcel_id for each in stay}
    left = [parcel for parcel in ready if parcel.id not in kept]
    if left:
        leave(left, orders, at=at, by=by)
    return Handed(tuple(left), tuple(stay))


def staying(parcel_ids: Sequence[int], orders: Mapping[int, OrderState]) -> list[Stays]:
    """Those of these labelled parcels that must not leave. The caller holds the locks of their orders."""
    return _staying([Leaving._make(row) for row in sql.run(READY, (list(parcel_ids),))], orders)


def _staying(ready: Sequence[Leaving], orders: Mapping[int, OrderState]) -> list[Stays]:
    return [Stays(p.id, p.order_id, why) for p in ready if (why := _why_not(orders[p.order_id]))]


def _why_not(order: OrderState) -> str:
    if order.is_cancelled:
        return "the order was cancelled"
    return f"the order is held ({', '.join(sorted(order.holds))})" if order.is_blocked(Blocks.RELEASE) else ""


def leave(left: Sequence[Leaving], orders: Mapping[int, OrderState], *, at: datetime, by: str) -> None:
    """Closed parcels of these orders, which are locked and saved, have left: whoever has them."""
    ids = [parcel.id for parcel in left]
    touched = {parcel.order_id: orders[parcel.order_id] for parcel in left}
    sites = {parcel.id: parcel for parcel in left}
    post(
        [
            Move(
                key=f"hand-over:{item_id}",
                sku_id=sku_id,
                quantity=quantity,
                source=sites[parcel_id].site,
                target="world:customer",
                because="handed over",
                source_state=State.PICKED,
                lot=lot,
                serial=serial,
                document=f"parcel:P-{parcel_id}",
            )
            for parcel_id, item_id, sku_id, quantity, lot, serial in sql.run(CONTENTS, (ids,))
        ],
        by=by,
        at=at,
    )
    gone = {leaves.line_id: leaves.units for leaves in units.leaving(touched, ids)}
    sql.run(LEFT, {"ids": ids, "at": at})
    for order in touched.values():
        for line in order.lines:
            _ship(line, gone.get(line.id, 0))
    units.label_units(touched.values())
    states.follow(touched.values(), at=at)
    save(list(touched.values()))
    emit(
        ParcelHandedOver(
            subject=f"order:SO-{parcel.order_id}",
            at=at,
            actor=by,
            order_id=parcel.order_id,
            parcel_id=parcel.id,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
        )
        for parcel in left
    )


def _ship(line: LineState, went: int) -> None:
    """Count what of the line leaves now."""
    if went:
        picked, packed = line.units.picked - went, line.units.packed - went
        labelled = min(line.units.labelled, packed)
        line.units = balanced(
            replace(
                line.units,
                picked=picked,
                packed=packed,
                labelled=labelled,
                shipped=line.units.shipped + went,
            )
        )
