"""Parcels the carrier reports trouble with, that come back, or that have stopped moving."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

# Looked back two weeks, like parcels never scanned. Each parcel stands in one group: the row of it is counted
# anew every time, so nothing is told twice, and what is settled is gone by itself.
ROWS = """
select t.of, t.parcel_id::text as act,
  'P-' || p.id || coalesce(' · ' || nullif(p.tracking_number, ''), '') as title,
  '/orders/SO-' || o.id as link,
  coalesce((select nullif(s.message, '') from tracking_scan s where s.parcel_id = p.id
            order by s.at desc, s.id desc limit 1), 'The carrier says no more') as note,
  t.last_scan_at as at, t.due_at, o.total_minor as minor, o.currency, o.id as order_id
from (
  select parcel_id, status as of, last_scan_at, due_at from tracking_track
  where status in ('exception', 'return_to_sender') and last_scan_at >= %(now)s - interval '14 days'
  union all
  select parcel_id, 'stuck', last_scan_at, due_at from tracking_track
  where delivered_at is null and handed_over_at is not null
    and status not in ('exception', 'return_to_sender', 'cancelled')
    and last_scan_at >= %(now)s - interval '14 days' and last_scan_at < %(now)s - interval '5 days') t
join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
"""


def tell(group: Group) -> Told:
    match group.of:
        case "return_to_sender":
            title = f"{many(group, 'parcel')} coming back"
            why = "The receiver refused it, or the carrier gave up. Expect it at the dock; ask the buyer."
        case "stuck":
            title = f"{many(group, 'parcel')} not scanned for five days"
            why = "Scanned once and then no more. Ask the carrier where it lies before the customer asks you."
        case _:
            title = f"{many(group, 'parcel')} in trouble at the carrier"
            why = f"The newest says: {group.note.rstrip('.')}. An address or a call often settles it."
    return Told(When.NEXT, title, why, "See them")


CAUSE = Cause("trouble", "Trouble on the way", ROWS, tell, is_exception=False)
