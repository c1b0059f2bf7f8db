"""What must hold of recalls: nobody is forgotten, and nothing of the lot is sold. Rows are sentences."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
# What is heard of right now is no news: whoever listens is about to act.
UNTOLD = """
select 'RC-' || r.id, 'SO-' || p.order_id
from stock_recall r
join warehouse_parcel_item i on i.sku_id = r.sku_id and i.lot = r.lot and i.lot <> ''
join warehouse_parcel p on p.id = i.parcel_id and p.state = 'handed_over' and p.handed_over_at <= r.made_at
where r.lifted_at is null
  and not exists (select from support_notice n where n.recall_id = r.id and n.order_id = p.order_id)
  and not exists (select from core_delivery d where d.listener = 'support.warn'
    and d.subject = 'recall:RC-' || r.id)
group by 1, 2 limit %s
"""
SENT = """
select 'RC-' || r.id, 'PL-' || k.pick_list_id, s.code, k.lot
from stock_recall r join catalog_sku s on s.id = r.sku_id
join warehouse_pick k on k.sku_id = r.sku_id and k.lot = r.lot and k.lot <> '' and k.state = 'to_pick'
where r.lifted_at is null and not exists (select from core_delivery d
  where d.listener in ('warehouse.send_elsewhere', 'warehouse.keep_in_step', 'allocation.mend'))
limit %s
"""
SOLD = """
select s.code, b.lot, p.code, b.quantity from stock_balance b
join stock_recall r on r.sku_id = b.sku_id and r.lot = b.lot and r.lifted_at is null
join stock_place p on p.id = b.place_id join catalog_sku s on s.id = b.sku_id
where b.place_id > 0 and b.state = 'available' and b.quantity > 0 and not exists (
  select from core_delivery d where d.listener = 'stock.keep_out' and d.subject = 'sku:' || s.code)
limit %s
"""


def customers_nobody_tells() -> list[str]:
    return [f"{recall}: {order} got the lot and has no notice" for recall, order in _rows(UNTOLD)]


def pickers_sent_to_recalled_units() -> list[str]:
    return [f"{recall}: {where} sends for {sku} of lot {lot}" for recall, where, sku, lot in _rows(SENT)]


def recalled_units_on_sale() -> list[str]:
    return [f"{units} × {sku} of lot {lot} can be sold at {place}" for sku, lot, place, units in _rows(SOLD)]


def _rows(query: str) -> list[tuple[str, ...]]:
    return sql.run(query, (ROWS_MAX,))


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("recalls.notices", "Whoever got a recalled lot has a notice.", customers_nobody_tells),
    ("recalls.picks", "Nobody is sent for units of a recalled lot.", pickers_sent_to_recalled_units),
    ("recalls.sale", "No unit of a recalled lot can be sold.", recalled_units_on_sale),
)
