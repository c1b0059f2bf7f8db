"""Parcels on their way whose promise is broken already."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.warehouse.queries.care import parcels

# Looked back a month: what is overdue for longer is a claim, not work of today.
ROWS = f"""
select p.carrier as of, p.id::text as act,
  'P-' || p.id || coalesce(' · ' || nullif(p.tracking_number, ''), '') as title,
  '/orders/SO-' || o.id as link, replace(t.status, '_', ' ') as note, t.due_at as at, t.due_at,
  o.total_minor as minor, o.currency, o.id as order_id
from tracking_track t join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
where t.delivered_at is null and t.handed_over_at is not null
  and t.status not in ('return_to_sender', 'cancelled')
  and t.due_at < %(now)s and t.due_at >= %(now)s - interval '31 days' /*here p.location_id*/
  and {parcels("late", "t.due_at").shown("open")}
"""  # noqa: S608 - constants only


def tell(group: Group) -> Told:
    title = f"{many(group, 'parcel')} of {group.of or 'an unnamed carrier'} overdue"
    why = "Promised for a moment that is over, and not delivered. Tell the customers before they ask."
    return Told(When.NEXT, title, why, "See them")


CAUSE = Cause("overdue", "Overdue on the way", ROWS, tell, is_exception=False, answered_in="/late?kind=late")
