"""Take a count for the truth: the difference to the ledger is posted against world:adjustment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.stock.actions.date_lots import LotDate, date_lots
from quartermaster.stock.actions.lock import lock_levels
from quartermaster.stock.actions.post import post
from quartermaster.stock.rules.counts import Counted
from quartermaster.stock.rules.moves import Move

ADJUSTMENT = "world:adjustment"

HELD = """
select w.sku_id, w.place, w.lot, sum(b.quantity)::bigint
from jsonb_to_recordset(%s::jsonb) as w(sku_id bigint, place text, lot text)
join stock_place p on p.code = w.place
join stock_balance b on b.sku_id = w.sku_id and b.place_id = p.id and b.state = 'available' and b.lot = w.lot
group by w.sku_id, w.place, w.lot
"""


class Count(Struct, frozen=True):
    """A count and the key its movement will have: the same count is taken once."""

    key: str
    sku_id: int
    counted: Counted


@transaction.atomic
def take_counts(
    counts: Sequence[Count], *, because: str, document: str, at: datetime, by: str
) -> dict[str, int]:
    """Make the ledger say what was counted; returns the movements that took, by the key of their count. No
    two counts may be of the same SKU, place and lot.

    Units that were promised and are not there take their reservations with them: StockShortened tells their
    owners. Raises what `post` raises.
    """
    lock_levels(sorted({count.sku_id for count in counts}))  # from here on nobody else moves them
    held = _held(counts)
    moves = [move for count in counts if (move := _move(count, held, because, document))]
    done = post(moves, by=by, at=at, breaks_reservations=True)
    dates = [
        LotDate(count.sku_id, count.counted.lot, count.counted.expires_on)
        for count in counts
        if count.counted.expires_on
    ]
    date_lots(dates, by=by, at=at)
    return dict(zip((move.key for move in moves), done.ids, strict=True))


def _held(counts: Sequence[Count]) -> dict[tuple[int, str, str], int]:
    asked = ({"sku_id": c.sku_id, "place": c.counted.place, "lot": c.counted.lot} for c in counts)
    return {(sku, place, lot): units for sku, place, lot, units in sql.run(HELD, (sql.rows(asked),))}


def _move(count: Count, held: Mapping[tuple[int, str, str], int], because: str, document: str) -> Move | None:
    counted = count.counted
    missing = counted.quantity - held.get((count.sku_id, counted.place, counted.lot), 0)
    if not missing:
        return None
    source, target = (ADJUSTMENT, counted.place) if missing > 0 else (counted.place, ADJUSTMENT)
    return Move(
        key=count.key,
        sku_id=count.sku_id,
        quantity=abs(missing),
        source=source,
        target=target,
        because=because,
        lot=counted.lot,
        document=document,
    )
