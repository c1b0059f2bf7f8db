"""Suggest cartons for what lies on the bench, when a packer begins a parcel."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from quartermaster.core.errors import NotFound
from quartermaster.shipping.queries.packing import on_the_bench
from quartermaster.shipping.queries.shipments import to_ship
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.cartons import VERSION, Terms, Wanted, by_the_kilogram, suggest, terms_for
from quartermaster.warehouse.actions.keep_plan import Planned, keep_plan
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.queries.parcels import parcel as find
from quartermaster.warehouse.rules.packaging import HAZMAT


def plan_packing(parcel_id: int, *, at: datetime, by: str) -> None:
    """Choose cartons for all that was picked and is in no closed parcel, and keep it with its reasons.

    The search runs outside every transaction: nobody waits for it. Asked again it writes only what changed.
    Raises NotFound, ParcelOver.
    """
    ready = to_ship({parcel_id: at}).get(parcel_id)
    if ready is None:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    tables, packaging = tables_in_force().tables, packaging_in_force().packaging
    goods = on_the_bench(parcel_id)
    here = replace(packaging, cartons=packaging.at(find(parcel_id).location or ""), inserts=())
    terms: tuple[Terms, ...] = (by_the_kilogram(packaging),)
    if ready.shipment is not None:
        shipment = replace(ready.shipment, is_hazmat=any(one.kind == HAZMAT for one in goods))
        terms = terms_for(shipment, tables, packaging, on=shipment.ready_at.date())
    wanted = Wanted(VERSION, goods, here, terms)
    found = suggest(wanted)
    planned = Planned(
        plan=msgspec.json.encode(found.plan).decode() if found.plan is not None else None,
        because=found.because,
        inputs=msgspec.json.encode(wanted),
        versions=(VERSION, packaging.version, tables.version),
    )
    keep_plan(parcel_id, planned, at=at, by=by)
