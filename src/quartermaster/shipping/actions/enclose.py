"""A label for the way back goes into the box, where the switch for its site and country is on."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.shipping.actions.returning import BUY_RETURN
from quartermaster.shipping.queries.tables import tables_in_force

GOING = """
select p.id, coalesce(l.code, ''), coalesce(o.ship_to ->> 'country', '')
from warehouse_parcel p join orders_order o on o.id = p.order_id
left join stock_location l on l.id = p.location_id where p.id = any(%s) order by p.id
"""
ASK = """
insert into shipping_return_label (parcel_id, reference, state, is_paid_on_scan, because, asked_at, asked_by)
select r.parcel_id, 'R-' || r.parcel_id || '-' || left(replace(gen_random_uuid()::text, '-', ''), 10),
  'queued', r.is_paid_on_scan, 'goes into the box', %(at)s, 'system'
from jsonb_to_recordset(%(rows)s::jsonb) as r(parcel_id bigint, is_paid_on_scan boolean)
on conflict (parcel_id) where state in ('queued', 'unknown', 'bought', 'voiding') do nothing
returning id, parcel_id
"""


def enclose_returns(parcel_ids: Sequence[int], *, at: datetime) -> None:
    """Wish a return label for those of these parcels, just labelled, whose switch is on. One that has a
    return label keeps it. Inside the caller's transaction; one statement without switches, else four."""
    switches = tables_in_force().tables.returns
    if not switches:
        return
    rows = []
    for parcel_id, site, country in sql.run(GOING, (list(parcel_ids),)):
        fitting = [one for one in switches if one.fits(site, country)]
        if fitting:
            rows.append({"parcel_id": parcel_id, "is_paid_on_scan": fitting[0].is_paid_on_scan})
    if not rows:
        return
    asked = sql.run(ASK, {"rows": sql.rows(rows), "at": at})
    wish_all(
        [
            Wish(f"return:{label_id}", BUY_RETURN, f"parcel:P-{parcel_id}", {"return_id": label_id}, at)
            for label_id, parcel_id in asked
        ]
    )
