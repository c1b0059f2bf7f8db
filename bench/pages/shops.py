"""What shops sell and what was found of it: listings of five shops, prices, products, differences, money."""

from quartermaster.quality.queries.differences import DIFFERING

LISTED = """
insert into channels_listing (shop_id, name, code, title, is_live, price_minor, currency, barcode, weight_g,
  seen_at, gone_at, sku_id, mapped_by, is_pushed, wanted, version, wanted_at, confirmed, confirmed_at,
  confirmed_version, state, is_raise, next_at, because)
select shop, 'L-' || shop || '-' || n,
  case when is_new then 'NEW-' || n else 'B-' || lpad(n::text, 6, '0') end,
  'Thing number ' || n || case when h % 60 = 8 then ' (new)' else '' end, h % 50 > 0, 1900 + h % 9000, 'EUR',
  case when h % 90 = 9 then '400999' || n else '40' || lpad(n::text, 11, '0') end,
  300 + n % 900 + case when h % 120 = 10 then 40 else 0 end, %(now)s - interval '3 hours',
  case when is_gone then %(now)s - h % 300 * interval '1 day' end, case when not is_new then n end,
  case when is_new then '' else 'code' end, h % 500 <> 3,
  case when not is_new then units end, case when is_new then 0 else 2 end,
  case when not is_new then %(now)s - h % 90 * interval '1 minute' end,
  case when not is_new then units + case when differs then 2 else 0 end end,
  case when not is_new then %(now)s - h % 80 * interval '1 minute' end,
  case when is_new then 0 when differs then 1 else 2 end, state, h % 2 = 0,
  %(now)s - h % 60 * interval '1 second',
  case when state in ('refused', 'stuck') then 'It is archived.' else '' end
from (
  select *, 20 + h % 150 as units, state <> 'idle' or h % 500 = 3 as differs
  from (
    select *, case when is_new or is_gone or h % 500 = 3 then 'idle' when h % 400 = 4 then 'due'
      when h % 2000 = 5 then 'refused' when h % 5000 = 6 then 'stuck' when h % 3000 = 7 then 'asked'
      else 'idle' end as state
    from (
      select *, h % 100 = 1 as is_new, h % 200 = 2 as is_gone
      from (
        select shop, n, (n::bigint * 7919 + shop * 104729) % 1000003 as h
        from generate_series(1, 5) shop, generate_series(1, %(skus)s) n) a) b) c) d
order by shop, n
"""
PRICED = """
insert into channels_listing_price (listing_id, wanted_minor, currency, version, wanted_at, confirmed_minor,
  confirmed_currency, confirmed_at, confirmed_version, state, blocked_by, blocked_because, blocked_at,
  because)
select id, case when is_ours then minor end, 'EUR', case when is_ours then 2 else 0 end,
  %(now)s - interval '1 day', minor + case when state = 'idle' then 0 else 90 end,
  'EUR', %(now)s - interval '2 hours', case when not is_ours then 0 when state = 'idle' then 2 else 1 end,
  state, case when is_blocked then 'floor' else '' end,
  case when is_blocked then 'It is below its cost.' else '' end, case when is_blocked then %(now)s end,
  case when state = 'refused' then 'Not in this category.' else '' end
from (
  select *, case when is_blocked or not is_ours then 'idle' when id % 700 = 6 then 'due'
    when id % 3000 = 7 then 'refused' else 'idle' end as state
  from (
    select id, coalesce(price_minor, 1900) as minor, sku_id is not null as is_ours,
      sku_id is not null and id % 600 = 5 as is_blocked
    from channels_listing where gone_at is null) a) b
"""
FOUND = """
insert into quality_finding (sku_id, cause, severity, points, says, fix, found_at, ignored_says,
  ignored_because, ignored_by, ignored_at)
select s, cause, severity, points, says || s, case when fixes then
    '{"column": "title", "before": "a", "after": "b", "because": "Tidy."}'::jsonb end,
  %(now)s - s % 300 * interval '1 hour', case when is_ignored then says || s else '' end,
  case when is_ignored then 'It is meant so.' else '' end, case when is_ignored then 'user:1' else '' end,
  case when is_ignored then %(now)s end
from (
  select s, v.*, (s / v.each) % 20 = 3 as is_ignored
  from generate_series(1, %(skus)s) s cross join (values
    ('no-size', 2, 10, 2, 'Nobody measured ', false), ('no-hs-code', 2, 10, 3, 'No code of ', false),
    ('no-origin', 2, 10, 4, 'No country of ', false), ('no-cost', 2, 10, 5, 'No cost of ', false),
    ('no-barcode', 2, 15, 6, 'No barcode of ', false), ('title-form', 3, 3, 7, 'Untidy: ', true),
    ('no-weight', 1, 20, 100, 'No weight of ', false), ('barcode-digit', 2, 10, 900, 'A digit of ', true)
  ) v (cause, severity, points, each, says, fixes)
  where s % v.each = 0) x
order by s
"""
FILL = {
    "barcodes": """
insert into catalog_barcode (code, sku_id, pack_quantity)
select '40' || lpad(n::text, 11, '0'), n, 1 from generate_series(1, %(skus)s) n where n % 6 > 0
""",
    "shops": """
insert into channels_shop (connection_id, mode, asked_at, answered_at, fetched)
select n, case when n = 5 then 'observe' else 'live' end, %(now)s, %(now)s, %(orders)s / 5
from generate_series(1, 5) n
""",
    "goods": """
insert into channels_goods (shop_id, read_at, read_next_at)
select n, %(now)s - interval '3 hours', %(now)s + interval '21 hours' from generate_series(1, 5) n
""",
    "hooks": "insert into channels_hooks (shop_id, looked_at) select n, %(now)s from generate_series(1, 5) n",
    "listings": LISTED,
    "pushes": """
insert into channels_push (listing_id, version, quantity, outcome, has, answered_at)
select id, 1, wanted, 'taken', wanted, %(now)s - id % 28 * interval '1 day'
from channels_listing where wanted is not null
""",
    "price lists": """
insert into channels_price_list (id, name, currency, made_by)
values (1, 'Retail', 'EUR', 'user:1'), (2, 'Trade', 'EUR', 'user:1')
""",
    "list prices": """
insert into channels_list_price (list_id, sku_id, price_minor, changed_at, changed_by)
select k, n, 1900 + n % 9000, %(now)s - n % 200 * interval '1 day', 'user:1'
from generate_series(1, 2) k, generate_series(1, %(skus)s) n
""",
    "sales": """
insert into channels_sale (list_id, sku_id, price_minor, starts_at, ends_at, state, made_at, made_by)
select 1, n, 1500 + n % 9000, %(now)s - interval '20 days', %(now)s + case
  when n % 100 = 7 then interval '9 days'
    else - interval '9 days' end, case when n % 100 = 7 then 'on' else 'over' end,
  %(now)s - interval '21 days', 'user:1'
from generate_series(1, %(skus)s) n where n % 10 = 7
""",
    "changes of prices": """
insert into channels_price_batch (list_id, state, counted, far, sentence, made_at, made_by)
select 1 + n % 2, case when n > 398 then 'held' else 'written' end, 500, 40,
  case when n > 398 then '40 of 500 prices move far.' else '' end, %(now)s - (400 - n) * interval '1 day',
  'user:1' from generate_series(1, 400) n
""",
    "pricing": """
insert into channels_pricing (shop_id, mode, list_id)
select n, case when n < 4 then 'live' else 'observe' end, 1 + n % 2 from generate_series(1, 5) n
""",
    "prices": PRICED,
    "prices told": """
insert into channels_price_push (listing_id, version, price_minor, currency, outcome, has_minor, answered_at)
select listing_id, 1, wanted_minor, 'EUR', 'taken', wanted_minor, %(now)s - listing_id % 28 * interval '1 day'
from channels_listing_price where wanted_minor is not null
""",
    "findings": FOUND,
    "orphans": """
insert into quality_finding (listing_id, cause, severity, points, says, found_at)
select id, 'orphan', 2, 0, code || ' is no SKU of ours', %(now)s from channels_listing
where sku_id is null and gone_at is null
""",
    "differences": f"insert into quality_differing (field, listing_id) {DIFFERING.format(which='true')}",
    "grades": """
insert into quality_graded (sku_id, score, errors, warnings, hints, channels, at_risk_minor, currency,
  looked_at)
select s, greatest(0, 100 - case when s % 2 = 0 then 10 else 0 end - case when s % 100 = 0 then 40
  else 0 end),
  (s % 100 = 0)::int, (s % 2 = 0)::int + (s % 3 = 0)::int, (s % 7 = 0)::int,
  '{"shop-1": {"percent": 80, "lacks": ["barcode"]}}', case when s % 40 = 0 then s * 7 % 90000 else 0 end,
  case when s % 40 = 0 then 'EUR' else '' end, %(now)s
from generate_series(1, %(skus)s) s
""",
    "sold": """
insert into quality_sold (sku_id, shop_id, last_at)
select n, 1 + (n + k) % 5, %(now)s - n % 60 * interval '1 day'
from generate_series(1, %(skus)s) n, generate_series(0, 1) k
""",
    "edits": """
insert into catalog_edit (id, kind, state, made_at, made_by, ended_at, rows, looked_at, changed, refused)
select n, 'table', 'done', %(now)s - (600 - n) * interval '8 hours', 'user:1', %(now)s, 300, 300, 290, 10
from generate_series(1, 600) n
""",
    "rows of edits": """
insert into catalog_edit_row (edit_id, sku_id, code, changes, refused)
select 1 + n % 600, 1 + n % %(skus)s, 'B-' || lpad((1 + n % %(skus)s)::text, 6, '0'),
  '{"weight_g": ["100", "120"]}', case when n % 30 = 0 then 'Changed meanwhile.' else '' end
from generate_series(1, 180000) n
""",
    "drifts": """
insert into channels_drift (shop_id, kind, reference, order_id, theirs, ours, since, found_at, settled_at,
  settled_by, settled_because)
select connection_id, case when h % 2 = 0 then 'late' else 'unshipped' end, 'SO-' || n, n, 'paid', 'unknown',
  placed_at, placed_at + interval '1 day',
  case when n < %(orders)s * 0.99 then placed_at + interval '2 days' end, 'system',
  case when n < %(orders)s * 0.99 then 'It is here now.' else '' end
from bench_order where h % 8 = 1
""",
    "comparisons": """
insert into channels_comparison (shop_id, phase, since, asked_by, began_at, read_at, ended_at, next_at,
  listed)
select shop, 'done', at - interval '7 days', 'clock', at, at, at, at, 20000
from generate_series(1, 5) shop, lateral (
  select %(now)s - n * interval '1 day' as at from generate_series(1, 365) n) x
""",
    "shipments": """
insert into channels_shipment (parcel_id, shop_id, state, because, wanted_at, settled_at)
select p.id, o.connection_id, case when o.h % 9000 = 4 then 'refused' else 'told' end,
  case when o.h % 9000 = 4 then 'It was cancelled there.' else '' end, p.handed_over_at,
  p.handed_over_at + interval '5 seconds'
from warehouse_parcel p join bench_order o on o.n = p.order_id where p.state = 'handed_over'
""",
    "cancellations": """
insert into channels_cancellation (order_id, shop_id, is_whole, state, wanted_at, settled_at)
select n, connection_id, true, 'told', placed_at, placed_at from bench_order where state = 'cancelled'
""",
    "refunds": """
insert into money_refund (id, order_id, cause, state, currency, amount_minor, items_minor, discount_minor,
  shipping_minor, tax_minor, fees_minor, is_tax_included, paid_minor, refunded_minor, told_minor, because, at,
  actor, settled_at)
select n, n, 'change', case when is_due then 'due' else 'settled' end, currency, minor * line_count + 490,
  minor * line_count, 0, 490, 0, 0, true, minor * line_count + 490, 0, 0, 'Nobody wants it any more.',
  placed_at + interval '1 hour', 'system', case when not is_due then placed_at + interval '2 hours' end
from (select *, n > %(orders)s * 0.98 and h % 3 = 0 as is_due
      from bench_order where state in ('cancelled', 'returned')) x
""",
    "payouts": """
insert into channels_payout (refund_id, order_id, shop_id, state, amount_minor, currency, content, told_minor,
  actor, wanted_at, settled_at)
select r.id, r.order_id, o.connection_id, 'told', r.amount_minor, r.currency, '{}', 0, 'user:1', r.at, r.at
from money_refund r join bench_order o on o.n = r.order_id where r.state = 'settled'
""",
}
