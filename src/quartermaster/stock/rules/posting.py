"""What a batch of movements does to balances, levels and chains, move by move; or which move cannot be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct, field

from quartermaster.core.errors import Refused
from quartermaster.stock.rules import chain
from quartermaster.stock.rules.chain import Written
from quartermaster.stock.rules.fold import Spot
from quartermaster.stock.rules.moves import Move, State

type At = tuple[int, int]  # sku_id, location_id: the key of a level


class NotEnoughStock(Refused):
    code = "not-enough-stock"
    message = "{source} does not hold {quantity} × {sku}: {held} there ({move})."
    remedy = "Count {source}, or take the units from another place."


class StockIsPromised(NotEnoughStock):
    code = "stock-is-promised"
    message = "{quantity} × {sku} cannot leave {source}: {held} are there and {promised} promised ({move})."
    remedy = "Release what is promised first, or post it with leave to break reservations."


class SerialElsewhere(Refused):
    code = "serial-elsewhere"
    message = "{serial} of {sku} is already in stock: at {place} ({move})."
    remedy = "Look the serial number up: a unit can only be in one place."


class Step(NamedTuple):
    """A move whose SKU and places are known. A location is 0 in the world.
    `promised`: units whose reservation goes with them."""

    move: Move
    sku: str
    source_id: int
    source_location: int
    target_id: int
    target_location: int
    promised: int = 0

    @property
    def source(self) -> Spot:
        move = self.move
        return Spot(move.sku_id, self.source_id, move.source_state, move.lot, move.serial)

    @property
    def target(self) -> Spot:
        move = self.move
        return Spot(move.sku_id, self.target_id, move.target_state, move.lot, move.serial)

    @property
    def levels(self) -> list[At]:
        """The levels it touches, in lock order."""
        locations = {self.source_location, self.target_location} - {0}
        return [(self.move.sku_id, location) for location in sorted(locations)]


class LevelState(Struct):
    """A level while movements are played on it."""

    on_hand: int
    sellable: int
    reserved: int
    safety: int
    links: int
    head: bytes

    @property
    def free(self) -> int:
        return max(0, self.sellable - self.reserved - self.safety)


class LinkRow(NamedTuple):
    key: str
    sku_id: int
    location_id: int
    number: int
    hash: bytes


class Plan(Struct):
    """Everything a posting writes. `levels` holds the levels as they will be."""

    movements: list[Written] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    changes: defaultdict[Spot, int] = field(default_factory=lambda: defaultdict(int))
    levels: dict[At, LevelState] = field(default_factory=dict)


def plan(
    steps: Sequence[Step],
    *,
    by: str,
    at: datetime,
    recorded_at: datetime,
    balances: Mapping[Spot, int],
    levels: Mapping[At, LevelState],
    serials: Mapping[tuple[int, str], str],
    breaks_reservations: bool,
) -> Plan:
    """Play the moves in order. Each must be possible in its turn: raises NotEnoughStock, StockIsPromised
    or SerialElsewhere that names the first that is not. `serials`: (sku_id, serial) -> place where it is."""
    made = Plan(levels={key: LevelState(*_values(level)) for key, level in levels.items()})
    where = dict(serials)
    for step in steps:
        move = step.move
        if step.source_location:
            held = balances.get(step.source, 0) + made.changes[step.source]
            if held < move.quantity:
                raise NotEnoughStock(
                    source=move.source, quantity=move.quantity, sku=step.sku, held=held, move=move.key
                )
        if move.serial:
            _carry(step, where)
        made.changes[step.source] -= move.quantity
        made.changes[step.target] += move.quantity
        _count(step, made.levels)
        if step.source_location and not breaks_reservations:
            _keep_promises(step, made.levels[move.sku_id, step.source_location])
        _link(step, made, by=by, at=at, recorded_at=recorded_at)
    return made


def _values(level: LevelState) -> tuple[int, int, int, int, int, bytes]:
    return level.on_hand, level.sellable, level.reserved, level.safety, level.links, level.head


def _count(step: Step, levels: dict[At, LevelState]) -> None:
    move = step.move
    if step.source_location:
        level = levels[move.sku_id, step.source_location]
        level.on_hand -= move.quantity
        level.sellable -= move.quantity if move.source_state == State.AVAILABLE else 0
        level.reserved -= step.promised
    if step.target_location:
        level = levels[move.sku_id, step.target_location]
        level.on_hand += move.quantity
        level.sellable += move.quantity if move.target_state == State.AVAILABLE else 0


def _carry(step: Step, where: dict[tuple[int, str], str]) -> None:
    """Move a serial number: gone from its source, and nowhere else when it reaches its target."""
    move, unit = step.move, (step.move.sku_id, step.move.serial)
    if step.source_location:
        del where[unit]
    if step.target_location:
        if unit in where:
            raise SerialElsewhere(serial=move.serial, sku=step.sku, place=where[unit], move=move.key)
        where[unit] = move.target


def _keep_promises(step: Step, level: LevelState) -> None:
    move = step.move
    if level.sellable < level.reserved:
        raise StockIsPromised(
            source=move.source.partition("/")[0],
            quantity=move.quantity,
            sku=step.sku,
            held=level.sellable + move.quantity,
            promised=level.reserved,
            move=move.key,
        )


def _link(step: Step, made: Plan, *, by: str, at: datetime, recorded_at: datetime) -> None:
    move = step.move
    written = Written(
        move.key,
        move.sku_id,
        move.quantity,
        step.source_id,
        step.target_id,
        str(move.source_state),
        str(move.target_state),
        move.lot,
        move.serial,
        move.because,
        move.document,
        by,
        at,
        recorded_at,
    )
    made.movements.append(written)
    for key in step.levels:
        level = made.levels[key]
        level.head = chain.link(level.head, written)
        level.links += 1
        made.links.append(LinkRow(move.key, *key, level.links, level.head))
