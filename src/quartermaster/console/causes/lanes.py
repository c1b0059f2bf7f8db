"""Lanes on which far more parcels come late than on others: as insight saw it last."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select k.of, p.id::text as act, 'P-' || p.id || coalesce(' · ' || nullif(p.tracking_number, ''), '') as title,
  '/orders/SO-' || o.id as link, k.told as note, coalesce(p.promised_by, k.computed_at) as at,
  null::timestamptz as due_at,
  o.total_minor as minor, o.currency, o.id as order_id
from insight_spike k, unnest(k.ids) as r(id) join warehouse_parcel p on p.id = r.id
join orders_order o on o.id = p.order_id
where k.kind = 'lane' and k.computed_at <= %(now)s /*here p.location_id*/
"""


def tell(group: Group) -> Told:
    carrier, site, country = group.of.split(":")
    title = f"{many(group, 'parcel')} from {site or 'no site'} to {country or 'nowhere'} came late"
    why = f"{group.note}. Ask {carrier or 'the carrier'}, or send another way."
    return Told(When.NEXT, title, why, "See them")


CAUSE = Cause("lanes", "Bad lanes", ROWS, tell, is_exception=False)
