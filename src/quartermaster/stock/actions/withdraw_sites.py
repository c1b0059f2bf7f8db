"""Take back sites that an import made by mistake. A site is never deleted: it is switched off. Imported
again, it is there again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.texts import storable
from quartermaster.stock.actions.locate import LOCK, locate
from quartermaster.stock.rules.locations import Site

SOURCE = "undo of import"

USED = """
select l.id, l.code, case
  when exists (select from stock_level v where v.location_id = l.id and (v.on_hand <> 0 or v.reserved <> 0))
    then 'it has stock'
  when exists (select from allocation_allocation a where a.location_id = l.id) then 'it serves orders'
  when exists (select from warehouse_parcel p where p.location_id = l.id) then 'parcels have left it'
  when exists (select from stock_place p where p.location_id = l.id and p.kind <> 'site') then 'it has bins'
  when (select e.at from core_event e where e.subject = 'location:' || l.code and e.name = 'LocationChanged'
        order by e.id desc limit 1) is distinct from %(made_at)s then 'it has been changed since'
  else '' end
from stock_location l where l.id = any(%(ids)s) order by l.code
"""
WITHDRAWN = """
select l.code from stock_location l where l.code = any(%s) and not l.is_active and exists (
  select from (select e.source from core_event e where e.subject = 'location:' || l.code
    and e.name = 'LocationChanged' order by e.id desc limit 1) newest where newest.source like %s)
"""


def withdraw_sites(
    ids: Sequence[int], *, made_at: datetime, number: int, at: datetime, by: str
) -> tuple[set[int], Mapping[str, str]]:
    """Switch off those of these sites on which nothing stands that came since `made_at`, in the caller's
    transaction: their ids, and why each of the others stays."""
    sql.run(LOCK)
    found = sql.run(USED, {"ids": list(ids), "made_at": made_at})
    goes = [Site(code=code, is_active=False) for _, code, because in found if not because]
    locate(goes, at=at, by=by, source=f"{SOURCE} {number}")
    gone = {row for row, _, because in found if not because}
    return gone, {code: because for _, code, because in found if because}


def back_again(sites: Sequence[Site]) -> list[Site]:
    """The same; those that were switched off by an undo, and by nobody since, are switched on with it."""
    asked = [storable(site.code) for site in sites if site.is_active is UNSET]
    off = {code for (code,) in sql.run(WITHDRAWN, (asked, f"{SOURCE} %"))} if asked else set()
    return [replace(site, is_active=True) if site.code in off else site for site in sites]
