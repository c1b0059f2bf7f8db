"""Moving the units of order lines in stock: given back, reserved, shipped by somebody else."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from quartermaster.allocation.actions import store
from quartermaster.allocation.actions.gather import Ground
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import AllocationCancelled, OrderShippedElsewhere
from quartermaster.orders.actions.state import LineState, OrderState
from quartermaster.orders.rules.units import balanced
from quartermaster.stock.actions import Reserve, Settle, consume, forgo, release
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held, LetGo, Part, let_go, untouched

if TYPE_CHECKING:
    from quartermaster.allocation.actions.settle import Decided

PENDING = """
select claim, sku_id, sum(quantity)::bigint from stock_reservation
where claim = any(%s) and state = 'pending' group by claim, sku_id
"""


def pending(line_ids: Iterable[int]) -> list[tuple[int, int, int]]:
    """(line id, SKU id, units) that these lines have reserved, whatever a kit is made of today."""
    ids = sorted(line_ids)
    return [(claim, sku_id, units) for claim, sku_id, units in sql.run(PENDING, (ids,))] if ids else []


def give_back(orders: Iterable[OrderState], *, anew: Container[int], at: datetime, by: str) -> bool:
    """Release reserved units nobody wants, and all of the lines `anew`. True when something was."""
    back: list[tuple[OrderState, LineState, int]] = []
    for order in orders:
        for line in order.lines:
            mine = line.units.allocated if line.id in anew else min(line.units.surplus, line.units.allocated)
            if mine:
                back.append((order, line, mine))
    if not back:
        return False
    gone = _let_go([(line, count) for _, line, count in back], first="newest")
    because = "not wanted any more"
    release(_settled(gone.pending), because=because, at=at, by=by, emit_arrival=True)
    forgo(_settled(gone.picked), because=because, at=at)
    units: dict[int, int] = {}
    again = {order.id for order, line, _ in back if line.id in anew}
    for order, line, count in back:
        line.units = balanced(replace(line.units, allocated=line.units.allocated - count))
        units[order.id] = units.get(order.id, 0) + count
    store.close_empty(sorted(units))
    emit(
        _given_back(order_id, count, "routed anew" if order_id in again else because, at=at, by=by)
        for order_id, count in units.items()
    )
    return True


def _given_back(order_id: int, count: int, because: str, *, at: datetime, by: str) -> AllocationCancelled:
    return AllocationCancelled(
        subject=f"order:SO-{order_id}", at=at, actor=by, order_id=order_id, units=count, because=because
    )


def obey_holds(orders: Iterable[OrderState], *, at: datetime, by: str) -> bool:
    """Release what is reserved under a hold that gives units back, except for what was picked, what a begun
    kit still needs and what the channel has handed over. Such an order waits for nothing but its hold. True
    when something was released."""
    held_back = [order for order in orders if order.gives_back]
    mine = [(order, line) for order in held_back for line in order.lines if line.units.allocated]
    of: dict[int, list[Held]] = {line.id: [] for _, line in mine}
    for part in held(of):
        of[part.claim].append(part)
    gone: list[Part] = []
    units: dict[int, int] = {}
    for order, line in mine:
        left = line.units.allocated - max(0, line.units.fulfilled - line.units.shipped)
        count, parts = untouched(of[line.id], max(0, left))
        if count:
            gone += parts
            line.units = balanced(replace(line.units, allocated=line.units.allocated - count))
            units[order.id] = units.get(order.id, 0) + count
    for order in held_back:
        for line in order.lines:
            line.parked = ""
    if not units:
        return False
    because = "the order is on hold"
    release(_settled(gone), because=because, at=at, by=by, emit_arrival=True)
    store.close_empty(sorted(units))
    emit(_given_back(order_id, count, because, at=at, by=by) for order_id, count in units.items())
    return True


def promise(decided: Sequence["Decided"], ground: Ground) -> list[Reserve]:
    """Count what was decided on the lines; returns what has to be reserved for it."""
    site_ids = {site.code: site.id for site in ground.sites}
    promised: list[Reserve] = []
    for one in decided:
        lines = {line.id: line for line in one.order.lines}
        for parcel in one.routing.parcels:
            holder, site_id = one.locations[parcel.site], site_ids[parcel.site]
            for take in parcel.takes:
                line = lines[take.line_id]
                line.units = balanced(replace(line.units, allocated=line.units.allocated + take.quantity))
                promised.extend(
                    Reserve(
                        ground.part_ids[part.sku],
                        site_id,
                        take.quantity * part.per_unit,
                        line.id,
                        holder,
                        part.per_unit,
                    )
                    for part in ground.parts[line.sku_id or 0]
                )
    return promised


def ship_elsewhere(orders: Iterable[OrderState], *, at: datetime, by: str) -> None:
    """Follow the channel where it handed units over itself: out of our stock when we had reserved them, and
    simply shipped when we have none (they left from a stock that is not ours to count)."""
    leaving: list[tuple[OrderState, LineState, int, int]] = []  # of each line: units of ours, units of theirs
    for order in orders:
        for line in order.lines:
            missing = line.units.fulfilled - line.units.shipped
            if not line.is_shippable or missing <= 0:
                continue
            ours = min(missing, line.units.allocated)
            theirs = min(missing - ours, line.units.open)
            if ours + theirs:
                leaving.append((order, line, ours, theirs))
    if not leaving:
        return
    reserved = [(line, ours) for _, line, ours, _ in leaving if ours]
    if reserved:
        first, count = reserved[0]
        key = f"elsewhere:{first.id}:{first.units.shipped + count}"  # what a line has shipped only ever grows
        ended, because = _let_go(reserved, first="oldest"), "handed over by the channel"
        forgo(_settled(ended.picked), because=because, at=at)
        consume(
            _settled(ended.pending),
            because=because,
            document="channel",
            by=by,
            at=at,
            key_prefix=key,
        )
    shipped: dict[int, int] = {}
    for order, line, ours, theirs in leaving:
        allocated, gone = line.units.allocated - ours, line.units.shipped + ours + theirs
        line.units = balanced(replace(line.units, allocated=allocated, shipped=gone))
        shipped[order.id] = shipped.get(order.id, 0) + ours + theirs
    store.close_empty(sorted(shipped))
    emit(
        OrderShippedElsewhere(subject=f"order:SO-{order_id}", at=at, actor=by, order_id=order_id, units=count)
        for order_id, count in shipped.items()
    )


def _let_go(lines: Sequence[tuple[LineState, int]], *, first: Literal["oldest", "newest"]) -> LetGo:
    """What lines hold for so many of their allocated units, by what is really reserved: a kit may have
    changed since, or be picked in part."""
    of: dict[int, list[Held]] = {line.id: [] for line, _ in lines}
    for part in held(of):
        of[part.claim].append(part)
    gone = [let_go(of[line.id], count, first=first) for line, count in lines]
    return LetGo(
        [part for one in gone for part in one.pending], [part for one in gone for part in one.picked]
    )


def _settled(parts: Iterable[Part]) -> list[Settle]:
    return [Settle(*part) for part in parts]
