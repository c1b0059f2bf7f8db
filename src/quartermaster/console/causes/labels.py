"""Parcels that no carrier gave a label."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select last.carrier as of, p.id::text as act, 'P-' || p.id as title, '/orders/SO-' || o.id as link,
  last.because as note, last.asked_at as at, p.ship_by as due_at, o.total_minor as minor, o.currency,
  o.id as order_id
from warehouse_parcel p join orders_order o on o.id = p.order_id
cross join lateral (select * from shipping_label l where l.parcel_id = p.id order by l.id desc limit 1) last
where p.state = 'packed' and last.state = 'refused'
"""


def tell(group: Group) -> Told:
    carrier = group.of or "the carrier"
    title = f"{many(group, 'label')} refused by {carrier}"
    return Told(When.NOW, title, f"The newest: {group.note.rstrip('.')}.", "See the parcels", clause=title)


CAUSE = Cause("labels", "Labels refused", ROWS, tell)
