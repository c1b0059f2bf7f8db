"""Sold units that wait for stock, or for their first day."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select l.parked as of, 'SO-' || o.id as act, 'SO-' || o.id as title, '/orders/SO-' || o.id as link,
  string_agg(l.open || ' × ' || coalesce(nullif(l.code, ''), l.title), ', ' order by l.position) as note,
  o.placed_at as at, null::timestamptz as due_at, o.total_minor as minor, o.currency, o.id as order_id
from orders_line l join orders_order o on o.id = l.order_id
where l.parked in ('backorder', 'preorder') and l.open > 0 and o.status not in ('cancelled', 'on_hold')
group by l.parked, o.id
"""
_KINDS = {
    "backorder": (When.NEXT, "waiting for stock", "Served by itself, the oldest first, when stock comes"),
    "preorder": (When.LATER, "sold ahead", "Served on the first day"),
}


def tell(group: Group) -> Told:
    when, is_so, helps = _KINDS.get(group.of, _KINDS["backorder"])
    title = f"{many(group, 'order')} {is_so}"
    return Told(
        when,
        title,
        f"The newest: {group.note}. {helps}.",
        "See it" if group.rows == 1 else "See them",
    )


CAUSE = Cause("backorder", "Waiting for stock", ROWS, tell, is_exception=False)
