"""Units leave their bins for the floor: what every way of confirming a pick has in common."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import UnitsPicked
from quartermaster.orders.actions.state import LineState, OrderState, save
from quartermaster.orders.rules.units import balanced
from quartermaster.stock.actions import Taking, pick
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held, wholes
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.actions.counts import want_counts_of_emptied
from quartermaster.warehouse.actions.rows import PickRow


class Confirmed(NamedTuple):
    """Units of a pick that are in the picker's hands now, beyond those confirmed before."""

    pick: PickRow
    units: int


CONFIRM = """
update warehouse_pick p
set picked = c.picked, serial = c.serial, picked_at = %(at)s, picked_by = %(by)s,
    state = case when c.picked = p.quantity then 'picked' else p.state end
from jsonb_to_recordset(%(picks)s::jsonb) as c(id bigint, picked bigint, serial text) where p.id = c.id
"""
# A list is begun by its first pick and done with its last.
LISTS = """
update warehouse_pick_list l
set started_at = coalesce(l.started_at, %(at)s),
    picker = case when l.picker = '' then %(by)s else l.picker end,
    state = case when going.is_going then 'picking' else 'done' end,
    done_at = case when going.is_going then null else %(at)s end
from (select x.id, exists (select from warehouse_pick p where p.pick_list_id = x.id and p.state = 'to_pick')
        as is_going from unnest(%(lists)s::bigint[]) as x(id)) going
where l.id = going.id and l.state in ('open', 'picking')
"""


def take(
    confirmed: Sequence[Confirmed],
    orders: Mapping[int, OrderState],
    *,
    tells: bool = True,
    at: datetime,
    by: str,
) -> None:
    """Consume what these picks were promised, move the units to the floor and count them on their lines.

    `orders` are locked and hold every order of the picks; they are saved. `tells`: does somebody pick them,
    or does the caller say what really happens? Raises NotReserved, NotEnoughStock. Constant number of
    statements.
    """
    line_ids = {one.pick.line_id for one in confirmed}
    before = held(line_ids)
    pick(_takings(confirmed), key=f"pick:{confirmed[0].pick.pick_list_id}", because="picked", at=at, by=by)
    changed = _count(confirmed, before, orders)
    rows = [
        {"id": one.pick.id, "picked": one.pick.picked + one.units, "serial": one.pick.serial}
        for one in confirmed
    ]
    sql.run(CONFIRM, {"picks": sql.rows(rows), "at": at, "by": by})
    want_counts_of_emptied([one.pick for one in confirmed], at=at, by=by)
    follow_lists({one.pick.pick_list_id for one in confirmed}, at=at, by=by)
    mine = [orders[order_id] for order_id in sorted({one.pick.order_id for one in confirmed})]
    states.follow(mine, at=at)
    save(mine, changed)
    if not tells:
        return
    emit(
        UnitsPicked(
            subject=f"order:SO-{one.pick.order_id}",
            at=at,
            actor=by,
            order_id=one.pick.order_id,
            pick_list_id=one.pick.pick_list_id,
            sku=one.pick.sku,
            units=one.units,
            place=one.pick.place,
        )
        for one in confirmed
    )


def follow_lists(list_ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Lists that somebody worked on: under way, or done when nothing is left on them. One statement."""
    sql.run(LISTS, {"lists": sorted(set(list_ids)), "at": at, "by": by})


def _takings(confirmed: Sequence[Confirmed]) -> list[Taking]:
    return [
        Taking(
            key=f"pick:{one.pick.id}:{one.pick.picked + one.units}",
            claim=one.pick.line_id,
            holder=one.pick.allocation_id,
            sku_id=one.pick.sku_id,
            location_id=one.pick.location_id,
            place=one.pick.place,
            quantity=one.units,
            lot=one.pick.lot,
            serial=one.pick.serial,
            document=f"order:SO-{one.pick.order_id}",
        )
        for one in confirmed
    ]


def _count(
    confirmed: Sequence[Confirmed], before: Sequence[Held], orders: Mapping[int, OrderState]
) -> list[LineState]:
    """Allocated units of lines become picked; of a kit, those of which every part is picked now."""
    taken: Counter[tuple[int, int, int]] = Counter()
    for one in confirmed:
        taken[one.pick.line_id, one.pick.allocation_id, one.pick.sku_id] += one.units
    after = []
    for part in before:
        units = taken[part.claim, part.holder, part.sku_id]
        after.append(part._replace(pending=part.pending - units, consumed=part.consumed + units))
    was, whole = wholes(before), wholes(after)
    grown: Counter[int] = Counter()
    for (line_id, holder), units in whole.items():
        grown[line_id] += units - was[line_id, holder]
    lines = {line.id: line for order in orders.values() for line in order.lines}
    changed = []
    for line_id, units in grown.items():
        if units:
            line = lines[line_id]
            allocated, picked = line.units.allocated - units, line.units.picked + units
            line.units = balanced(replace(line.units, allocated=allocated, picked=picked))
            changed.append(line)
    return changed
