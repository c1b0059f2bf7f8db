"""The floor's year: lists, waves, picks, timers, counts, what came in, and what is counted every day."""

PICKS = """
insert into warehouse_pick (pick_list_id, position, allocation_id, order_id, line_id, sku_id, place_id,
  quantity,
  picked, state, picked_at, picked_by)
select o.n / 40 * 4 + o.location_id, o.n % 40, o.n, o.n, l.id, l.sku_id, o.location_id, 1,
  (not is_going)::int,
  case when is_going then 'to_pick' else 'picked' end,
  case when not is_going then least(o.placed_at + interval '3 hours',
    %(now)s - o.h % 3000 * interval '1 second')
    end, case when not is_going then 'user:' || 2 + o.h % 20 else '' end
from (select *, state = 'picking' and h % 3 > 0 as is_going from bench_order
      where state in ('picking', 'packed', 'shipped', 'delivered', 'returned') and location_id < 4) o
join orders_line l on l.order_id = o.n order by l.id
"""
TIMERS = """
insert into warehouse_timer (allocation_id, order_id, location_id, target, started_at, stage, pick_due_at,
  pack_due_at, dispatch_due_at, picked_at, packed_at, dispatched_at, next_due_at, breached)
select n, n, location_id, 'Ordinary', at, stage, at + interval '30 hours', at + interval '33 hours',
  at + interval '36 hours', case when stage <> 'pick' then at + interval '3 hours' end,
  case when stage in ('dispatch', 'done') then at + interval '6 hours' end,
  case when stage = 'done' then at + interval '9 hours' end,
  case stage when 'pick' then at + interval '30 hours' when 'pack' then at + interval '33 hours'
    when 'dispatch' then at + interval '36 hours' end, case when h % 20 = 0 then 'pick' else '' end
from (
  select n, h, location_id, placed_at + interval '5 seconds' as at,
    case state when 'allocated' then 'pick' when 'picking' then case when h % 3 > 0 then 'pick'
    else 'pack' end
      when 'packed' then 'dispatch' else 'done' end as stage
  from bench_order where state not in ('on_hold', 'backordered', 'cancelled') and location_id < 4) x
"""
COUNTED = """
insert into warehouse_count_task (id, location_id, place_id, sku_id, kind, abc, because, at, state, counted,
  over, under, settled, done_at, done_by)
select n, l, l, 1 + n % %(skus)s, (array['due', 'zero', 'short', 'doubt'])[1 + n % 4], (array['A', 'B',
  'C'])[1 + n % 3],
  'It is due.', at, case when not is_open then 'done' when n % 9 = 0 then 'approval' else 'open' end,
  case when not is_open then 40 end, (n % 40 = 0)::int, (n % 50 = 0)::int,
  case when is_open then '' when n % 40 = 0 or n % 50 = 0 then 'tolerance' else 'agrees' end,
  case when not is_open then at + interval '2 hours' end, case when not is_open then 'user:3' else '' end
from (
  select n, 1 + n % 3 as l, n > %(skus)s * 3 - 500 as is_open,
    %(now)s - (%(skus)s * 3 - n) * (interval '360 days' / (%(skus)s * 3)) - interval '3 hours' as at
  from generate_series(1, %(skus)s * 3) n) x
"""
FILL = {
    "waves": """
insert into warehouse_wave (id, location_id, state, mode, routing, because, made_by, made_at, released_at,
  released_by)
select g * 4 + l, l, 'released', 'batch', 's_shape', '{}', 'user:2', at, at, 'user:2'
from generate_series(0, %(orders)s / 400) g, generate_series(1, 3) l, lateral (
  select %(now)s - greatest(0, %(orders)s - g * 400) * (interval '365 days' / %(orders)s) as at) x
""",
    "lists": """
insert into warehouse_pick_list (id, location_id, state, because, picker, wave_id, made_by, made_at,
  started_at,
  done_at)
select g * 4 + l, l, state, '{}', case when state = 'open' then '' else 'user:' || 2 + g % 20 end,
  g / 10 * 4 + l, 'user:2', at, at, case when state = 'done' then at + interval '1 hour' end
from generate_series(0, %(orders)s / 40) g, generate_series(1, 3) l, lateral (
  select %(now)s - greatest(0, %(orders)s - g * 40) * (interval '365 days' / %(orders)s) as at,
    case when g * 40 < %(orders)s * 0.996 then 'done' when g % 2 = 0 then 'picking' else 'open' end
    as state) x
""",
    "picks": PICKS,
    "totes": """
insert into warehouse_tote (pick_list_id, order_id, slot, code)
select pick_list_id, order_id, row_number() over (partition by pick_list_id order by order_id),
  'T-' || order_id
from (select distinct k.pick_list_id, k.order_id from warehouse_pick k where k.state = 'to_pick') x
""",
    "timers": TIMERS,
    "marks": """
insert into warehouse_timer_mark (allocation_id, stage, begun_at, done_at, recorded_at)
select t.allocation_id, v.stage, t.started_at, t.started_at + v.takes, t.started_at + v.takes
from warehouse_timer t cross join (values ('pick', interval '3 hours'), ('pack', interval '6 hours'),
  ('dispatch', interval '9 hours')) v (stage, takes)
where t.stage = 'done' and t.allocation_id > %(orders)s * 0.6
""",
    "breaches": """
insert into warehouse_timer_breach (allocation_id, stage, due_at, met_at, because)
select allocation_id, 'pick', pick_due_at, picked_at, 'Not picked in time.' from warehouse_timer
where breached <> ''
""",
    "put-backs": """
insert into warehouse_put_back (order_id, line_id, sku_id, location_id, quantity, because, at, done_at,
  done_by)
select l.order_id, l.id, l.sku_id, least(o.location_id, 3), 1, 'The order was cancelled.', o.placed_at,
  case when o.n < %(orders)s * 0.998 then o.placed_at + interval '1 day' end,
  case when o.n < %(orders)s * 0.998 then 'user:3' else '' end
from bench_order o join orders_line l on l.order_id = o.n where o.state = 'cancelled'
""",
    "counts": COUNTED,
    "entries": """
insert into warehouse_count_entry (task_id, round, by, started_at, ledger_id, book, counted, counted_at,
  expected, over, under)
select id, 1, 'user:3', at, 1, 40, 40, at + interval '1 hour', 40, over, under from warehouse_count_task
where state <> 'open'
""",
    "faces": """
insert into warehouse_pick_face (place_id, sku_id, units_min, units_max)
select 1 + n % 3, n, 10, 60 from generate_series(1, %(skus)s) n
""",
    "refills": """
insert into warehouse_refill (location_id, sku_id, source_id, target_id, quantity, moved, because, at,
  done_at,
  done_by)
select 1 + n % 3, 1 + n % %(skus)s, 1 + n % 3, 1 + n % 3, 20, case when n > 300 then 20 else 0 end,
  'The face runs low.', %(now)s - n * interval '2 minutes',
  case when n > 300 then %(now)s - n * interval '2 minutes' end, case when n > 300 then 'user:3' else '' end
from generate_series(1, 200000) n where n > 300 or n <= %(skus)s
""",
    "classes": """
insert into warehouse_sku_class (sku_id, abc, measure, at)
select n, (array['A', 'B', 'C'])[1 + n % 3], n, %(now)s from generate_series(1, %(skus)s) n
""",
    "arrivals": """
insert into inbound_arrival (id, location_id, kind, state, supplier, reference, expected_on, made_at, made_by,
  arrived_at, first_scan_at, closed_at, stored_at)
select n, 1 + n % 4, case when n % 3 = 0 then 'asn' else 'po' end, state, 'Supplier ' || n % 40, 'PO-' || n,
  at::date + 3, at, 'user:1', case when state <> 'expected' then at + interval '2 days' end,
  case when state <> 'expected' then at + interval '2 days' end,
  case when state = 'received' then at + interval '3 days' end,
  case when state = 'received' then at + interval '3 days' end
from generate_series(1, 12000) n, lateral (
  select %(now)s - (12000 - n) * interval '43 minutes' as at,
    case when n <= 11850 then 'received' when n <= 11880 then 'receiving' else 'expected' end as state) x
""",
    "lines of arrivals": """
insert into inbound_arrival_line (arrival_id, sku_id, expected, received)
select a.id, 1 + (a.id * 10 + k) % %(skus)s, 50, case when a.state = 'expected' then 0 else 50 end
from inbound_arrival a, generate_series(1, 10) k
""",
    "receipts": """
insert into inbound_receipt (key, arrival_id, sku_id, place_id, quantity, stored, at, by)
select 'r-' || l.id, l.arrival_id, l.sku_id, a.location_id, 50, case when a.state = 'received' then 50
  else 0 end,
  a.arrived_at, 'user:3'
from inbound_arrival_line l join inbound_arrival a on a.id = l.arrival_id where a.state <> 'expected'
""",
    "put away": """
insert into inbound_put_away (key, sku_id, source_id, target_id, quantity, rule_version, at, by)
select 'w-' || id, sku_id, place_id, place_id, 50, 1, at, by from inbound_receipt where stored > 0
""",
    "transfers": """
insert into inbound_transfer (id, source_id, target_id, state, because, made_at, made_by)
select n, 1, 2, case when n > 480 then 'open' else 'received' end, 'Nearer to the buyers.',
  %(now)s - (500 - n) * interval '17 hours', 'user:1' from generate_series(1, 500) n
""",
    "movements": """
insert into stock_movement (key, sku_id, quantity, source_id, target_id, because, document, actor, at)
select 'm-' || l.id, l.sku_id, 1, o.location_id, -2, 'shipped', 'order:SO-' || o.n, 'system', o.placed_at
from bench_order o join orders_line l on l.order_id = o.n where l.shipped > 0 and o.n % 2 = 0
""",
    "reservations": """
insert into stock_reservation (sku_id, location_id, quantity, claim, holder, at)
select l.sku_id, o.location_id, 1, l.id, o.n, o.placed_at
from bench_order o join orders_line l on l.order_id = o.n where l.allocated > 0
""",
    "lots": """
insert into stock_lot (sku_id, code, expires_on)
select n, 'LOT-' || k, %(now)s::date + 40 * k from generate_series(10, %(skus)s, 10) n, generate_series(1,
  2) k
""",
    "balances by lot": """
insert into stock_balance (sku_id, place_id, lot, quantity)
select sku_id, 3, code, 30 from stock_lot
""",
    "recalls": """
insert into stock_recall (id, sku_id, lot, because, made_at, made_by, lifted_at)
select n, n * 10, 'LOT-1', 'A part breaks.', %(now)s - n * interval '9 days', 'user:1',
  case when n > 2 then %(now)s end from generate_series(1, 30) n where n * 10 <= %(skus)s
""",
    "notices": """
insert into support_notice (recall_id, order_id, state, name, units, at, told_at, told_because)
select 1 + n % 30, n, case when is_told then 'told' else 'waiting' end, 'Customer ' || n, 1, %(now)s,
  case when is_told then %(now)s end, case when is_told then 'by mail' else '' end
from (select n, h % 10 > 0 as is_told from bench_order where h % 90 = 3) x
""",
    "scans": """
insert into console_floor_scan (id, topic, text, by, scanned_at, heard_at, is_right)
select gen_random_uuid(), 'pick:' || n % 9000, 'B-' || n, 'user:3', at, at, true
from generate_series(1, 150000) n, lateral (select %(now)s - n * interval '1 minute' as at) x
""",
}
