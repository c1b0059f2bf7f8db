"""Fewer units lie in a bin than the ledger said: another bin, else another way to serve the order."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import AllocationCancelled, PickedShort
from quartermaster.orders.actions.state import OrderState, load, save
from quartermaster.orders.rules.units import balanced
from quartermaster.stock.actions import Move, Settle, State, forgo, lock_levels, post, release
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import let_go
from quartermaster.warehouse.actions.confirm import OtherCount, refuse_unless_possible
from quartermaster.warehouse.actions.counts import want_count_of_short
from quartermaster.warehouse.actions.direct import Directed, Wanted, directed, write
from quartermaster.warehouse.actions.reconcile import reconcile
from quartermaster.warehouse.actions.rows import PickRow, one_pick
from quartermaster.warehouse.actions.stopped import refuse_when_stopped
from quartermaster.warehouse.actions.take import Confirmed, follow_lists, take

SHORT = "update warehouse_pick set state = 'short', because = %(because)s where id = %(id)s"
STILL_THERE = """
select quantity from stock_balance
where sku_id = %s and place_id = %s and lot = %s and serial = %s and state = 'available'
"""
LAST = "select coalesce(max(position), 0) from warehouse_pick where pick_list_id = %s"


class Outcome(NamedTuple):
    """What is done about missing units: places to go to instead, units of the line given up here."""

    instead: list[Directed]
    lost: int
    because: str


def pick_short(pick_id: int, found: int, *, at: datetime, by: str) -> None:
    """Only `found` units of this pick are there, those confirmed before included.

    What is there is picked. For the rest the picker is sent to another bin of the site, added at the end of
    the list; what no bin has is not promised to the order any more, and allocation serves it anew. What the
    ledger still says lies in the bin becomes missing, which breaks other promises if need be, and the bin is
    to be counted. The same again does nothing. Raises NotFound, NotToPick, OtherCount, Stopped.
    """
    with transaction.atomic():
        orders = load([one_pick(pick_id).order_id])
        pick = one_pick(pick_id)  # again, under the order's lock
        if pick.state == "short" and pick.picked == found:
            return
        order = orders[pick.order_id]
        refuse_unless_possible(pick, pick.quantity)
        refuse_when_stopped(order)
        if not pick.picked <= found < pick.quantity:
            raise OtherCount(
                quantity=found, sku=pick.sku, place=pick.place, wanted=pick.quantity, picked=pick.picked
            )
        lock_levels([part.sku_id for part in held([pick.line_id])])
        if found > pick.picked:
            take([Confirmed(pick, found - pick.picked)], orders, at=at, by=by)
        outcome = _outcome(pick, pick.quantity - found, order, at=at)
        sql.run(SHORT, {"id": pick.id, "because": outcome.because})
        _lose(pick, at=at, by=by)
        if outcome.instead:
            last = sql.run(LAST, (pick.pick_list_id,))[0][0]
            write(pick.pick_list_id, outcome.instead, pick.location_id, after=last)
        want_count_of_short(pick, at=at, by=by)
        _tell(pick, pick.quantity - found, outcome, at=at, by=by)
        follow_lists([pick.pick_list_id], at=at, by=by)
        reconcile(orders, at=at, by=by)
        save([order])


def _outcome(pick: PickRow, short: int, order: OrderState, *, at: datetime) -> Outcome:
    """Look for the units in other bins; what is nowhere is given up by the line."""
    wanted = Wanted(pick.allocation_id, pick.order_id, pick.line_id, pick.sku_id, pick.sku, short)
    spot = (pick.sku_id, pick.place_id, pick.lot, pick.serial)
    instead = directed([wanted], pick.location_id, at=at, but=spot)
    rest = short - sum(one.units for one in instead)
    told = [f"{one.units} from {one.spot.place} instead" for one in instead]
    if not rest:
        return Outcome(instead, 0, ", ".join(told))
    return Outcome(instead, _give_up(pick, rest, order, at=at), ", ".join([*told, f"{rest} allocated anew"]))


def _give_up(pick: PickRow, rest: int, order: OrderState, *, at: datetime) -> int:
    """Release what cannot be picked here: of a kit, every part of the kits that cannot be completed. Returns
    units of the line."""
    mine = [part for part in held([pick.line_id]) if part.holder == pick.allocation_id]
    (part,) = (part for part in mine if part.sku_id == pick.sku_id)
    there = part.pending + part.consumed
    lost = there // part.per_unit - (there - rest) // part.per_unit
    gone = let_go(mine, lost, first="newest")
    because = f"not found at {pick.place}"
    mine_only = [Settle(each.claim, each.sku_id, each.units, pick.allocation_id) for each in gone.pending]
    release(mine_only, because=because, at=at)
    forgo([Settle(*each) for each in gone.picked], because=because, at=at)
    (line,) = (line for line in order.lines if line.id == pick.line_id)
    line.units = balanced(replace(line.units, allocated=line.units.allocated - lost))
    return lost


def _lose(pick: PickRow, *, at: datetime, by: str) -> None:
    """What the ledger still has in the bin is not there: nobody may be promised it."""
    found = sql.run(STILL_THERE, (pick.sku_id, pick.place_id, pick.lot, pick.serial))
    if not found:
        return
    move = Move(
        key=f"missing:{pick.id}",
        sku_id=pick.sku_id,
        quantity=found[0][0],
        source=pick.place,
        target=pick.place,
        because="not found by the picker",
        target_state=State.MISSING,
        lot=pick.lot,
        serial=pick.serial,
        document=f"order:SO-{pick.order_id}",
    )
    post([move], by=by, at=at, breaks_reservations=True)


def _tell(pick: PickRow, missing: int, outcome: Outcome, *, at: datetime, by: str) -> None:
    told: Mapping[str, object] = {"subject": f"order:SO-{pick.order_id}", "at": at, "actor": by}
    fact = PickedShort(
        **told,  # type: ignore[arg-type]  # the three fields of every fact
        order_id=pick.order_id,
        pick_list_id=pick.pick_list_id,
        sku=pick.sku,
        missing=missing,
        place=pick.place,
        because=outcome.because,
    )
    given = AllocationCancelled(
        **told,  # type: ignore[arg-type]
        order_id=pick.order_id,
        units=outcome.lost,
        because=f"{pick.sku} not found at {pick.place}",
    )
    emit([fact, given] if outcome.lost else [fact])
