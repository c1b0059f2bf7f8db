"""Products with what is commonly wrong with them, and a shop that lists each."""

from quartermaster.core import sql

VARIANTS = 5
PRODUCTS = (
    "insert into catalog_product (code, title) select 'P' || n, 'Thing ' || n from generate_series(1, %s) n"
)
# One of seven has no weight, one of fifty a wrong one, one of three no cost, and so on.
SKUS = """
insert into catalog_sku (code, title, product_id, options, weight_g, length_mm, width_mm, height_mm,
  cost_minor, currency, hs_code, origin_country)
select 'B-' || lpad(n::text, 7, '0'), 'Thing ' || 1 + n / %(variants)s, p.id,
  jsonb_build_object('size', n %% %(variants)s),
  case when n %% 7 = 0 then null when n %% 50 = 0 then 2 else 800 end, 200, 150, 100,
  case when n %% 3 = 0 then null else 500 end, 'EUR', case when n %% 4 = 0 then '' else '9405.11' end,
  case when n %% 5 = 0 then '' else 'DE' end
from generate_series(0, %(skus)s - 1) n join catalog_product p on p.code = 'P' || 1 + n / %(variants)s
"""
BARCODES = """
insert into catalog_barcode (code, sku_id)
select lpad((400000000000 + id)::text, 12, '0') || (id %% 10)::text, id from catalog_sku where 0 < %s
"""
SHOP = """
with made as (insert into inbox_connection (slug, kind) values ('woo', 'woocommerce') returning id)
insert into channels_shop (connection_id, next_at) select id, now() from made
"""
# One of twenty is called otherwise there.
LISTINGS = """
insert into channels_listing (shop_id, name, code, title, weight_g, seen_at, sku_id, mapped_by)
select c.id, s.id::text, s.code, case when s.id %% 20 = 0 then 'Another ' || s.id else s.title end,
  s.weight_g, now(), s.id, 'code'
from catalog_sku s, inbox_connection c where 0 < %s
"""


def fill(skus: int) -> None:
    """Into an empty database."""
    sql.run(PRODUCTS, (1 + skus // VARIANTS,))
    sql.run(SKUS, {"skus": skus, "variants": VARIANTS})
    sql.run(BARCODES, (skus,))
    sql.run(SHOP)
    sql.run(LISTINGS, (skus,))
    sql.run("delete from quality_dirty")
    sql.run("analyze")
