\set a random(1, 10000)
\set b random(1, 10000)
\set c random(1, 10000)
\set ref random(1, 9000000000000000)
\set low least(:a, :b, :c)
\set high greatest(:a, :b, :c)
\set middle :a + :b + :c - :low - :high
begin;
insert into bare.orders (channel, ext_ref, total_minor, body) values ('shop', :ref::text, 4200, '{"customer": {"email": "ada@shopper.example", "name": "Ada Adler"}, "ship_to": {"street": "Mill Lane 1", "zip": "12345", "city": "Newbridge", "country": "DE"}}') returning id as order_id \gset
insert into bare.lines (order_id, sku_id, quantity, price_minor) values (:order_id::bigint, :a::int, 1, 1400), (:order_id::bigint, :b::int, 1, 1400), (:order_id::bigint, :c::int, 1, 1400);
update bare.stock set reserved = reserved + 1 where sku_id = :low::int and site_id = 1 and on_hand - reserved >= 1;
update bare.stock set reserved = reserved + 1 where sku_id = :middle::int and site_id = 1 and on_hand - reserved >= 1;
update bare.stock set reserved = reserved + 1 where sku_id = :high::int and site_id = 1 and on_hand - reserved >= 1;
insert into bare.ledger (sku_id, site_id, order_id, change) values (:a::int, 1, :order_id::bigint, -1), (:b::int, 1, :order_id::bigint, -1), (:c::int, 1, :order_id::bigint, -1);
commit;
