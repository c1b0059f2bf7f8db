"""Reading the catalog: from codes to SKUs, from kits to their parts. Set-based: orders wait for it."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from msgspec import json

from quartermaster.catalog.models import Sku
from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.texts import storable

_BETWEEN = "\x1f"  # no SKU code and no alias has control characters

type Pair = tuple[int, str]  # connection id, the code its channel uses

RESOLVE = """
select told.n, coalesce(a.sku_id, s.id)
from unnest(%s::bigint[], string_to_array(%s, chr(31))) with ordinality as told(connection_id, code, n)
left join catalog_alias a on a.connection_id = told.connection_id and a.code = told.code
left join catalog_sku s on s.code = told.code and a.id is null
where a.id is not null or s.id is not null
"""
PARTS = (
    "select kit_id, part_id, quantity from catalog_kit_leaf where kit_id = any(%s) order by kit_id, part_id"
)
ALIKE = """
select told.code, array_agg(s.code order by s.code)
from unnest(%s::text[], %s::text[]) as told(code, like_this)
join catalog_sku s on lower(normalize(s.code, nfkc)) = told.like_this
group by told.code
"""

STATES = """
select s.code, s.id, jsonb_build_object(
  'title', s.title, 'product', coalesce(p.code, ''), 'options', s.options, 'attributes', s.attributes,
  'base_unit', s.base_unit, 'weight_g', s.weight_g, 'length_mm', s.length_mm, 'width_mm', s.width_mm,
  'height_mm', s.height_mm, 'cost_minor', s.cost_minor, 'currency', s.currency, 'hs_code', s.hs_code,
  'origin_country', s.origin_country, 'is_hazmat', s.is_hazmat, 'policy', s.policy,
  'backorder_cap', s.backorder_cap, 'available_on', s.available_on, 'is_active', s.is_active,
  'barcodes', coalesce((select jsonb_object_agg(b.code, b.pack_quantity)
    from catalog_barcode b where b.sku_id = s.id), '{}'),
  'units', coalesce((select jsonb_object_agg(u.name, u.factor)
    from catalog_unit u where u.sku_id = s.id), '{}'))::text
from catalog_sku s left join catalog_product p on p.id = s.product_id
where s.code = any(%s)
"""
BARCODE_OWNERS = """
select b.code, s.code from catalog_barcode b join catalog_sku s on s.id = b.sku_id where b.code = any(%s)
"""


class SkuState(NamedTuple):
    """A SKU as it is: every field of `rules.skus.Draft` but the code, with all its barcodes and units."""

    id: int
    facts: Mapping[str, object]


def resolve(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """SKU id of each code as that connection means it: its own alias first, else a SKU of exactly this code.

    Unknown codes are absent from the answer. One statement, whatever the number of codes.
    """
    # The codes travel as one text, which is cheaper than a list. None with its separator in it can be known.
    asked = [pair for pair in dict.fromkeys(pairs) if pair[1] and _BETWEEN not in pair[1]]
    if not asked:
        return {}
    codes = storable(_BETWEEN.join([code for _, code in asked]))
    found = sql.run(RESOLVE, ([connection for connection, _ in asked], codes))
    return {asked[n - 1]: sku_id for n, sku_id in found}


def parts(sku_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """What one unit of each kit takes from the shelf: (part id, units), taken apart to the bottom.

    SKUs that are no kits are absent. One statement.
    """
    taken_apart: dict[int, list[tuple[int, int]]] = {}
    for kit, part, quantity in sql.run(PARTS, (sorted(set(sku_ids)),)):
        taken_apart.setdefault(kit, []).append((part, quantity))
    return taken_apart


def alike(codes: Iterable[str]) -> dict[str, list[str]]:
    """SKU codes that look the same but for case and Unicode form: suggestions for a person, never a match."""
    asked = {storable(code): code for code in codes}
    found = sql.run(ALIKE, (list(asked), [_folded(code).lower() for code in asked]))
    alike = {
        asked[code]: [other for other in others if _folded(other) == _folded(code)] for code, others in found
    }
    return {code: others for code, others in alike.items() if others}


def _folded(code: str) -> str:
    return unicodedata.normalize("NFKC", code).casefold()


def states(codes: Iterable[str]) -> dict[str, SkuState]:
    """SKUs of these codes as they are; those that are not there are absent. One statement."""
    found = sql.run(STATES, ([storable(code) for code in codes],))
    return {code: SkuState(id, _facts(json.decode(facts))) for code, id, facts in found}


def barcode_owners(barcodes: Iterable[str]) -> dict[str, str]:
    """Barcode -> code of the SKU it belongs to; unknown ones are absent."""
    asked = [storable(barcode) for barcode in barcodes]
    return dict(sql.run(BARCODE_OWNERS, (asked,))) if asked else {}


def in_use(sku_ids: Iterable[int]) -> set[int]:
    """Which of these anything outside the catalog points to: stock, orders, whatever stage there will be.

    Django knows who points here, so the catalog need not know the stages below it. Looks through large
    tables: only for rare questions such as a change of the base unit.
    """
    open_ids, used = set(sku_ids), set[int]()
    for relation in Sku._meta.related_objects:
        if open_ids and relation.related_model._meta.app_label != Sku._meta.app_label:
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": open_ids})
            used |= set(rows.values_list(relation.field.attname, flat=True).distinct())
            open_ids -= used
    return used


def _facts(facts: dict[str, object]) -> dict[str, object]:
    if available_on := facts["available_on"]:
        facts["available_on"] = date.fromisoformat(str(available_on))
    return facts


LISTED = """
select s.id, s.code from catalog_sku s
where s.id > %(after)s and (%(barcode)s = '' or s.id in (
  select sku_id from catalog_barcode where code = %(barcode)s))
order by s.id limit %(limit)s
"""
KITS = """
select k.code, p.code, kp.quantity from catalog_kit_part kp
join catalog_sku k on k.id = kp.kit_id join catalog_sku p on p.id = kp.part_id
where k.code = any(%s) order by k.code, p.code
"""
ALIASES = """
select a.id, c.slug, a.code, s.code from catalog_alias a
join inbox_connection c on c.id = a.connection_id join catalog_sku s on s.id = a.sku_id
where a.id > %(after)s and (%(connection)s = '' or c.slug = %(connection)s) order by a.id limit %(limit)s
"""


def sku_codes(*, barcode: str = "", after: str = "", limit: int = LIMIT) -> Page[str]:
    """SKU codes, oldest first; with `barcode` the one it belongs to."""
    wanted = {"after": position(after) or 0, "barcode": barcode, "limit": limit + 1}
    found = cut(sql.run(LISTED, wanted), limit, lambda row: int(row[0]))
    return Page([code for _, code in found.items], found.next)


def kits(codes: Iterable[str]) -> dict[str, dict[str, int]]:
    """Kit code -> SKU code -> how many are in one, as it was defined. SKUs that are no kits are absent."""
    made_of: dict[str, dict[str, int]] = {}
    for kit, part, quantity in sql.run(KITS, ([storable(code) for code in codes],)):
        made_of.setdefault(kit, {})[part] = quantity
    return made_of


def aliases(*, connection: str = "", after: str = "", limit: int = LIMIT) -> Page[tuple[str, str, str]]:
    """(connection, what it says, SKU code), oldest first."""
    wanted = {"after": position(after) or 0, "connection": connection, "limit": limit + 1}
    found = cut(sql.run(ALIASES, wanted), limit, lambda row: int(row[0]))
    return Page([(slug, code, sku) for _, slug, code, sku in found.items], found.next)


class Scanned(NamedTuple):
    """What a scanner read: a SKU and the units one scan stands for."""

    sku: str
    units: int


SCANNED = """
select s.code, b.pack_quantity from catalog_barcode b join catalog_sku s on s.id = b.sku_id
where b.code = %(code)s
union all select code, 1 from catalog_sku where code = %(code)s limit 1
"""


def scanned(code: str) -> Scanned | None:
    """The SKU of a barcode, else of its own code; None for what is neither."""
    found = sql.run(SCANNED, {"code": code})
    return Scanned(*found[0]) if found else None
