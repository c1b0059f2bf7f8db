"""The list of goods that may not go everywhere, and what of goods it asks."""

from collections.abc import Collection, Iterable
from datetime import date

import msgspec

from quartermaster.catalog.rules.restrictions import Good, Restriction
from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position


class RestrictionShown(Restriction, frozen=True):
    """With its id, and who wrote it."""

    id: int = 0
    written_by: str = ""


LINES = """
select row_to_json(r)::text from (
  select level, because, from_on, country, site, carrier, service, hs_prefix, sku, is_hazmat, tag, until_on,
    source, is_import
  from catalog_restriction
  where (%(countries)s::text[] is null or country = any(%(countries)s))
    and (until_on is null or until_on >= %(on)s) order by id) r
"""
LISTED = """
select row_to_json(r)::text from (
  select id, level, because, from_on, country, site, carrier, service, hs_prefix, sku, is_hazmat, tag,
    until_on, source, is_import, written_by
  from catalog_restriction
  where (%(country)s = '' or country = %(country)s)
    and (%(on)s::date is null or until_on is null or until_on >= %(on)s)
    and (%(after)s::bigint is null or id < %(after)s)
  order by id desc limit %(limit)s) r
"""
GOODS = """
with asked as (
  select id, id as part from unnest(%(ids)s::bigint[]) as t(id)
  union select kit_id, part_id from catalog_kit_leaf where kit_id = any(%(ids)s))
select a.id, json_build_object('sku', s.code, 'is_hazmat', s.is_hazmat, 'hs_code', s.hs_code,
  'is_kit', s.is_kit,
  'tags', array(select x.value from jsonb_each_text(s.attributes) x order by x.value))::text
from asked a join catalog_sku s on s.id = a.part order by a.id, s.code
"""
_line = msgspec.json.Decoder(Restriction)
_shown = msgspec.json.Decoder(RestrictionShown)
_good = msgspec.json.Decoder(Good)


def restrictions(countries: Iterable[str] | None = None, *, on: date) -> tuple[Restriction, ...]:
    """The lines about any of these destinations (all) that hold on that day or will. One statement."""
    asked = {"countries": None if countries is None else sorted({"", *countries}), "on": on}
    return tuple(_line.decode(row) for (row,) in sql.run(LINES, asked))


def goods(sku_ids: Collection[int]) -> dict[int, tuple[Good, ...]]:
    """What a line may ask of each SKU: of itself, and of a kit's parts. One statement."""
    found: dict[int, list[Good]] = {}
    if sku_ids:
        for sku_id, good in sql.run(GOODS, {"ids": sorted(set(sku_ids))}):
            found.setdefault(sku_id, []).append(_good.decode(good))
    return {sku_id: tuple(some) for sku_id, some in found.items()}


def restrictions_listed(
    *, country: str = "", on: date | None = None, after: str = "", limit: int = LIMIT
) -> Page[RestrictionShown]:
    """The newest first; with a day only those that are not over by then."""
    asked = {"country": country, "on": on, "after": position(after), "limit": limit + 1}
    return cut([_shown.decode(row) for (row,) in sql.run(LISTED, asked)], limit, lambda line: line.id)
