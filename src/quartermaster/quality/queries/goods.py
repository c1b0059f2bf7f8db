"""SKUs with all that the rules look at: one statement for a batch."""

from collections.abc import Collection, Sequence

import msgspec

from quartermaster.channels.ports import ListingNeeds
from quartermaster.core import plugs, sql
from quartermaster.quality.rules.goods import Good

SAME_MAX = 5
GOODS = """
with asked as (select s.* from catalog_sku s where s.id = any(%(ids)s)),
usual as (
  select v.product_id, count(*)::int as variants,
    percentile_disc(0.5) within group (order by v.weight_g)::int as weight_g
  from catalog_sku v where v.weight_g > 0 and v.is_active
    and v.product_id in (select product_id from asked where product_id is not null) group by 1)
select row_to_json(r)::text from (
  select s.id, s.code, s.title, s.is_kit, s.is_active, s.base_unit, s.weight_g, s.length_mm, s.width_mm,
    s.height_mm, s.cost_minor, s.hs_code, s.origin_country,
    coalesce((select json_object_agg(b.code, b.pack_quantity) from catalog_barcode b
      where b.sku_id = s.id), '{}') as barcodes,
    coalesce((select json_object_agg(u.name, u.factor) from catalog_unit u where u.sku_id = s.id), '{}')
      as units,
    coalesce((select json_agg(json_build_array(b.code, o.code, t.code, t.id) order by b.code, o.code)
      from catalog_barcode b join catalog_barcode o on lpad(o.code, 14, '0') = lpad(b.code, 14, '0')
        and o.code ~ '^[0-9]{7,14}$' and o.sku_id <> b.sku_id
      join catalog_sku t on t.id = o.sku_id
      where b.sku_id = s.id and b.code ~ '^[0-9]{7,14}$'), '[]') as twins,
    coalesce((select json_agg(json_build_array(x.code, x.id) order by x.code) from (
      (select o.id, o.code from catalog_sku o where o.product_id = s.product_id and o.options = s.options
        and s.options <> '{}' and o.id <> s.id and o.is_active order by o.id + 0 limit %(same)s)
      union
      (select o.id, o.code from catalog_sku o where lower(o.title) = lower(s.title) and o.title <> ''
        and o.options = s.options and o.product_id is not distinct from s.product_id
        and o.id <> s.id and o.is_active order by o.id + 0 limit %(same)s)) x), '[]') as same,
    coalesce((select json_agg(json_build_array(p.code, p.is_active, p.weight_g, k.quantity) order by p.code)
      from catalog_kit_part k join catalog_sku p on p.id = k.part_id where k.kit_id = s.id), '[]') as parts,
    usual.weight_g as usual_weight_g, coalesce(usual.variants, 0) as variants,
    (%(title)s = '' or s.title ~ %(title)s) as title_fits, (%(code)s = '' or s.code ~ %(code)s) as code_fits,
    array(select distinct c.slug from channels_listing l join inbox_connection c on c.id = l.shop_id
      where l.sku_id = s.id and l.gone_at is null order by 1) as listed,
    array(select c.slug from quality_sold d join inbox_connection c on c.id = d.shop_id
      join channels_goods g on g.shop_id = d.shop_id
      where d.sku_id = s.id and c.is_active and g.read_at is not null and not exists (
        select from channels_listing l where l.shop_id = d.shop_id and l.sku_id = s.id and l.gone_at is null)
      order by 1) as sold_at
  from asked s left join usual on usual.product_id = s.product_id order by s.id) r
"""
KINDS = "select slug, kind from inbox_connection"
DEFAULT = ("title", "weight_g")
_good = msgspec.json.Decoder(Good)


def goods(ids: Collection[int], *, title_pattern: str = "", code_pattern: str = "") -> list[Good]:
    """By id; those that are gone are left out. The patterns are PostgreSQL's regular expressions."""
    asked = {"ids": sorted(ids), "title": title_pattern, "code": code_pattern, "same": SAME_MAX}
    return [_good.decode(row) for (row,) in sql.run(GOODS, asked, prepare=False)]


def needs() -> dict[str, Sequence[str]]:
    """Connection -> what its shop needs of a listing, as its plug says."""
    told: dict[str, Sequence[str]] = {}
    for slug, kind in sql.run(KINDS):
        plug = plugs.installed().get(kind)
        asked = plug.offer(ListingNeeds) if plug else None
        told[slug] = asked.fields if asked else DEFAULT
    return told
