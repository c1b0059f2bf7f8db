"""Book movements: lock, fold, write. `post` and `consume` are its two doors."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core.errors import Refused
from quartermaster.stock.actions import breach, ledger
from quartermaster.stock.actions.announce import arrived
from quartermaster.stock.actions.ledger import KeyReused
from quartermaster.stock.actions.lock import open_levels
from quartermaster.stock.actions.place import Place, places
from quartermaster.stock.rules import posting
from quartermaster.stock.rules.moves import Move, check, is_world
from quartermaster.stock.rules.posting import Step


class UnknownSku(Refused):
    code = "unknown-sku"
    status = 422
    message = "There is no SKU {sku}."
    remedy = "Add it to the catalog first."


class KitIsVirtual(Refused):
    code = "kit-is-virtual"
    status = 422
    message = "{sku} is a kit: it is stocked as its parts ({move})."
    remedy = "Move its parts instead."


class Posted(NamedTuple):
    """Ids of the movements in the order asked for, and how many of them are new."""

    ids: tuple[int, ...]
    new: int


def book(
    moves: Sequence[Move],
    *,
    by: str,
    at: datetime,
    breaks_reservations: bool = False,
    promised: Mapping[str, int] | None = None,
) -> Posted:
    """Write movements and everything that follows from them. See `post`.

    `promised`: key -> units whose reservation leaves the level together with the movement.
    """
    moves, at = list(moves), at.astimezone(UTC)  # JSON cannot say an offset with seconds, as zones once had
    check(moves)
    if not moves:
        return Posted((), 0)
    with transaction.atomic():
        steps = _steps(_once(moves), promised or {})
        levels, now = open_levels(key for step in steps for key in step.levels)
        known = ledger.known(step.move.key for step in steps)
        fresh = [step for step in steps if not _is_known(step, known)]
        ids = {key: found.id for key, found in known.items()}
        if fresh:
            held = ledger.balances(step.source for step in fresh)
            plan = posting.plan(
                fresh,
                by=by,
                at=at,
                recorded_at=now,
                balances=held,
                levels=levels,
                serials=ledger.serials(step.move for step in fresh),
                breaks_reservations=breaks_reservations,
            )
            breach.mend(plan, because=fresh[-1].move.because, by=by, at=at)
            ids |= ledger.write(plan, held=held, before=levels)
            grown = {key[0] for key, level in plan.levels.items() if level.free > levels[key].free}
            arrived(grown, at=at, by=by)
    return Posted(tuple(ids[move.key] for move in moves), len(fresh))


def _once(moves: Sequence[Move]) -> list[Move]:
    """A key that comes twice in one call is one movement, if both say the same."""
    found: dict[str, Move] = {}
    for move in moves:
        if found.setdefault(move.key, move).content != move.content:
            raise KeyReused(key=move.key)
    return list(found.values())


def _steps(moves: Sequence[Move], promised: Mapping[str, int]) -> list[Step]:
    skus = ledger.skus(move.sku_id for move in moves)
    for move in moves:
        if move.sku_id not in skus:
            raise UnknownSku(sku=f"with number {move.sku_id}")
        if skus[move.sku_id].is_kit and not is_world(move.target):
            raise KitIsVirtual(sku=skus[move.sku_id].code, move=move.key)
    place: dict[str, Place] = places(code for move in moves for code in (move.source, move.target))
    return [
        Step(
            move,
            skus[move.sku_id].code,
            *place[move.source],
            *place[move.target],
            promised.get(move.key, 0),
        )
        for move in moves
    ]


def _is_known(step: Step, known: Mapping[str, ledger.Known]) -> bool:
    found = known.get(step.move.key)
    if found is None:
        return False
    move = step.move
    asked = (
        move.sku_id,
        move.quantity,
        step.source_id,
        step.target_id,
        move.source_state,
        move.target_state,
        move.lot,
        move.serial,
    )
    if found.content != asked:
        raise KeyReused(key=move.key)
    return True
