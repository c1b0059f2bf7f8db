"""Break reservations where less is left than was promised."""

from collections import defaultdict
from datetime import datetime

from quartermaster.core import sql
from quartermaster.stock.actions.announce import shortened
from quartermaster.stock.actions.settle import NEWEST_OF_LEVEL, Taken, mark
from quartermaster.stock.rules.posting import Plan


def mend(plan: Plan, *, because: str, by: str, at: datetime) -> None:
    """Release the newest reservations of levels that promise more than they have, and tell their owners.

    The plan's levels follow; they are written with the movements. Nothing happens when every promise holds.
    """
    short = [
        {"sku_id": sku_id, "location_id": location_id, "quantity": level.reserved - level.sellable}
        for (sku_id, location_id), level in sorted(plan.levels.items())
        if level.reserved > level.sellable
    ]
    if not short:
        return
    taken = [Taken._make(row) for row in sql.run(NEWEST_OF_LEVEL, {"parts": sql.rows(short)})]
    mark(taken, "released", because=because, at=at)
    claims: defaultdict[int, list[int]] = defaultdict(list)
    for one in taken:
        plan.levels[one.sku_id, one.location_id].reserved -= one.units
        claims[one.sku_id].append(one.claim)
    shortened(claims, because=because, at=at, by=by)
