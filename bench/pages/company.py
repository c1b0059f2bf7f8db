"""A company with a year of orders, written set-based: every table that a page reads, with shares as they are
in a healthy shop. Rows agree with each other (units add up, statuses follow from lines); triggers that check
what people write do not run."""

from datetime import datetime

import msgspec
import psycopg

from bench.pages import floor, sending, shops
from quartermaster.allocation.rules import Inputs, Order, Part, Rule, RuleSet, Site, Wanted, route

SITES = ("BER", "MUC", "WAW", "FUL")

# n counts orders from the oldest to the newest; `age` is the share of the year that lies behind an order.
# state: what became of it. The newest 0.4 % are in the house, the newest 3 % partly on their way.
_ORDERS = """
create unlogged table bench_order as
select n, placed_at, state, h, 1 + h % 60000 as customer_id, 1 + h % 5 as connection_id,
  1 + h % 2 as line_count, case when h % 40 = 0 then 'USD' else 'EUR' end as currency,
  1900 + (h % 97) * 190 as minor, 1 + h % 4 as location_id
from (
  select n, h, %(now)s - (%(orders)s - n) * (interval '365 days' / %(orders)s) as placed_at,
    case
      when n > %(orders)s * 0.996 then
        case when h % 100 < 5 then 'on_hold' when h % 100 < 8 then 'backordered'
          when h % 100 < 62 then 'allocated' when h % 100 < 72 then 'picking' when h % 100 < 82 then 'packed'
          else 'shipped' end
      when n > %(orders)s * 0.97 then
        case when h % 200 = 0 then 'on_hold' when h % 100 < 2 then 'cancelled'
          when h % 100 < 40 then 'shipped' else 'delivered' end
      else case when h % 100 < 2 then 'cancelled' when h % 100 = 50 then 'returned'
        when h % 100 = 60 then 'shipped' else 'delivered' end
    end as state
  from (select n, (n::bigint * 7919 + (n / 13)::bigint * 104729) % 1000003 as h
        from generate_series(1, %(orders)s) n) x
) y
"""
_FILL = {
    "connections": """
insert into inbox_connection (id, slug, kind) select n, 'shop-' || n, 'shopify' from generate_series(1, 5) n
""",
    "sites": """
insert into stock_location (id, code, name, country, timezone, cutoff)
select n, (%(sites)s::text[])[n], (%(sites)s::text[])[n], 'DE', 'Europe/Berlin', '15:00'
from generate_series(1, 4) n
""",
    "places": """
insert into stock_place (id, code, location_id, kind) select id, code, id, 'site' from stock_location
""",
    "skus": """
insert into catalog_sku (id, code, title, weight_g)
select n, 'B-' || lpad(n::text, 6, '0'), 'Thing number ' || n, 300 + n % 900
from generate_series(1, %(skus)s) n
""",
    "levels": """
insert into stock_level (sku_id, location_id, on_hand, sellable, reserved, safety)
select s, l, 40 + s % 200, 40 + s % 200, s % 12, case when s % 500 = 0 then 300 else 2 end
from generate_series(1, %(skus)s) s, generate_series(1, 2) l
""",
    "balances": """
insert into stock_balance (sku_id, place_id, quantity) select sku_id, location_id, on_hand from stock_level
""",
    "customers": """
insert into customers_customer (id, merge_key, name, email)
select n, 'email:c' || n || '@example.com', 'Customer ' || n, 'c' || n || '@example.com'
from generate_series(1, 60000) n
""",
    "messages": """
insert into inbox_message (connection_id, delivery_id, topic, sha256, headers, body, received_at, state,
  because)
select connection_id, 'd-' || n, 'orders/create', sha256(convert_to('m' || n, 'UTF8')), '{}',
  convert_to(repeat('{"id": ' || n || '} ', 30), 'UTF8'), placed_at + interval '2 seconds',
  case when h % 20000 = 7 then 'unreadable' else 'used' end,
  case when h % 20000 = 7 then 'This is not JSON.' else 'became SO-' || n end
from bench_order order by n
""",
    "orders": """
insert into orders_order (id, connection_id, external_id, external_name, source_version, placed_at,
  captured_at, paid_at, currency, items_minor, discount_minor, shipping_minor, tax_minor, fees_minor,
  tip_minor, rounding_minor, total_minor, paid_minor, refunded_minor, is_tax_included, payment_state,
  presentment_currency, customer_id, buyer, ship_to, shipping_method, detail, is_test, promised_on,
  cancelled_at, status)
select n, connection_id, '90' || n, '#' || n, '1', placed_at, placed_at + interval '3 seconds', placed_at,
  currency, minor * line_count, 0, 490, minor * line_count / 6, 0, 0, 0, minor * line_count + 490,
  minor * line_count + 490, 0, true, 'paid', '', customer_id,
  jsonb_build_object('name', 'Customer ' || customer_id, 'email', 'c' || customer_id || '@example.com'),
  jsonb_build_object('name', 'Customer ' || customer_id, 'line1', 'Torstrasse ' || h % 200, 'city', 'Berlin',
    'postcode', '10119', 'country', 'DE'), 'Standard', '{}', false, (placed_at + interval '3 days')::date,
  case when state = 'cancelled' then placed_at + interval '1 hour' end, state
from bench_order order by n
""",
    "lines": """
insert into orders_line (order_id, position, external_id, code, sku_id, title, unit_price_minor, gross_minor,
  discount_minor, tax_minor, is_shippable, ordered, open, allocated, picked, packed, labelled, shipped,
  delivered, cancelled, returned, sold, wanted, parked)
select n, p, n || '-' || p,
  case when is_unknown then 'NEW-' || h % 7 else 'B-' || lpad(sku::text, 6, '0') end,
  case when is_unknown then null else sku end, 'Thing number ' || sku, minor, minor, 0, minor / 6, true, 1,
  (state in ('on_hold', 'backordered'))::int, (state = 'allocated')::int,
  (state in ('picking', 'packed'))::int,
  (state = 'packed')::int, (state = 'packed' and h % 2 = 0)::int,
  (state in ('shipped', 'delivered', 'returned'))::int, (state in ('delivered', 'returned'))::int,
  (state = 'cancelled')::int, (state = 'returned')::int, 1, (state <> 'cancelled')::int,
  case when state = 'backordered' then 'backorder' else '' end
from (select o.*, p, 1 + (h * 31 + p * 7) % %(skus)s as sku, state = 'on_hold' and h % 5 = 0 as is_unknown
      from bench_order o, generate_series(1, o.line_count) p) x order by n, p
""",
    "holds": """
insert into orders_hold (order_id, kind, because, placed_by, since)
select n, kinds.kind, 'Because of ' || kinds.kind || '.', 'system', placed_at
from bench_order o, lateral (select case when h % 5 = 0 then 'sku'
  else (array['address', 'payment', 'fraud', 'manual'])[1 + h % 4] end as kind) kinds
where state = 'on_hold'
""",
    "decisions": """
insert into allocation_decision (id, order_id, at, actor, trigger, rule_version, inputs, routing)
select n, n, placed_at + interval '4 seconds', 'routing', 'OrderAccepted', 1, %(inputs)s, %(routing)s
from bench_order where state not in ('on_hold', 'backordered', 'cancelled')
""",
    "allocations": """
insert into allocation_allocation (id, order_id, location_id, decision_id, because, state, at, released_at,
  ship_by, promised_on)
select n, n, location_id, n, '["Has everything."]',
  case state when 'allocated' then 'released' when 'picking' then 'picking' when 'packed' then 'packed'
    else 'shipped' end, placed_at + interval '4 seconds', placed_at + interval '5 seconds',
  placed_at + interval '1 day', (placed_at + interval '3 days')::date
from bench_order where state not in ('on_hold', 'backordered', 'cancelled')
""",
    "parcels": """
insert into warehouse_parcel (id, order_id, allocation_id, location_id, state, carton, weight_g, carrier,
  service, tracking_number, promised_on, ship_by, made_at, packed_at, handed_over_at, handed_over_recorded_at)
select n, n, n, location_id,
  case when state <> 'packed' then 'handed_over' when h % 2 = 0 then 'labelled' else 'packed' end, 'M', 1200,
  (array['dhl', 'ups', 'dpd'])[1 + h % 3], 'standard', '00340' || lpad(n::text, 12, '0'),
  (placed_at + interval '3 days')::date, placed_at + interval '1 day', placed_at + interval '5 hours',
  placed_at + interval '6 hours', case when state <> 'packed' then left_at end,
  case when state <> 'packed' then left_at end
from (select o.*, least(placed_at + interval '9 hours', %(now)s - h % 3600 * interval '1 second') as left_at
      from bench_order o where state in ('packed', 'shipped', 'delivered', 'returned')) x order by n
""",
    "items": """
insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity, line_units)
select l.order_id, l.id, l.sku_id, 1, 1 from orders_line l
where l.packed > 0 or l.shipped > 0
""",
    "tracks": """
insert into tracking_track (parcel_id, status, first_scan_at, last_scan_at, delivered_at,
  delivered_recorded_at, handed_over_at, due_at)
select p.id, case when o.state = 'shipped' then 'in_transit' else 'delivered' end,
  case when o.state <> 'shipped' or o.h % 50 > 0 then p.handed_over_at + interval '3 hours' end,
  p.handed_over_at + interval '1 day',
  case when o.state <> 'shipped' then p.handed_over_at + interval '2 days' end,
  case when o.state <> 'shipped' then p.handed_over_at + interval '2 days' end,
  p.handed_over_at, p.promised_on + interval '23 hours'
from warehouse_parcel p join bench_order o on o.n = p.order_id where p.state = 'handed_over'
""",
    "events": """
insert into core_event (name, subject, at, recorded_at, actor, source, body)
select e.name, 'order:SO-' || n, placed_at + e.after, placed_at + e.after, 'system', '',
  jsonb_build_object('order_id', n) || e.body
from bench_order, (values
  ('OrderAccepted', interval '3 seconds', '{"checks_passed": 8}'::jsonb),
  ('OrderAllocated', interval '4 seconds', '{"locations": ["BER"], "decision_id": 1}'::jsonb),
  ('AllocationReleased', interval '5 seconds', '{"allocation_ids": []}'::jsonb)) e (name, after, body)
""",
}
_MORE = {
    f"{name} {what}": statement
    for name, more in (("shops", shops.FILL), ("floor", floor.FILL), ("sending", sending.FILL))
    for what, statement in more.items()
}


def fill(url: str, *, orders: int, skus: int, now: datetime) -> None:
    """Write everything into an empty, migrated database, and tell the planner what is there."""
    inputs, routing = _decision()
    given = {"orders": orders, "skus": skus, "now": now, "sites": list(SITES)}
    given |= {"inputs": inputs, "routing": routing}
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        for statement in (_ORDERS, *(_FILL | _MORE).values()):
            escaped = statement.replace("% ", "%% ")  # the remainder, not a parameter
            connection.execute(escaped, given)
        connection.execute("drop table bench_order")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def _decision() -> tuple[bytes, bytes]:
    """What a routing decision is kept as: four sites looked at, one chosen. Every order has this one."""
    wanted = tuple(Wanted(n, f"B-00000{n}", 1, 1900, (Part(f"B-00000{n}", 1),)) for n in (1, 2))
    order = Order("SO-1", "DE", "", "10119", "EUR", 3800, "shop-1", 0, (), wanted)
    stock = {"B-000001": 40, "B-000002": 40}
    sites = tuple(
        Site(code, "own", "DE", cost_minor=490 + 70 * n, days=1 + n, available=stock if n < 3 else {})
        for n, code in enumerate(SITES)
    )
    rules = RuleSet(1, (Rule("Cheapest site that has everything"),))
    inputs = Inputs(order, sites, rules)
    return msgspec.json.encode(inputs), msgspec.json.encode(route(order, sites, rules))
