"""A parcel comes back undelivered: its units are expected at the site it left from."""

from collections.abc import Sequence

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import ParcelReturning, ReturnExpected
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.tracking.actions.refold import lock

FROM = "Returned to sender"  # stands where a delivery has its supplier
# Warehouses of others receive for themselves.
UNITS = """
select p.id, p.order_id, c.code, s.code, sum(i.quantity)::bigint
from warehouse_parcel p join stock_location c on c.id = p.location_id and c.kind in ('own', 'store')
join warehouse_parcel_item i on i.parcel_id = p.id join catalog_sku s on s.id = i.sku_id and not s.is_kit
where p.id = any(%s) and p.state = 'handed_over' and p.external_id = '' and not exists (
  select from inbound_arrival a where a.kind = 'return_to_origin' and a.location_id = p.location_id
    and a.reference = 'P-' || p.id)
group by 1, 2, 3, 4 order by 1, 4
"""


def expect_back(heard: Sequence[ParcelReturning]) -> None:
    """The listener: each parcel gets one expectation, however often its return is told. Every unit of it is
    looked at before it is put away."""
    lock(event.order_id for event in heard)
    told = {event.parcel_id: event for event in heard}
    parcels: dict[tuple[int, int, str], dict[str, int]] = {}
    for parcel_id, order_id, site, sku, units in sql.run(UNITS, (sorted(told),)):
        parcels.setdefault((parcel_id, order_id, site), {})[sku] = units
    facts = []
    for (parcel_id, order_id, site), lines in parcels.items():
        at = told[parcel_id].at
        wanted = NewArrival(
            site=site,
            kind="return_to_origin",
            lines=lines,
            supplier=FROM,
            reference=f"P-{parcel_id}",
            qc_percent=100,
        )
        arrival = expect_arrival(wanted, at=at, by="tracking")
        facts.append(
            ReturnExpected(
                subject=f"order:SO-{order_id}",
                at=at,
                actor="tracking",
                order_id=order_id,
                parcel_id=parcel_id,
                arrival_id=arrival,
                location=site,
                units=sum(lines.values()),
            )
        )
    emit(facts)
