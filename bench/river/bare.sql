create schema bare;
create table bare.orders (
  id bigint generated always as identity primary key,
  channel text not null,
  ext_ref text not null,
  state smallint not null default 0,
  site_id int not null default 1,
  total_minor bigint not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  unique (channel, ext_ref)
);
create table bare.lines (
  id bigint generated always as identity primary key,
  order_id bigint not null references bare.orders (id),
  sku_id int not null,
  quantity int not null,
  price_minor bigint not null
);
create index on bare.lines (order_id);
create table bare.stock (
  sku_id int not null,
  site_id int not null,
  on_hand int not null,
  reserved int not null default 0,
  primary key (sku_id, site_id),
  check (reserved <= on_hand)
) with (fillfactor = 70);
create table bare.ledger (
  id bigint generated always as identity primary key,
  sku_id int not null,
  site_id int not null,
  order_id bigint not null,
  change int not null,
  created_at timestamptz not null default now()
);
create index on bare.ledger (sku_id, id);

-- History, so that no session plans for empty tables.
insert into bare.stock select n, 1, 100000000, 0 from generate_series(1, 10000) n;
insert into bare.orders (channel, ext_ref, total_minor, body)
select 'shop', 'old-' || n, 4200, jsonb_build_object(
  'ext_ref', 'old-' || n, 'customer', jsonb_build_object('email', 'ada@shopper.example', 'name', 'Ada Adler'),
  'ship_to', jsonb_build_object('street', 'Mill Lane 1', 'zip', '12345', 'city', 'Newbridge', 'country', 'DE'))
from generate_series(1, 20000) n;
insert into bare.lines (order_id, sku_id, quantity, price_minor)
select o.id, 1 + (o.id * 7 + n * 3331) % 10000, 1, 1400 from bare.orders o, generate_series(1, 3) n;
insert into bare.ledger (sku_id, site_id, order_id, change) select sku_id, 1, order_id, -quantity from bare.lines;
update bare.stock s set reserved = u.units
from (select sku_id, sum(quantity) as units from bare.lines group by sku_id) u where s.sku_id = u.sku_id;
