"""Promised units go to the floor: the reservation is used up, the units leave their bin and are picked."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from quartermaster.core import sql
from quartermaster.stock.actions.book import book
from quartermaster.stock.actions.lock import lock_some
from quartermaster.stock.actions.settle import OF_HOLDER, PICKED, NotReserved, Settle, Taken, mark, merged
from quartermaster.stock.rules.moves import Move, State, site_of


class Taking(Struct, frozen=True):
    """Units of one reservation's owner to take from one spot. `place` is a code; `key` names the movement."""

    key: str
    claim: int
    holder: int
    sku_id: int
    location_id: int
    place: str
    quantity: int
    lot: str = ""
    serial: str = ""
    document: str = ""


def pick(parts: Sequence[Taking], *, key: str, because: str, at: datetime, by: str) -> None:
    """Move units from their bins to their site's own place, state picked, each out of its own reservation.

    They stay on hand and count as consumed; `key` begins with "pick:", which tells them from units that left.
    Raises NotReserved when a claim has less there, NotEnoughStock when a spot has. Constant number of
    statements.
    """
    if not parts:
        return
    assert sql.in_transaction(), "pick() belongs inside an action's transaction"
    assert key.startswith("pick:"), "by this prefix picked units are told from shipped ones"
    lock_some({(part.sku_id, part.location_id) for part in parts})
    taken = _take(parts)
    moves = [
        Move(
            key=part.key,
            sku_id=part.sku_id,
            quantity=part.quantity,
            source=part.place,
            target=site_of(part.place),
            because=because,
            target_state=State.PICKED,
            lot=part.lot,
            serial=part.serial,
            document=part.document,
        )
        for part in parts
    ]
    book(moves, by=by, at=at, promised={move.key: move.quantity for move in moves})
    mark(taken, "consumed", because=because, at=at, key=key)


def _take(parts: Sequence[Taking]) -> list[Taken]:
    wanted: Counter[tuple[int, int, int]] = Counter()
    for part in parts:
        wanted[part.claim, part.holder, part.sku_id] += part.quantity
    asked = [
        {"claim": claim, "holder": holder, "sku_id": sku_id, "quantity": units}
        for (claim, holder, sku_id), units in wanted.items()
    ]
    found = [Taken._make(row) for row in sql.run(OF_HOLDER, {"parts": sql.rows(asked)})]
    held = sum(one.units for one in found)
    if held < sum(wanted.values()):
        raise NotReserved(claim=parts[0].claim, sku="units", held=held, quantity=sum(wanted.values()))
    return found


def forgo(parts: Sequence[Settle], *, because: str, at: datetime) -> None:
    """Claims give up units that were picked for them, those of the newest holder first: whoever has them puts
    them back. No unit moves by this. Raises NotReserved when a claim has fewer picked. Two statements."""
    if not parts:
        return
    parts = merged(parts)
    taken = [Taken._make(row) for row in sql.run(PICKED, {"parts": sql.rows(parts)})]
    given = sum(one.units for one in taken)
    if given < sum(part.quantity for part in parts):
        raise NotReserved(
            claim=parts[0].claim, sku="picked units", held=given, quantity=sum(p.quantity for p in parts)
        )
    mark(taken, "released", because=because, at=at)
