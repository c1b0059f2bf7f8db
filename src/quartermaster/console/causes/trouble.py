"""Parcels the carrier reports trouble with, that come back, that have stopped moving, or that are lost."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.tracking.queries.late import LOST_DAYS_SQL
from quartermaster.tracking.queries.silence import LANES, hours, least
from quartermaster.warehouse.queries.care import parcels

_MOVES_NO_MORE = """t.delivered_at is null and t.handed_over_at is not null
    and t.status not in ('exception', 'return_to_sender', 'cancelled')"""
_HEARD = "coalesce(t.last_scan_at, t.handed_over_at)"
_LONG_AGO = f"%(now)s - interval '60 days' and %(now)s - make_interval(days => {LOST_DAYS_SQL})"
# Looked back two weeks, like parcels never scanned; for what is lost two months, as claims are. Each parcel
# stands in one group: the row of it is counted anew every time, so nothing is told twice, and what is settled
# is gone by itself; so is what somebody answered for.
ROWS = f"""
with {LANES}
select t.of, t.parcel_id::text as act,
  'P-' || p.id || coalesce(' · ' || nullif(p.tracking_number, ''), '') as title,
  '/orders/SO-' || o.id as link,
  coalesce(t.told, (select nullif(s.message, '') from tracking_scan s where s.parcel_id = p.id
            order by s.at desc, s.id desc limit 1), 'The carrier says no more') as note,
  t.since as at, t.due_at, o.total_minor as minor, o.currency, o.id as order_id
from (
  select t.parcel_id, t.status as of, t.last_scan_at as since, t.due_at, null as told from tracking_track t
  where t.status in ('exception', 'return_to_sender') and t.last_scan_at >= %(now)s - interval '14 days'
    and {parcels("exceptions", "t.last_scan_at").shown("open")}
  union all
  select t.parcel_id, 'stuck', t.last_scan_at, t.due_at, 'Allowed are ' || {hours("stuck_hours")} || ' h'
  from tracking_track t where {_MOVES_NO_MORE}
    and t.last_scan_at >= greatest(%(now)s - interval '14 days',
      %(now)s - make_interval(days => {LOST_DAYS_SQL}))
    and t.last_scan_at < %(now)s - make_interval(hours => {least("stuck_hours")})
    and t.last_scan_at < %(now)s - make_interval(hours => {hours("stuck_hours")})
    and {parcels("stuck", "t.last_scan_at").shown("open")}
  union all
  select t.parcel_id, 'lost', {_HEARD}, t.due_at, 'No sign of life since then'
  from tracking_track t where {_MOVES_NO_MORE}
    and (t.last_scan_at between {_LONG_AGO} or t.last_scan_at is null
      and t.handed_over_at between {_LONG_AGO} and t.handed_over_at > %(now)s - interval '14 days')
    and {parcels("lost", _HEARD).shown("open")}) t
join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
where true /*here p.location_id*/
"""  # noqa: S608 - constants only


def tell(group: Group) -> Told:
    match group.of:
        case "return_to_sender":
            title = f"{many(group, 'parcel')} coming back"
            why = "The receiver refused it, or the carrier gave up. Expect it at the dock; ask the buyer."
        case "stuck":
            title = f"{many(group, 'parcel')} not scanned for longer than they may be"
            why = "Scanned once and then no more. Ask the carrier where it lies before the customer asks you."
        case "lost":
            title = f"{many(group, 'parcel')} lost"
            why = "No sign of life for as long as what comes later hardly ever comes. A claim is proposed."
        case _:
            title = f"{many(group, 'parcel')} in trouble at the carrier"
            why = f"The newest says: {group.note.rstrip('.')}. An address or a call often settles it."
    return Told(When.NEXT, title, why, "See them")


CAUSE = Cause(
    "trouble", "Trouble on the way", ROWS, tell, is_exception=False, answered_in="/late?kind=exceptions"
)
