"""Take back SKUs that an import made by mistake. A SKU is never deleted: it is switched off, and lets go of
its barcodes and of what it was made of. Imported again, it is there again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace

from quartermaster.catalog.actions.assemble import Kit, set_kits
from quartermaster.catalog.actions.outcomes import lock
from quartermaster.catalog.actions.save import save_skus
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.texts import storable
from quartermaster.events import SkuChanged

SOURCE = "undo of import"

USED = """
select s.id, s.code, case
  when exists (select from orders_line l where l.sku_id = s.id) then 'it is on orders'
  when exists (select from stock_level v where v.sku_id = s.id and (v.on_hand <> 0 or v.reserved <> 0))
    then 'it has stock'
  when exists (select from catalog_alias a where a.sku_id = s.id) then 'a channel sells it by another name'
  when exists (select from catalog_kit_part k where k.part_id = s.id and not k.kit_id = any(%(ids)s))
    then 'it is a part of a kit'
  when (select e.at from core_event e where e.subject = 'sku:' || s.code and e.name = 'SkuChanged'
        order by e.id desc limit 1) is distinct from %(made_at)s then 'it has been changed since'
  else '' end, s.is_kit
from catalog_sku s where s.id = any(%(ids)s) order by s.code
"""
PARTS = "select kit_id, part_id from catalog_kit_part where kit_id = any(%s)"
BARCODES = """
with gone as (delete from catalog_barcode where sku_id = any(%s) returning sku_id, code, pack_quantity)
select sku_id, jsonb_object_agg(code, pack_quantity) from gone group by sku_id
"""
WITHDRAWN = """
select s.code from catalog_sku s where s.code = any(%s) and not s.is_active and exists (
  select from (select e.source from core_event e where e.subject = 'sku:' || s.code
    and e.name = 'SkuChanged' order by e.id desc limit 1) newest where newest.source like %s)
"""


def withdraw_skus(
    ids: Sequence[int], *, made_at: datetime, number: int, at: datetime, by: str
) -> tuple[set[int], Mapping[str, str]]:
    """Switch off those of these SKUs on which nothing stands that came since `made_at`, in the caller's
    transaction: their ids, and why each of the others stays."""
    lock()
    found = sql.run(USED, {"ids": list(ids), "made_at": made_at})
    codes = {row[0]: row[1] for row in found}
    stays = {row[0]: row[2] for row in found if row[2]}
    parts = sql.run(PARTS, (list(codes),))
    while more := {part: kit for kit, part in parts if kit in stays and part in codes and part not in stays}:
        stays |= {part: f"it is a part of {codes[kit]}" for part, kit in more.items()}
    goes = [row for row in codes if row not in stays]
    source = f"{SOURCE} {number}"
    kits = [Kit(code, {}) for row, code, _, is_kit in found if is_kit and row not in stays]
    if kits:
        set_kits(kits, at=at, by=by, source=source)
    barcodes = dict(sql.run(BARCODES, (goes,)))
    emit(
        SkuChanged(
            subject=f"sku:{codes[row]}",
            at=at,
            actor=by,
            source=source,
            sku_id=row,
            changed={"barcodes": (barcodes[row], {})},
        )
        for row in sorted(barcodes)
    )
    save_skus([Draft(code=codes[row], is_active=False) for row in goes], at=at, by=by, source=source)
    return set(goes), {codes[row]: because for row, because in stays.items()}


def back_again(drafts: Sequence[Draft]) -> list[Draft]:
    """The same; those that were switched off by an undo, and by nobody since, are switched on with it."""
    asked = [storable(draft.code) for draft in drafts if draft.is_active is UNSET]
    off = {code for (code,) in sql.run(WITHDRAWN, (asked, f"{SOURCE} %"))} if asked else set()
    return [replace(draft, is_active=True) if draft.code in off else draft for draft in drafts]
