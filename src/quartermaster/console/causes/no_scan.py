"""Parcels handed over that the carrier has not scanned."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.tracking.queries.late import LOST_DAYS_SQL
from quartermaster.tracking.queries.silence import LANES, hours, least
from quartermaster.warehouse.queries.care import parcels

# Looked back two weeks, or until it counts as lost: older silence is history, and a carrier that never tells
# anything is not a cause.
ROWS = f"""
with {LANES}
select p.carrier as of, p.id::text as act,
  'P-' || p.id || coalesce(' · ' || nullif(p.tracking_number, ''), '') as title,
  '/orders/SO-' || o.id as link,
  'Handed over, never scanned; allowed are ' || {hours("no_scan_hours")} || ' h' as note,
  t.handed_over_at as at,
  null::timestamptz as due_at, o.total_minor as minor, o.currency, o.id as order_id
from tracking_track t join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
where t.delivered_at is null and t.handed_over_at is not null
  and t.status not in ('return_to_sender', 'cancelled') and t.first_scan_at is null
  and t.handed_over_at >= %(now)s - interval '14 days' /*here p.location_id*/
  and t.handed_over_at > %(now)s - make_interval(days => {LOST_DAYS_SQL})
  and t.handed_over_at < %(now)s - make_interval(hours => {least("no_scan_hours")})
  and t.handed_over_at < %(now)s - make_interval(hours => {hours("no_scan_hours")})
  and {parcels("no_scan", "t.handed_over_at").shown("open")}
"""  # noqa: S608 - constants only


def tell(group: Group) -> Told:
    title = f"{many(group, 'parcel')} never scanned by {group.of or 'the carrier'}"
    why = "Handed over longer ago than their lane allows. Ask the depot before the customer asks you."
    return Told(When.NEXT, title, why, "See them")


CAUSE = Cause("no-scan", "Never scanned", ROWS, tell, is_exception=False, answered_in="/late?kind=no_scan")
