"""Orders on the floor whose time to be picked, packed or handed over is up."""

from urllib.parse import urlencode

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.warehouse.queries.timers import breached

_DONE = {"pick": "picked", "pack": "packed", "dispatch": "handed over"}
# What missed the cut-off itself is told by another cause.
ROWS = f"""
select l.code || ' ' || t.stage as of, t.allocation_id::text as act, 'SO-' || o.id as title,
  '/orders/SO-' || o.id as link, 'Target: ' || t.target as note, t.next_due_at as at, t.next_due_at as due_at,
  o.total_minor as minor, o.currency, o.id as order_id
from warehouse_timer t join orders_order o on o.id = t.order_id join stock_location l on l.id = t.location_id
where t.stage in ('pick', 'pack', 'dispatch') and t.next_due_at <= %(now)s /*here t.location_id*/
  and not (t.stage = 'dispatch' and t.next_due_at = (
    select a.ship_by from allocation_allocation a where a.id = t.allocation_id))
  and {breached("t").shown("open")}
"""  # noqa: S608 - constants only


def tell(group: Group) -> Told:
    site, _, stage = group.of.rpartition(" ")
    title = f"{many(group, 'order')} of {site} should be {_DONE.get(stage, 'done')} by now"
    why = "They took longer than the targets of the floor allow."
    link = f"/timers?{urlencode({'kind': 'breached', 'site': site, 'stage': stage})}"
    return Told(When.NEXT, title, why, "See them")._replace(link=link)


CAUSE = Cause(
    "timers", "Over their time", ROWS, tell, is_exception=False, answered_in="/timers?kind=breached"
)
