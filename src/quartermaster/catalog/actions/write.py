"""SKUs as decided, into their tables: one statement a table."""

from collections.abc import Mapping
from datetime import datetime

from quartermaster.catalog.rules.skus import Facts
from quartermaster.core import sql

PRODUCTS = """
insert into catalog_product (code, title)
select code, title from jsonb_to_recordset(%s::jsonb) as p(code text, title text) order by code
on conflict (code) do nothing
"""
SKUS = """
insert into catalog_sku as s (
  code, title, product_id, options, attributes, base_unit, weight_g, length_mm, width_mm, height_mm,
  cost_minor, currency, hs_code, origin_country, is_hazmat, policy, backorder_cap, available_on, is_active,
  created_at)
select w.code, w.title, p.id, w.options, w.attributes, w.base_unit, w.weight_g, w.length_mm, w.width_mm,
  w.height_mm, w.cost_minor, w.currency, w.hs_code, w.origin_country, w.is_hazmat, w.policy, w.backorder_cap,
  w.available_on, w.is_active, %(at)s
from jsonb_to_recordset(%(skus)s::jsonb) as w(
  code text, title text, product text, options jsonb, attributes jsonb, base_unit text, weight_g int,
  length_mm int, width_mm int, height_mm int, cost_minor bigint, currency text, hs_code text,
  origin_country text, is_hazmat boolean, policy text, backorder_cap bigint, available_on date,
  is_active boolean)
left join catalog_product p on p.code = w.product
order by w.code
on conflict (code) do update set
  title = excluded.title, product_id = excluded.product_id, options = excluded.options,
  attributes = excluded.attributes, base_unit = excluded.base_unit, weight_g = excluded.weight_g,
  length_mm = excluded.length_mm, width_mm = excluded.width_mm, height_mm = excluded.height_mm,
  cost_minor = excluded.cost_minor, currency = excluded.currency, hs_code = excluded.hs_code,
  origin_country = excluded.origin_country, is_hazmat = excluded.is_hazmat, policy = excluded.policy,
  backorder_cap = excluded.backorder_cap, available_on = excluded.available_on,
  is_active = excluded.is_active, version = s.version + 1
returning code, id
"""
BARCODES = """
insert into catalog_barcode as b (code, sku_id, pack_quantity)
select code, sku_id, pack_quantity
from jsonb_to_recordset(%s::jsonb) as w(code text, sku_id bigint, pack_quantity bigint)
order by code
on conflict (code) do update set pack_quantity = excluded.pack_quantity
  where b.sku_id = excluded.sku_id and b.pack_quantity <> excluded.pack_quantity
"""
# Those let go of first: another SKU of the same batch may take them over.
LET_GO = """
delete from catalog_barcode b using jsonb_to_recordset(%s::jsonb) as w(sku_id bigint, kept jsonb)
where b.sku_id = w.sku_id and not w.kept ? b.code
"""
UNITS = """
with gone as (delete from catalog_unit where sku_id = any(%(ids)s) and (sku_id, name) not in (
  select sku_id, name from jsonb_to_recordset(%(units)s::jsonb) as w(sku_id bigint, name text)))
insert into catalog_unit (sku_id, name, factor)
select sku_id, name, factor
from jsonb_to_recordset(%(units)s::jsonb) as w(sku_id bigint, name text, factor bigint)
on conflict (sku_id, name) do update set factor = excluded.factor
"""


def write(
    skus: Mapping[str, Facts],
    changes: Mapping[str, Mapping[str, tuple[object, object]]],
    ids: Mapping[str, int],
    *,
    at: datetime,
) -> dict[str, int]:
    """Store the SKUs (code -> all its facts), their own row always: its version
    counts. Barcodes and units only where they change. code -> id."""
    products = {str(sku["product"]): sku["title"] for sku in skus.values() if sku["product"]}
    if products:
        wanted = ({"code": code, "title": title or code} for code, title in products.items())
        sql.run(PRODUCTS, (sql.rows(wanted),))
    # Also where only barcodes or units change: the version counts it.
    own = {code: {**sku, "code": code} for code, sku in skus.items()}
    made = dict(sql.run(SKUS, {"skus": sql.rows(own.values()), "at": at})) if own else {}
    ids = {**ids, **made}
    fewer = [
        {"sku_id": ids[code], "kept": sku["barcodes"]}
        for code, sku in skus.items()
        if "barcodes" in changes[code] and _lets_go(*changes[code]["barcodes"])
    ]
    if fewer:
        sql.run(LET_GO, (sql.rows(fewer),))
    barcodes = [
        {"code": barcode, "sku_id": ids[code], "pack_quantity": quantity}
        for code, sku in skus.items()
        if "barcodes" in changes[code]
        for barcode, quantity in _counts(sku["barcodes"])
    ]
    if barcodes:
        sql.run(BARCODES, (sql.rows(barcodes),))
    measured = [code for code in skus if "units" in changes[code]]
    if measured:
        units = [
            {"sku_id": ids[code], "name": name, "factor": factor}
            for code in measured
            for name, factor in _counts(skus[code]["units"])
        ]
        sql.run(UNITS, {"ids": [ids[code] for code in measured], "units": sql.rows(units)})
    return made


def _lets_go(before: object, after: object) -> bool:
    assert isinstance(before, Mapping)
    assert isinstance(after, Mapping)
    return bool(before.keys() - after.keys())


def _counts(value: object) -> list[tuple[str, int]]:
    assert isinstance(value, Mapping)
    return list(value.items())
