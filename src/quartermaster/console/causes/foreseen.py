"""Parcels on their way that are likelier late than not, by what their lane does."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.warehouse.queries.care import parcels

ROWS = f"""
select p.carrier as of, p.id::text as act,
  'P-' || p.id || coalesce(' · ' || nullif(p.tracking_number, ''), '') as title,
  '/orders/SO-' || o.id as link, r.because as note, r.foreseen_at as at, r.due_at, o.total_minor as minor,
  o.currency, o.id as order_id
from tracking_risk r join tracking_track t on t.parcel_id = r.parcel_id
join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
where t.delivered_at is null and r.due_at > %(now)s /*here p.location_id*/
  and {parcels("foreseen", "r.foreseen_at").shown("open")}
"""  # noqa: S608 - constants only


def tell(group: Group) -> Told:
    title = f"{many(group, 'parcel')} of {group.of or 'an unnamed carrier'} likely late"
    why = "Still in time, but most parcels of their lane are not there in time from where these are."
    return Told(When.LATER, title, why, "See them")


CAUSE = Cause("foreseen", "Likely late", ROWS, tell, is_exception=False, answered_in="/late?kind=foreseen")
