"""Give promised units back."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.stock.actions.announce import arrived
from quartermaster.stock.actions.lock import lock_levels
from quartermaster.stock.actions.settle import Settle, mark, merged, take

LOWER = """
update stock_level l set reserved = l.reserved - g.units
from jsonb_to_recordset(%(given)s::jsonb) as g(sku_id bigint, location_id bigint, units bigint)
where l.sku_id = g.sku_id and l.location_id = g.location_id
returning l.sku_id, l.sellable - l.reserved > l.safety
"""


def release(
    parts: Sequence[Settle],
    *,
    because: str,
    at: datetime,
    by: str = "system",
    emit_arrival: bool = False,
) -> None:
    """Release units of claims, those of the newest holder first unless the parts name theirs. Raises
    NotReserved when a claim has less.

    With `emit_arrival`, StockArrived is announced for SKUs that have more units free than before: leave it
    off when the caller is about to promise them anew. Constant number of statements.
    """
    if not parts:
        return
    assert sql.in_transaction(), "release() belongs inside an action's transaction"
    parts = merged(parts)
    lock_levels([part.sku_id for part in parts])
    taken = take(parts, first="newest")
    mark(taken, "released", because=because, at=at)
    given: Counter[tuple[int, int]] = Counter()
    for one in taken:
        given[one.sku_id, one.location_id] += one.units
    levels = [{"sku_id": sku, "location_id": site, "units": units} for (sku, site), units in given.items()]
    lowered = sql.run(LOWER, {"given": sql.rows(levels)})
    if emit_arrival:
        arrived({sku_id for sku_id, is_free in lowered if is_free}, at=at, by=by)
