"""SKUs of which more is promised than the safety stock allows: the next thing to run short."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

# Only what open orders have a claim on: everything else does not shrink, and there are 100,000 SKUs of it.
ROWS = """
select '' as of, s.code || ' at ' || l.code as act, s.code || ' at ' || l.code as title,
  '/stock/' || s.code as link,
  v.sellable - v.reserved || ' left, ' || v.safety || ' to be kept back' as note,
  %(now)s::timestamptz as at,
  null::timestamptz as due_at, null::bigint as minor, '' as currency, null::bigint as order_id
from (select distinct r.sku_id, r.location_id from stock_reservation r where r.state = 'pending') sold
join stock_level v on v.sku_id = sold.sku_id and v.location_id = sold.location_id
join catalog_sku s on s.id = v.sku_id join stock_location l on l.id = v.location_id
where v.safety > 0 and v.sellable - v.reserved < v.safety /*here v.location_id*/
"""


def tell(group: Group) -> Told:
    title = f"{many(group, 'SKU')} below the safety stock"
    return Told(When.LATER, title, f"{group.note}. Buy, or move from another site.", "See them")


CAUSE = Cause("reserve", "Below safety stock", ROWS, tell, is_exception=False)
