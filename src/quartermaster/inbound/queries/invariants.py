"""What must hold at the dock, each proved by one statement over all of it. Rows come back as sentences."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
DOCK = """
with told as (
  select sku_id, place_id, lot, serial, sum(quantity - damaged - qc + passed - stored) as units
  from inbound_receipt group by 1, 2, 3, 4),
held as (select sku_id, place_id, lot, serial, quantity as units from stock_balance
  where state = 'received' and place_id > 0)
select s.code, p.code, coalesce(h.units, 0), coalesce(t.units, 0)
from told t full join held h using (sku_id, place_id, lot, serial)
join catalog_sku s on s.id = sku_id join stock_place p on p.id = place_id
where coalesce(h.units, 0) <> coalesce(t.units, 0) order by 1, 2 limit %s
"""
LINES = """
select 'IN-' || l.arrival_id, s.code, l.received, l.damaged, coalesce(r.units, 0)::bigint,
  coalesce(r.damaged, 0)::bigint
from inbound_arrival_line l join catalog_sku s on s.id = l.sku_id
full join (select arrival_id, sku_id, sum(quantity) as units, sum(damaged) as damaged from inbound_receipt
  group by 1, 2) r on r.arrival_id = l.arrival_id and r.sku_id = l.sku_id
where (l.received, l.damaged) is distinct from (coalesce(r.units, 0), coalesce(r.damaged, 0)) limit %s
"""
MOVES = """
select 'IN-' || r.arrival_id, r.key, r.quantity, coalesce(m.units, 0)::bigint
from inbound_receipt r left join lateral (
  select sum(quantity) as units from stock_movement m
  where m.key = any(array(select 'receive:' || r.key || ':' || n from generate_series(0, 5) n))
    and m.target_id = r.place_id and m.sku_id = r.sku_id) m on true
where r.quantity <> coalesce(m.units, 0) limit %s
"""
# Under way is what was shipped, and neither received nor lost; of a transfer that is over, nothing.
TRANSIT = """
with told as (
  select 'TR-' || l.transfer_id as number, s.code || '/IN-TRANSIT/TR-' || l.transfer_id as place, l.sku_id,
    l.shipped - l.lost - coalesce((select sum(r.in_transit) from inbound_receipt r
      join inbound_arrival a on a.id = r.arrival_id
      where a.transfer_id = l.transfer_id and r.sku_id = l.sku_id), 0) as units
  from inbound_transfer_line l join inbound_transfer t on t.id = l.transfer_id
  join stock_location s on s.id = t.source_id),
held as (
  select p.code as place, b.sku_id, sum(b.quantity) as units
  from stock_balance b join stock_place p on p.id = b.place_id
  where b.state = 'in_transit' and b.quantity <> 0 and b.place_id > 0 group by 1, 2)
select s.code, place, coalesce(h.units, 0)::bigint, coalesce(t.units, 0)::bigint
from told t full join held h using (place, sku_id) join catalog_sku s on s.id = sku_id
where coalesce(h.units, 0) <> coalesce(t.units, 0) order by 2, 1 limit %s
"""


def docks_that_differ() -> list[str]:
    return [
        f"{sku} at {place}: the ledger has {held} received, receipts and put-aways say {told}"
        for sku, place, held, told in sql.run(DOCK, (ROWS_MAX,))
    ]


def lines_that_differ() -> list[str]:
    return [
        f"{number} {sku}: the line says {units} received, {damaged} damaged; its receipts {told}, {broken}"
        for number, sku, units, damaged, told, broken in sql.run(LINES, (ROWS_MAX,))
    ]


def receipts_without_moves() -> list[str]:
    return [
        f"{number}, scan {key}: {units} received, {moved} of them in the ledger"
        for number, key, units, moved in sql.run(MOVES, (ROWS_MAX,))
    ]


def units_lost_on_the_way() -> list[str]:
    return [
        f"{sku} at {place}: the ledger has {held} under way, transfers say {told}"
        for sku, place, held, told in sql.run(TRANSIT, (ROWS_MAX,))
    ]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "inbound.dock",
        "What the ledger has on the dock is what was received and not put away.",
        docks_that_differ,
    ),
    (
        "inbound.transit",
        "What is under way is what transfers shipped and nobody received or lost.",
        units_lost_on_the_way,
    ),
    ("inbound.lines", "What a line has received is the sum of its scans.", lines_that_differ),
    ("inbound.receipts", "Every scan at the dock is in the ledger, to the unit.", receipts_without_moves),
)
