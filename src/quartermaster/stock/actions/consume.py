"""Hand promised units to customers: the reservation ends and the units leave, in one go."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.stock.actions.book import book
from quartermaster.stock.actions.ledger import KeyReused
from quartermaster.stock.actions.lock import lock_levels
from quartermaster.stock.actions.settle import Settle, Taken, mark, merged, take
from quartermaster.stock.rules.moves import Move
from quartermaster.stock.rules.picking import Need, Shelf, pick

DONE = """
select claim, sku_id, sum(quantity)::bigint from stock_reservation
where claim = any(%(claims)s) and state = 'consumed' and settled_by = %(key)s
group by claim, sku_id
"""

# The site itself first (stock without bins), then its places by code; in a place the lot that expires first,
# lots without a date after the dated ones by their code.
SHELVES = """
select b.sku_id, p.location_id, s.code, p.code, b.lot, b.serial, b.quantity
from jsonb_to_recordset(%(needs)s::jsonb) as n(sku_id bigint, location_id bigint)
join stock_balance b on b.sku_id = n.sku_id and b.state = 'available' and b.quantity > 0
join stock_place p on p.id = b.place_id and p.location_id = n.location_id
join catalog_sku s on s.id = b.sku_id
left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
order by b.sku_id, p.location_id, p.kind <> 'site', p.code, l.expires_on nulls last, b.lot, b.serial
"""


def consume(
    parts: Sequence[Settle], *, because: str, document: str, by: str, at: datetime, key_prefix: str
) -> None:
    """Ship units of claims, those of the oldest holder first: their reservations are consumed and the units
    move from their sites to world:customer. Constant number of statements.

    Units leave in this order: the site itself, then its bins by code, in each the lot that expires first.
    Idempotent by `key_prefix`: the same parts again do nothing, other parts raise KeyReused. Raises
    NotReserved when a claim has less.
    """
    if not parts:
        return
    parts = merged(parts)
    with transaction.atomic():
        lock_levels([part.sku_id for part in parts])
        if _is_done(parts, key_prefix):
            return
        taken = take(parts, first="oldest")
        moves = _moves(taken, because=because, document=document, key_prefix=key_prefix)
        promised = {move.key: move.quantity for move in moves}
        if book(moves, by=by, at=at, promised=promised).new != len(moves):
            raise KeyReused(key=key_prefix)
        mark(taken, "consumed", because=because, at=at, key=key_prefix)


def _is_done(parts: Sequence[Settle], key_prefix: str) -> bool:
    done = sql.run(DONE, {"claims": [part.claim for part in parts], "key": key_prefix})
    if not done:
        return False
    if {(part.claim, part.sku_id): part.quantity for part in parts} != {row[:2]: row[2] for row in done}:
        raise KeyReused(key=key_prefix)
    return True


def _moves(taken: Sequence[Taken], *, because: str, document: str, key_prefix: str) -> list[Move]:
    units: Counter[tuple[int, int]] = Counter()
    for one in taken:
        units[one.sku_id, one.location_id] += one.units
    needs = [Need(*level, quantity) for level, quantity in sorted(units.items())]
    found = sql.run(SHELVES, {"needs": sql.rows(need._asdict() for need in needs)})
    shelves = [Shelf._make(row) for row in found]
    return [
        Move(
            key=f"{key_prefix}:{n}",
            sku_id=shelf.sku_id,
            quantity=quantity,
            source=shelf.place,
            target="world:customer",
            because=because,
            lot=shelf.lot,
            serial=shelf.serial,
            document=document,
        )
        for n, (shelf, quantity) in enumerate(pick(needs, shelves), 1)
    ]
