"""Products that come back far more often than they did, and than others do: as insight saw it last."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select k.of, l.id::text as act, 'SO-' || o.id || ' · ' || l.returned || ' × ' || l.code as title,
  '/orders/SO-' || o.id as link, k.told as note, o.placed_at as at, null::timestamptz as due_at,
  o.total_minor as minor, o.currency, o.id as order_id
from insight_spike k, unnest(k.ids) as r(id) join orders_line l on l.id = r.id
join orders_order o on o.id = l.order_id
where k.kind = 'returns' and k.computed_at <= %(now)s
"""


def tell(group: Group) -> Told:
    title = f"{many(group, 'order line')} of {group.of} came back"
    return Told(When.NEXT, title, f"{group.note}. See what the page promises.", "See them")


CAUSE = Cause("returns", "Returned too often", ROWS, tell, is_exception=False)
