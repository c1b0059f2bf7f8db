"""Recalls, and what is to be carried to quarantine."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position


class RecallShown(msgspec.Struct, frozen=True):
    """A recall. here: units of the lot on our sites that are recalled; picked: those in totes and parcels."""

    id: int
    number: str
    sku: str
    title: str
    lot: str
    because: str
    made_at: datetime
    made_by: str
    lifted_at: datetime | None
    lifted_because: str
    here: int
    picked: int


class ToCarry(msgspec.Struct, frozen=True):
    """Expired or recalled units that do not lie in quarantine yet. because: why they cannot be sold."""

    sku: str
    title: str
    place: str
    lot: str
    serial: str
    state: str
    units: int
    expires_on: str
    recall: str


RECALLS = """
select row_to_json(x)::text from (
  select r.id, 'RC-' || r.id as number, s.code as sku, s.title, r.lot, r.because, r.made_at, r.made_by,
    r.lifted_at, r.lifted_because,
    coalesce((select sum(b.quantity) from stock_balance b where b.sku_id = r.sku_id and b.lot = r.lot
      and b.place_id > 0 and b.state = 'recalled'), 0)::bigint as here,
    coalesce((select sum(b.quantity) from stock_balance b where b.sku_id = r.sku_id and b.lot = r.lot
      and b.place_id > 0 and b.state = 'picked'), 0)::bigint as picked
  from stock_recall r join catalog_sku s on s.id = r.sku_id
  where (%(id)s::bigint is null or r.id = %(id)s) and (%(after)s::bigint is null or r.id < %(after)s)
  order by r.id desc limit %(limit)s) x
"""
# Units are few: those that cannot be sold and still lie where they were sold from.
TO_CARRY = """
select s.code, s.title, p.code, b.lot, b.serial, b.state, b.quantity, coalesce(l.expires_on::text, ''),
  coalesce('RC-' || r.id, '')
from stock_balance b join stock_place p on p.id = b.place_id and p.id > 0
join stock_location c on c.id = p.location_id join catalog_sku s on s.id = b.sku_id
left join stock_bin k on k.place_id = p.id
left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
left join stock_recall r on r.sku_id = b.sku_id and r.lot = b.lot and r.lifted_at is null
where b.state in ('expired', 'recalled') and b.quantity > 0 and coalesce(k.kind, '') <> 'quarantine'
  and (%(site)s = '' or c.code = %(site)s)
order by p.code, s.code, b.lot, b.serial limit 500
"""
BINS = """
select p.code from stock_bin k join stock_place p on p.id = k.place_id
where k.kind = 'quarantine' and k.is_active order by p.code limit 200
"""
_shown = msgspec.json.Decoder(RecallShown)


def recalls(*, after: str = "", limit: int = LIMIT) -> Page[RecallShown]:
    """The newest first."""
    asked = {"id": None, "after": position(after), "limit": limit + 1}
    return cut([_shown.decode(row) for (row,) in sql.run(RECALLS, asked)], limit, lambda row: row.id)


def recall_shown(recall_id: int) -> RecallShown:
    """Raises NotFound."""
    for (row,) in sql.run(RECALLS, {"id": recall_id, "after": None, "limit": 1}):
        return _shown.decode(row)
    raise NotFound(what="recall", which=f"RC-{recall_id}")


def to_carry(site: str = "") -> list[ToCarry]:
    """By place; 500 at most."""
    return [ToCarry(*row) for row in sql.run(TO_CARRY, {"site": site})]


def quarantine_bins() -> list[str]:
    """Their codes with their site's."""
    return [row[0] for row in sql.run(BINS)]
