"""Small work on the floor that keeps the ledger true: units to put back, bins to count."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select 'put-back' as of, p.id::text as act, p.quantity || ' × ' || s.code as title,
  '/orders/SO-' || p.order_id as link, p.because as note, p.at, null::timestamptz as due_at,
  null::bigint as minor, '' as currency, p.order_id
from warehouse_put_back p join catalog_sku s on s.id = p.sku_id where p.done_at is null /*here p.location_id*/
union all
select 'count' as of, t.id::text as act, s.code || ' at ' || b.code as title, '/stock/' || s.code as link,
  t.because as note, t.at, null::timestamptz as due_at, null::bigint as minor, '' as currency,
  null::bigint as order_id
from warehouse_count_task t join catalog_sku s on s.id = t.sku_id join stock_place b on b.id = t.place_id
where t.done_at is null /*here t.location_id*/
"""


def tell(group: Group) -> Told:
    if group.of == "count":
        title = f"{many(group, 'bin')} to count"
        return Told(When.LATER, title, f"The newest: {group.note.rstrip('.')}.", "See the bins")
    title = f"{many(group, 'picked lot')} to put back"
    return Told(When.NEXT, title, f"The newest: {group.note.rstrip('.')}.", "See what")


CAUSE = Cause("floor", "Put-backs and counts", ROWS, tell, is_exception=False)
