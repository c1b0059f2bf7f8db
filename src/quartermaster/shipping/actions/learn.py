"""Remember whether parcels arrived in time: what services are compared by, beside their prices."""

from collections.abc import Sequence

from quartermaster.core import sql
from quartermaster.events import ParcelDelivered, ParcelUndelivered

# A parcel without a promise teaches nothing. A promised day ends in UTC:
# the receiver's zone is not known.
ARRIVED = """
insert into shipping_arrival (parcel_id, carrier, service, country, arrived_at, is_late)
select p.id, p.carrier, p.service, o.ship_to->>'country', e.at,
  e.at >= coalesce(p.promised_by, (p.promised_on + 1)::timestamp at time zone 'UTC')
from jsonb_to_recordset(%s::jsonb) as e(parcel_id bigint, at timestamptz)
join warehouse_parcel p on p.id = e.parcel_id join orders_order o on o.id = p.order_id
where p.carrier <> '' and p.promised_on is not null and coalesce(o.ship_to->>'country', '') <> ''
order by p.id
on conflict (parcel_id) do update set arrived_at = excluded.arrived_at, is_late = excluded.is_late,
  carrier = excluded.carrier, service = excluded.service, country = excluded.country
"""
TAKEN_BACK = "delete from shipping_arrival where parcel_id = any(%s)"


def learn(heard: Sequence[ParcelDelivered | ParcelUndelivered]) -> None:
    """The listener. Of a parcel that was told of more than once the last word counts. Two statements."""
    last = {event.parcel_id: event for event in heard}
    arrived = [each for each in last.values() if isinstance(each, ParcelDelivered)]
    gone = sorted(each.parcel_id for each in last.values() if isinstance(each, ParcelUndelivered))
    if arrived:
        sql.run(ARRIVED, (sql.rows({"parcel_id": each.parcel_id, "at": each.at} for each in arrived),))
    if gone:
        sql.run(TAKEN_BACK, (gone,))
