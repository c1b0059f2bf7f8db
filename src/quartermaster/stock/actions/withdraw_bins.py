"""Take back bins that an import made by mistake. What may stand on a label in the hall is never deleted: it
is switched off. Imported again, it is there again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import BinsLaid
from quartermaster.stock.actions.lay_bins import LOCK

SITES = """
select distinct p.location_id from stock_place p where p.id = any(%s) order by 1
"""
USED = """
select p.id, l.code, p.code, case
  when exists (select from stock_balance v where v.place_id = p.id and v.quantity <> 0) then 'it has stock'
  when exists (select from warehouse_pick_face f where f.place_id = p.id) then 'it is a pick face'
  when b.changed_at is distinct from %(made_at)s then 'it has been changed since'
  else '' end
from stock_bin b join stock_place p on p.id = b.place_id join stock_location l on l.id = p.location_id
where p.id = any(%(ids)s) order by p.code
"""
SWITCH_OFF = """
update stock_bin set is_active = false, is_withdrawn = true, changed_at = %s where place_id = any(%s)
"""


def withdraw_bins(
    ids: Sequence[int], *, made_at: datetime, at: datetime, by: str
) -> tuple[set[int], Mapping[str, str]]:
    """Switch off those of these bins on which nothing stands that came since `made_at`, in the caller's
    transaction: their ids, and why each of the others stays."""
    for (location,) in sql.run(SITES, (list(ids),)):
        sql.run(LOCK, (location,))
    found = sql.run(USED, {"ids": list(ids), "made_at": made_at})
    goes = {place_id for place_id, _, _, because in found if not because}
    sql.run(SWITCH_OFF, (at, sorted(goes)))
    sites = Counter(site for place_id, site, _, _ in found if place_id in goes)
    emit(
        BinsLaid(subject=f"location:{site}", at=at, actor=by, location=site, bins=count)
        for site, count in sorted(sites.items())
    )
    return goes, {code: because for _, _, code, because in found if because}
