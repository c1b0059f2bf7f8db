"""Sold units that no site can serve, and that may not wait by themselves."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select l.parked as of, 'SO-' || o.id as act, 'SO-' || o.id as title, '/orders/SO-' || o.id as link,
  string_agg(l.open || ' × ' || coalesce(nullif(l.code, ''), l.title), ', ' order by l.position) as note,
  o.placed_at as at, null::timestamptz as due_at, o.total_minor as minor, o.currency, o.id as order_id
from orders_line l join orders_order o on o.id = l.order_id
where l.parked in ('shortage', 'routing') and l.open > 0 and o.status not in ('cancelled', 'on_hold')
group by l.parked, o.id
"""
_KINDS = {
    "shortage": (When.NOW, "short of stock and may not wait", "Ship from elsewhere, buy, or cancel"),
    "routing": (When.NOW, "served by no site", "The order says why no site may send it"),
}


def tell(group: Group) -> Told:
    when, is_so, helps = _KINDS.get(group.of, _KINDS["shortage"])
    title = f"{many(group, 'order')} {is_so}"
    return Told(
        when,
        title,
        f"The newest: {group.note}. {helps}.",
        "See it" if group.rows == 1 else "See them",
        clause=title if when is When.NOW else "",
    )


CAUSE = Cause("shortage", "Short of stock", ROWS, tell)
