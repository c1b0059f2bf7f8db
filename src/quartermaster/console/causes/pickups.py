"""Vans that did not come: one that was called, or one for parcels scanned out that should have left."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select k.carrier as of, k.id::text as act, 'PU-' || k.id as title, '/ship/dispatch' as link,
  k.because as note, k.ends_at as at, k.ends_at as due_at, null::bigint as minor, '' as currency,
  null::bigint as order_id
from shipping_pickup k where k.state = 'missed' /*here k.location_id*/
union all
select m.carrier, 'M-' || m.id, 'M-' || m.id, '/ship', count(*) || ' parcels wait in the cage at ' || s.code,
  min(p.ship_by), min(p.ship_by), null::bigint, '', null::bigint
from shipping_manifest m join stock_location s on s.id = m.location_id
join shipping_label l on l.manifest_id = m.id join warehouse_parcel p on p.id = l.parcel_id
where m.state = 'open' and p.ship_by < %(now)s - interval '1 hour' /*here m.location_id*/
group by m.id, s.code
"""


def tell(group: Group) -> Told:
    title = f"{group.of} did not come for {many(group, 'pickup')}"
    return Told(When.NOW, title, f"{group.note.rstrip('.')}.", "See them", clause=title)


CAUSE = Cause("pickups", "Missed pickups", ROWS, tell)
