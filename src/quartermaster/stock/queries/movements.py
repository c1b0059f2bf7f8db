"""The ledger of a SKU, newest movement first."""

from datetime import datetime

from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position


class MovementShown(Struct, frozen=True):
    """Units of a SKU that went from one place to another. at: when it happened; recorded_at: when we knew."""

    id: int
    key: str
    sku: str
    quantity: int
    source: str
    target: str
    source_state: str
    target_state: str
    lot: str
    serial: str
    because: str
    document: str
    actor: str
    at: datetime
    recorded_at: datetime


PAGE = """
select m.id, m.key, s.code, m.quantity, source.code, target.code, m.source_state, m.target_state, m.lot,
  m.serial, m.because, m.document, m.actor, m.at, m.recorded_at
from stock_movement m
join catalog_sku s on s.id = m.sku_id
join stock_place source on source.id = m.source_id
join stock_place target on target.id = m.target_id
where m.sku_id = %(sku_id)s and m.id < %(before)s
order by m.id desc
limit %(limit)s
"""


def movements(sku_id: int, *, after: str = "", limit: int = LIMIT) -> Page[MovementShown]:
    """A page of the movements of a SKU. Raises BadCursor."""
    before = position(after) or 2**62
    found = sql.run(PAGE, {"sku_id": sku_id, "before": before, "limit": limit + 1})
    return cut([MovementShown(*row) for row in found], limit, lambda movement: movement.id)
