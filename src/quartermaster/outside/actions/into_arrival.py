"""Units they say came in are those that were expected: the arrival has them, in their own shelves."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.inbound.actions import Scan, close_arrival, put_away, receive
from quartermaster.outside.ports import Item
from quartermaster.stock.actions.lay_bins import lay_bins
from quartermaster.stock.rules.bins import BinWanted

SHELVES = "THEIRS"  # where their units lie is theirs to know; a bin of ours stands for all of it


def into_arrival(
    receipt_id: int,
    site: str,
    arrival_id: int,
    items: Sequence[Item],
    *,
    because: str,
    is_last: bool,
    at: datetime,
    by: str,
) -> None:
    """Each item is received, as a scan of our own would be, and what is good is put away. Damaged units stay
    damaged, and a sample that is to be looked at waits for it. With `is_last` the arrival is closed: what did
    not come is short. The caller holds the transaction. Raises what `receive`, `put_away` and `close_arrival`
    do."""
    lay_bins(site, [BinWanted(code=SHELVES)], at=at, by=by)
    for n, item in enumerate(items):
        key = f"outside:{receipt_id}:{n}"
        damaged = item.quantity if item.is_damaged else 0
        scan = Scan(
            key=key,
            code=item.sku,
            quantity=item.quantity,
            damaged=damaged,
            lot=item.lot,
            serial=item.serial,
            because=because,
        )
        came = receive(arrival_id, scan, at=at, by=by)
        good = came.units - came.damaged - came.qc
        if good:
            named = {"lot": item.lot, "serial": item.serial, "because": because}
            put_away(site, came.sku, good, SHELVES, key=key, **named, at=at, by=by)
    if is_last:
        close_arrival(arrival_id, because=because, at=at, by=by)
