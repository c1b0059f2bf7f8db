"""A picker has units in hand: one pick, or all that is left on lists at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.stock.queries.claims import held
from quartermaster.warehouse.actions.recall import recall
from quartermaster.warehouse.actions.redirect import lock_bins, redirect
from quartermaster.warehouse.actions.rows import PickRow, left_on_lists, one_pick
from quartermaster.warehouse.actions.stopped import refuse_when_stopped
from quartermaster.warehouse.actions.take import Confirmed, take
from quartermaster.warehouse.actions.waves import refuse_when_planned
from quartermaster.warehouse.queries.shelf import asks, lot_day


class NotToPick(Refused):
    code = "not-to-pick"
    message = "{quantity} × {sku} from {place} are not to be picked any more: {because}."
    remedy = "Leave the units where they are, and go on with the next place."


class OtherCount(Refused):
    code = "pick-count"
    status = 422
    message = "{quantity} × {sku} cannot be confirmed: {wanted} are wanted, {picked} were confirmed before."
    remedy = "Confirm the units you have in hand, those of before included."


class SerialWanted(Refused):
    code = "serial-wanted"
    status = 422
    message = "Each {sku} has a serial number: say which one you took from {place}."
    remedy = "Scan the serial number on the unit."


class SerialUnknown(Refused):
    code = "serial-unknown"
    status = 422
    message = "{serial} is not a serial number of {sku} that can be picked from {place}."
    remedy = "Scan the number on the unit again, or take another unit."


class WrongLot(Refused):
    code = "wrong-lot"
    message = "This is lot {lot} of {sku}, you need lot {wanted}{cause}."
    remedy = "Put it back, and take units of the lot that is named."


# The unit that was proposed goes to whoever was sent for the one that was taken.
SWAP = """
update warehouse_pick set serial = %(proposed)s
where sku_id = %(sku)s and serial = %(taken)s and state = 'to_pick' and id <> %(pick)s
"""
THERE = """
select lot from stock_balance
where sku_id = %s and place_id = %s and serial = %s and state = 'available' and quantity > 0
"""


def confirm_pick(
    pick_id: int, quantity: int, *, serial: str = "", lot: str = "", at: datetime, by: str
) -> None:
    """`quantity` units of this pick are in hand, those confirmed before included: the same confirmation again
    does nothing. A unit with a serial number needs it. `lot`, where it was read: the pick's own.

    Where the ledger has fewer in the bin, the units are to be picked elsewhere instead: that is kept, and
    told by NotToPick. Raises NotFound, NotToPick (also when cancelled meanwhile), OtherCount (more than
    wanted, fewer than confirmed), Stopped (the order is held), SerialWanted, SerialUnknown, WrongLot.
    """
    with transaction.atomic():
        orders = load([one_pick(pick_id).order_id])
        pick = one_pick(pick_id)  # again, under the order's lock
        refuse_wrong_lot(pick, lot, at=at)
        if is_repeat(pick, quantity, serial):
            return
        refuse_when_planned([pick.pick_list_id])
        lock_bins([pick])
        refuse_unless_possible(pick, quantity)
        refuse_when_stopped(orders[pick.order_id])
        pick = _with_serial(pick, serial)
        lost = redirect([pick], orders, at=at, by=by).get(pick.id)
        if lost is None or quantity <= pick.quantity - lost.units:
            take([Confirmed(pick, quantity - pick.picked)], orders, at=at, by=by)
            return
    raise NotToPick(quantity=quantity, sku=pick.sku, place=pick.place, because=lost.because)


def check_lot(pick_id: int, lot: str, *, at: datetime) -> None:
    """Somebody reads the lot before taking the units. Raises NotFound, WrongLot."""
    refuse_wrong_lot(one_pick(pick_id), lot, at=at)


def refuse_wrong_lot(pick: PickRow, lot: str, *, at: datetime) -> None:
    """Raises WrongLot, and says so where the lot is one that the order's channel does not take."""
    if lot in ("", pick.lot):
        return
    _, day = lot_day(pick.sku, lot)
    ask = asks([(pick.order_id, pick.sku_id, pick.location_id)], at=at).get(
        (pick.order_id, pick.sku_id, pick.location_id)
    )
    is_old = ask is not None and ask.from_on is not None and day is not None and day < ask.from_on
    cause = (
        f": it expires on {day}, and {ask.channel} asks for {ask.days} days to be left"
        if is_old and ask
        else ""
    )
    raise WrongLot(lot=lot[:80], sku=pick.sku, wanted=pick.lot or "without a number", cause=cause)


def is_repeat(pick: PickRow, quantity: int, serial: str) -> bool:
    """Was exactly this confirmed before?"""
    return 0 < quantity == pick.picked and pick.state != "cancelled" and serial in ("", pick.serial)


def refuse_unless_possible(pick: PickRow, quantity: int) -> None:
    """Raises NotToPick or OtherCount."""
    facts = {"quantity": quantity, "sku": pick.sku, "place": pick.place}
    if pick.state != "to_pick":
        raise NotToPick(**facts, because=f"this pick is {pick.state}")
    if not pick.picked < quantity <= pick.quantity:
        raise OtherCount(**facts, wanted=pick.quantity, picked=pick.picked)
    promised = sum(
        part.pending
        for part in held([pick.line_id])
        if (part.holder, part.sku_id) == (pick.allocation_id, pick.sku_id)
    )
    if promised < quantity - pick.picked:
        raise NotToPick(**facts, because="the order does not want them any more")


def _with_serial(pick: PickRow, serial: str) -> PickRow:
    """The pick with the unit that was really taken."""
    if not pick.serial:
        if serial:
            raise SerialUnknown(serial=serial, sku=pick.sku, place=pick.place)
        return pick
    if not serial:
        raise SerialWanted(sku=pick.sku, place=pick.place)
    if serial == pick.serial:
        return pick
    found = sql.run(THERE, (pick.sku_id, pick.place_id, serial))
    if not found or found[0][0] != pick.lot:
        raise SerialUnknown(serial=serial, sku=pick.sku, place=pick.place)
    sql.run(SWAP, {"proposed": pick.serial, "taken": serial, "sku": pick.sku_id, "pick": pick.id})
    return pick._replace(serial=serial)


def confirm_lists(list_ids: Sequence[int], *, at: datetime, by: str) -> int:
    """Everything left on these lists is in hand, taken from where the list said. Returns the units.

    What is not wanted any more, or is held, is taken off the lists instead; what the ledger does not have in
    its bin is to be picked elsewhere, and stays to pick. Set-based: thousands of picks in a constant number
    of statements. Running it twice confirms nothing twice.
    """
    with transaction.atomic():
        orders = load({pick.order_id for pick in left_on_lists(list_ids)})
        if not orders:
            return 0
        refuse_when_planned(list_ids)
        lock_bins(_left(list_ids, orders))
        recall(orders, at=at, by=by)
        left = _left(list_ids, orders)
        lost = redirect(left, orders, at=at, by=by)
        units = {pick.id: pick.left - (lost[pick.id].units if pick.id in lost else 0) for pick in left}
        confirmed = [Confirmed(pick, units[pick.id]) for pick in left if units[pick.id]]
        if confirmed:
            take(confirmed, orders, at=at, by=by)
    return sum(one.units for one in confirmed)


def _left(list_ids: Sequence[int], orders: Mapping[int, OrderState]) -> list[PickRow]:
    """Without picks that were put on a list a moment ago: their orders' locks are not ours."""
    return [pick for pick in left_on_lists(list_ids) if pick.order_id in orders]
