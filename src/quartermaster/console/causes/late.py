"""Orders whose cut-off has passed, or will before the floor can have them."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.warehouse.queries.care import parts

SOON = "2 hours"  # what nobody has begun to pick by then will hardly be handed over in time

ROWS = f"""
select case when a.ship_by < %(now)s then 'missed' else 'soon' end as of, 'SO-' || o.id as act,
  'SO-' || o.id as title, '/orders/SO-' || o.id as link,
  string_agg(distinct l.code || ': ' || a.state, ', ') as note, min(a.ship_by) as at,
  min(a.ship_by) as due_at, o.total_minor as minor, o.currency, o.id as order_id
from allocation_allocation a join orders_order o on o.id = a.order_id
join stock_location l on l.id = a.location_id
where a.state in ('waiting', 'released', 'picking', 'packed') /*here a.location_id*/
  and (a.ship_by < %(now)s and {parts("will_be_late", "a.ship_by").shown("open")}
    or a.ship_by >= %(now)s and a.ship_by < %(now)s + interval '{SOON}'
      and a.state in ('waiting', 'released'))
group by 1, o.id
"""  # noqa: S608 - a constant


def tell(group: Group) -> Told:
    if group.of == "missed":
        title = f"{many(group, 'order')} missed the cut-off"
        why = "Still in the house after the moment they were promised to leave. Pick these first."
        return Told(When.NOW, title, why, "Move to front", clause=title)
    title = f"{many(group, 'order')} will miss the next cut-off"
    why = "Nobody has begun to pick them, and there are less than two hours left."
    return Told(When.NOW, title, why, "Pick these", clause=title)


CAUSE = Cause("late", "Late to leave", ROWS, tell, is_exception=False, answered_in="/late?kind=will_be_late")
