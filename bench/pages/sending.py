"""The year on the road and outside: labels, manifests, scans, claims, sites of others, marketplaces; and an
order with a long history."""

CARRIERS = "(array['dhl', 'ups', 'dpd'])"
FIRST_ON = "(%(now)s - interval '367 days')::date"
LABELS = f"""
insert into shipping_label (parcel_id, reference, carrier, service, account, state, tracking_number,
  carrier_ref, cost_minor, currency, because, asked_at, bought_at, manifest_id, scanned_out_at)
select id, 'L-' || id, carrier, service, 'rates',
  case when state = 'packed' and id % 4 > 0 then 'refused' else 'bought' end, tracking_number, 'C-' || id,
  490 + id % 300, 'EUR', case when state = 'packed' then 'The postcode is wrong.' else '' end, packed_at,
  packed_at, case when state = 'handed_over' then (handed_over_at::date - {FIRST_ON}) * 12
    + array_position({CARRIERS}, carrier) * 4 + location_id end,
  case when state = 'handed_over' then handed_over_at end
from warehouse_parcel where state in ('handed_over', 'labelled') or state = 'packed' and id % 4 > 0
  order by id
"""
MANIFESTS = f"""
insert into shipping_manifest (id, carrier, location_id, state, opened_at, closed_at, closed_by)
select d * 12 + c * 4 + l, {CARRIERS}[c], l, case when d = 367 then 'open' else 'closed' end,
  {FIRST_ON} + d, case when d < 367 then {FIRST_ON} + d + interval '17 hours' end,
  case when d < 367 then 'user:2' else '' end
from generate_series(0, 367) d, generate_series(1, 3) c, generate_series(1, 4) l
"""
DAYS = """
insert into marketplaces_day (connection_id, country, measure, day_on, n, bad, unsure)
select s, c, m, %(now)s::date - d, 300, d % 5, d % 3
from (values (2), (5)) k (s), (values ('DE'), ('FR'), ('GB')) y (c),
  unnest(array['odr', 'lsr', 'cr', 'vtr', 'otdr', 'rtd']) m, generate_series(0, 400) d
"""

FILL = {
    "manifests": MANIFESTS,
    "labels": LABELS,
    "told": """
insert into shipping_told (manifest_id, account, state, parcels, carrier_ref, asked_at, told_at)
select id, 'rates', case when id % 400 = 0 then 'short' else 'told' end, 200, 'R-' || id, closed_at, closed_at
from shipping_manifest where state = 'closed'
""",
    "pickups": """
insert into shipping_pickup (carrier, account, location_id, state, starts_at, ends_at, labels, carrier_ref,
  asked_at, asked_by)
select 'dhl', 'rates', 1 + n % 4, 'done', at, at + interval '2 hours', '[1, 2, 3]', 'K-' || n, at, 'user:2'
from generate_series(1, 3000) n, lateral (select %(now)s - n * interval '3 hours' as at) x
""",
    "invoices": """
insert into shipping_invoice (id, carrier, number, currency, told_at, told_by, audited_at)
select n, (array['dhl', 'ups', 'dpd'])[1 + n % 3], 'I-' || n, 'EUR',
  %(now)s - (156 - n) * interval '56 hours',
  'user:1', %(now)s from generate_series(1, 156) n
""",
    "charges": """
insert into shipping_charge (invoice_id, tracking_number, kind, amount_minor, digest, nth)
select 1 + id * 155 / %(orders)s, tracking_number, 'freight', 490, sha256(convert_to('c' || id, 'UTF8')), 1
from warehouse_parcel where state = 'handed_over' and id % 3 = 0
""",
    "claims": """
insert into shipping_claim (carrier, invoice_id, parcel_id, tracking_number, kind, state, billed_minor,
  expected_minor, amount_minor, currency, because, credited_minor, at, raised_by)
select carrier, 1 + id * 155 / %(orders)s, id, tracking_number, case when id % 5 = 0 then 'lost'
  else 'weight' end,
  state, 900, 490, 410, 'EUR', 'Billed as heavier than it is.', case when state = 'credited' then 410 end,
  handed_over_at + interval '20 days', 'system'
from (select p.*, case when id > %(orders)s * 0.9 then 'open' when id % 7 = 0 then 'sent'
  when id % 11 = 0 then 'rejected'
        else 'credited' end as state from (select id, carrier, tracking_number, handed_over_at
        from warehouse_parcel
        where state = 'handed_over' and id % 60 = 7) p) x
""",
    "arrived": """
insert into shipping_arrival (parcel_id, carrier, service, country, arrived_at, is_late)
select p.id, p.carrier, p.service, 'DE', t.delivered_at, t.delivered_at > t.due_at
from tracking_track t join warehouse_parcel p on p.id = t.parcel_id where t.delivered_at is not null
""",
    "scans": """
insert into tracking_scan (parcel_id, key, at, status, code, message, source)
select t.parcel_id, v.status, t.handed_over_at + v.after, v.status, 'X', 'On its way', 'dhl'
from tracking_track t cross join (values ('in_transit', interval '3 hours'), ('delivered', interval '2 days'))
  v (status, after) where t.first_scan_at is not null
    and (v.status = 'in_transit' or t.delivered_at is not null)
""",
    "trouble": """
update tracking_track set status = 'exception' where status = 'in_transit' and parcel_id % 40 = 0
""",
    "risks": """
insert into tracking_risk (parcel_id, chance, due_at, because, foreseen_at)
select parcel_id, 0.2, due_at, 'Most of its lane are not there by then.', %(now)s - interval '2 hours'
from tracking_track where delivered_at is null and due_at > %(now)s and parcel_id % 4 = 0
""",
    "care": """
insert into warehouse_care (parcel_id, assignee, answer, kind, rank, note, answered_at, answered_by)
select parcel_id, 'user:1', 'acknowledged', 'late', 3, 'They look for it.', %(now)s, 'user:1'
from tracking_track where parcel_id % 30 = 1 and parcel_id > %(orders)s * 0.8
""",
    "transits": """
insert into allocation_transit (location_id, country, days, share, n, arrived, waiting, learned_at)
select l, c, 3, 0.95, 900, '[10, 300, 500, 90]', '[0, 0, 0, 0]', %(now)s
from generate_series(1, 4) l, unnest(array['DE', 'FR', 'GB', 'AT']) c
""",
    "lanes": """
insert into allocation_lane (location_id, country, cost_minor, currency, days)
select l, c, 490, 'EUR', 3 from generate_series(1, 4) l, unnest(array['DE', 'FR', 'GB', 'AT']) c
""",
    "spikes": """
insert into insight_spike (kind, of, told, ids, computed_at)
select 'lane', 'dhl:BER:DE', '40 of 900 came late', array(select id from warehouse_parcel
  order by id desc limit 60),
  %(now)s
union all
select 'returns', 'B-000007', '9 of 40 came back', array(select id from orders_line where returned > 0
  order by id desc limit 60), %(now)s
""",
    "outbox": """
insert into core_outbox (key, task, subject, body, state, created_at, settled_at, because)
select 'channel:P-' || id, 'channels.confirm_shipment', 'order:SO-' || order_id, '{}',
  case when id % 30000 = 4 then 'unknown' else 'confirmed' end, made_at,
  case when id % 30000 <> 4 then made_at end, case when id % 30000 = 4 then 'no answer' else '' end
from warehouse_parcel where state = 'handed_over' and id % 2 = 0
""",
    "stuck steps": """
insert into core_delivery (event_id, listener, subject, stuck_at, because)
select id, 'allocation.allocate', subject, at, 'KeyError: MUC' from core_event order by id desc limit 300
""",
    "site of others": "update stock_location set kind = '3pl' where id = 4",
    "its connection": """
insert into inbox_connection (id, slug, kind) values (6, 'ful', 'extensiv');
insert into outside_site (location_id, connection_id, heard_at, snapshot_at) values (4, 6, now(), now())
""",
    "heard": """
insert into outside_heard (site_id, at) select 4, %(now)s - n * interval '7 minutes' from generate_series(1,
  20000) n
""",
    "its orders": """
insert into outside_order (id, reference, site_id, order_id, allocation_id, state, content, asked_at, sent_at,
  acknowledged_at, settled_at)
select n, 'A-' || n, 4, n, n, case when state = 'allocated' then 'acknowledged' else 'shipped' end,
  '{"items": [{"sku": "B-000001", "quantity": 1}]}', placed_at, placed_at, placed_at + interval '9 minutes',
  case when state <> 'allocated' then placed_at + interval '1 day' end
from bench_order where location_id = 4 and state in ('allocated', 'shipped', 'delivered', 'returned')
""",
    "its parcels": """
insert into outside_shipment (outside_id, reference, parcel_id, told_at)
select id, 'S-' || id, id, settled_at from outside_order where state = 'shipped'
""",
    "its reports": """
insert into outside_report (id, site_id, reference, taken_at, told_at, skus)
select n, 4, 'R-' || n, at, at, 9000 from generate_series(1, 700) n, lateral (
  select %(now)s - (700 - n) * interval '12 hours' as at) x
""",
    "its differences": """
insert into outside_drift (report_id, sku_id, ours, theirs, causes, settled_units, settled_at, settled_by,
  because)
select 1 + n % 700, 1 + n / 700, 5, 4, '[]', case when n > 60 then 0 end, case when n > 60 then %(now)s end,
  case when n > 60 then 'rule' else '' end, case when n > 60 then 'Within what the rule settles.' else '' end
from generate_series(1, 30000) n
""",
    "its receipts": """
insert into outside_receipt (site_id, reference, received_at, told_at, items, booked_at)
select 4, 'G-' || n, at, at, '[]', case when n > 20 then at end
from generate_series(1, 3000) n, lateral (select %(now)s - n * interval '3 hours' as at) x
""",
    "marketplaces": """
update inbox_connection set kind = (array['shopify', 'amazon', 'woocommerce', 'magento', 'flipkart'])[id]
where id <= 5
""",
    "days": DAYS,
    "counted": """
insert into marketplaces_counted (connection_id, country, measure, day_on, order_id, weight, is_defect,
  because)
select case connection_id when 5 then 5 else 2 end, (array['DE', 'FR', 'GB'])[1 + h % 3],
  (array['odr', 'lsr', 'cr', 'vtr', 'otdr', 'rtd'])[1 + h % 6], placed_at::date, n, 1, h % 4 > 0,
    'It left late.'
from bench_order where h % 10 = 2
""",
    "defects": """
insert into marketplaces_defect (order_id, kind, source, external_id, happened_at, actor)
select n, 'claim', 'file', 'D-' || n, placed_at, 'user:1' from bench_order where h % 100 = 2
""",
    "contests": """
insert into marketplaces_contest (order_id, measure, because, actor, at)
select order_id, measure, 'The carrier scanned it in time.', 'user:1', %(now)s from marketplaces_counted
where order_id % 30 = 2
""",
    "a long history": """
insert into core_event (name, subject, at, recorded_at, actor, source, body)
select 'AllocationReleased', 'order:SO-' || %(orders)s, %(now)s - n * interval '1 minute',
  %(now)s - n * interval '1 minute', 'system', '',
  jsonb_build_object('order_id', %(orders)s, 'allocation_ids', '[]'::jsonb)
from generate_series(1, 3000) n
""",
}
