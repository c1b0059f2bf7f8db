"""A lead vouches for units whose barcodes cannot be read."""

from datetime import datetime

from django.db import transaction

from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import PackedUnscanned
from quartermaster.warehouse.actions.pack import NothingToPack, put_into
from quartermaster.warehouse.actions.parcels import ParcelOver, locked
from quartermaster.warehouse.actions.stopped import refuse_when_stopped
from quartermaster.warehouse.queries.floor import on_floor
from quartermaster.warehouse.rules.boxes import Put


def pack_unscanned(parcel_id: int, *, because: str, at: datetime, by: str) -> int:
    """Everything that was picked for the order here goes into the open parcel without a scan; who vouched for
    it, and why, stays with the order. Returns the units. Raises Invalid, ParcelOver, Stopped, NothingToPack,
    NotFound."""
    if not because.strip():
        raise Invalid(what="The bypass", errors={"because": "say why nothing was scanned"})
    with transaction.atomic():
        parcel, orders = locked(parcel_id)
        if parcel.state != "packing":
            raise ParcelOver(parcel_id=parcel_id, state=parcel.state)
        order = orders[parcel.order_id]
        refuse_when_stopped(order)
        table = [
            one for one in on_floor([order.id]) if not one.parcel_id and one.location_id == parcel.location_id
        ]
        if not table:
            raise NothingToPack(number=order.number, location=parcel.location)
        put_into([(parcel_id, Put(one, one.units)) for one in table])
        units = sum(one.units for one in table)
        emit(
            [
                PackedUnscanned(
                    subject=order.subject,
                    at=at,
                    actor=by,
                    order_id=order.id,
                    parcel_id=parcel_id,
                    units=units,
                    because=because.strip(),
                )
            ]
        )
    return units
