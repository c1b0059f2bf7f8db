"""What listings say beside their product: title, barcode, weight. Only what a shop tells counts."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position

type Field = Literal["title", "barcodes", "weight_g"]
FIELDS: tuple[Field, ...] = ("title", "barcodes", "weight_g")
COUNTED_MAX = 10_000

# Ours and theirs as the table of products has them. A gram is within what ounces round to.
DIFFER = {
    "title": "l.title <> '' and btrim(l.title) <> btrim(s.title)",
    "barcodes": """l.barcode <> '' and not exists (
      select from catalog_barcode b where b.sku_id = s.id and ltrim(b.code, '0') = ltrim(l.barcode, '0'))""",
    "weight_g": "l.weight_g > 0 and (s.weight_g is null or abs(s.weight_g - l.weight_g) > 1)",
}
OURS = {
    "title": "s.title",
    "barcodes": """coalesce((select string_agg(b.code, '|' order by b.code) from catalog_barcode b
      where b.sku_id = s.id), '')""",
    "weight_g": "coalesce(s.weight_g::text, '')",
}
THEIRS = {"title": "l.title", "barcodes": "l.barcode", "weight_g": "l.weight_g::text"}
# What a shop would be told: of several barcodes nobody guesses one, and a case is not what it sells.
TELLS = {
    "title": "btrim(s.title)",
    "barcodes": """coalesce((select min(b.code) from catalog_barcode b
      where b.sku_id = s.id and b.pack_quantity = 1 having count(*) = 1), '')""",
    "weight_g": "case when s.weight_g > 0 then s.weight_g::text else '' end",
}
ROWS = """
select row_to_json(r)::text from (
select l.id, c.slug as connection, l.name as listing, s.code as sku, '{field}' as field, {ours} as ours,
  {theirs} as theirs, {tells} as tells, substr(md5(concat_ws(E'\\x1f', {ours}, {theirs})), 1, 12) as seen
from {those} join catalog_sku s on s.id = l.sku_id and s.is_active and not s.is_kit
join inbox_connection c on c.id = l.shop_id
where l.gone_at is null and {differ} and {which} order by l.id limit %(limit)s) r
"""
ALL = "channels_listing l"
# Few listings differ, and to find them among all would take as long as there are many: they are written down.
WRITTEN = """(select listing_id from quality_differing where field = '{field}' and listing_id > %(after)s
  order by listing_id) d join channels_listing l on l.id = d.listing_id"""
COUNT = """
select count(*)::int from (select from quality_differing where field = %(field)s limit %(most)s) x
"""
# Every listing of these that differs: {which} says which.
DIFFERING = """
select f.field, l.id from channels_listing l
join catalog_sku s on s.id = l.sku_id and s.is_active and not s.is_kit
cross join lateral (values {fields}) f (field, differs)
where l.gone_at is null and f.differs and {{which}}""".format(
    fields=", ".join(f"('{field}', {differs})" for field, differs in DIFFER.items())
)
SHOWN = """
select row_to_json(r)::text from (
  select c.slug as connection, l.name as listing, l.title, l.barcode, l.weight_g, l.price_minor, l.currency,
    l.is_live, l.seen_at::text as seen_at
  from channels_listing l join inbox_connection c on c.id = l.shop_id
  where l.sku_id = (select id from catalog_sku where code = %(sku)s) and l.gone_at is null
  order by c.slug, l.id limit 50) r
"""


class Difference(msgspec.Struct, frozen=True):
    """field: a column of the table of products; ours and theirs as its text. tells: what the shop would be
    told, "" where that is nothing. seen: a mark of both sides as they are now."""

    id: int
    connection: str
    listing: str
    sku: str
    field: Field
    ours: str
    theirs: str
    tells: str
    seen: str


class Said(msgspec.Struct, frozen=True):
    """A listing as its shop told it last: "" and None where it tells nothing."""

    connection: str
    listing: str
    title: str
    barcode: str
    weight_g: int | None
    price_minor: int | None
    currency: str
    is_live: bool
    seen_at: str


_difference = msgspec.json.Decoder(Difference)
_said = msgspec.json.Decoder(Said)


def differences(field: Field, *, after: str = "", limit: int = LIMIT) -> Page[Difference]:
    """Of one field, the oldest listing first."""
    asked: dict[str, object] = {"after": position(after) or 0, "limit": limit + 1}
    found = _told(field, "true", asked, WRITTEN.format(field=field))
    return cut(found, limit, lambda one: one.id)


def of_sku(code: str) -> list[Difference]:
    """All of a product's listings, field by field."""
    which = "l.sku_id = (select id from catalog_sku where code = %(sku)s)"
    return [one for field in FIELDS for one in _told(field, which, {"sku": code, "limit": 100})]


def of_listings(ids: Sequence[int], field: Field) -> list[Difference]:
    """Of these listings."""
    return _told(field, "l.id = any(%(ids)s)", {"ids": list(ids), "limit": len(ids)})


def counts() -> dict[Field, int]:
    """How many listings differ, by field, counted up to COUNTED_MAX + 1: as they were looked at last."""
    return {field: int(sql.run(COUNT, {"field": field, "most": COUNTED_MAX + 1})[0][0]) for field in FIELDS}


def said(code: str) -> list[Said]:
    """The listings of a product, by shop."""
    return [_said.decode(row) for (row,) in sql.run(SHOWN, {"sku": code})]


def _told(field: Field, which: str, asked: dict[str, object], those: str = ALL) -> list[Difference]:
    parts = {"ours": OURS[field], "theirs": THEIRS[field], "tells": TELLS[field], "differ": DIFFER[field]}
    rows = sql.run(ROWS.format(field=field, which=which, those=those, **parts), asked, prepare=False)
    return [_difference.decode(row) for (row,) in rows]
