"""Bring the floor in line with what orders want now, whatever happened before.

Picks of units that are not promised any more are taken off their lists, picked units that nobody wants are to
be put back, parcels that hold them are opened again, and empty ones that nothing waits for are given up. The
outcome depends on the state of the order alone: running it twice changes nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.events import Event, emit
from quartermaster.events import PutBackWanted
from quartermaster.orders.actions.state import LineState, OrderState, load, save
from quartermaster.stock.actions import Settle, forgo
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held, Part
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.actions.give_up import give_up_empty
from quartermaster.warehouse.actions.recall import recall
from quartermaster.warehouse.actions.unpack import unpack
from quartermaster.warehouse.queries.floor import Counts, counts, on_floor, outside
from quartermaster.warehouse.rules.surplus import Back, Floor, forgone, shared_out, whole_there

BECAUSE = "picked, and not wanted any more"
TOUCHED = "select distinct order_id from warehouse_pick where order_id = any(%s)"
CODES = "select id, code from catalog_sku where id = any(%s)"
PUT_BACK = """
insert into warehouse_put_back (order_id, line_id, sku_id, location_id, quantity, line_units, lot, serial,
  because, at)
select order_id, line_id, sku_id, location_id, quantity, line_units, lot, serial, %(because)s, %(at)s
from jsonb_to_recordset(%(tasks)s::jsonb) as r(n int, order_id bigint, line_id bigint, sku_id bigint,
  location_id bigint, quantity bigint, line_units bigint, lot text, serial text)
order by n
"""


def keep_in_step(events: Sequence[Event]) -> None:
    """The listener: orders want something else than before, are held, or lost what they were promised."""
    ids = {event.order_id for event in events}  # type: ignore[attr-defined]  # the flow sends facts about orders
    touched = [row[0] for row in sql.run(TOUCHED, (sorted(ids),))]
    if touched:
        reconcile(load(touched), at=events[-1].at, by="floor")


def reconcile(orders: Mapping[int, OrderState], *, at: datetime, by: str) -> None:
    """Reconcile these orders, which are locked; they are saved when units of theirs have to go back.
    Constant number of statements."""
    recall(orders, at=at, by=by)
    lines = {line.id: line for order in orders.values() for line in order.lines}
    there, parts = counts(orders), held(lines)
    away = whole_there(outside(orders), parts)
    surplus = _surplus(lines, there, away)
    whole = {line_id: forgone(_of(parts, line_id), units) for line_id, units in surplus.items()}
    loose = _loose(parts, there.picked)
    if whole or loose:
        forgo([Settle(*part) for each in whole.values() for part in each], because=BECAUSE, at=at)
        floor = Floor(on_floor(orders))
        tasks = [
            task for line_id, each in whole.items() for task in shared_out(floor.take(each), surplus[line_id])
        ]
        tasks += floor.take(loose)
        unpack(tasks, orders, because=BECAUSE, at=at, by=by)
        _write(tasks, orders, at=at, by=by)
        save(list(orders.values()))
    give_up_empty(orders, at=at, by=by)
    states.follow(orders.values(), at=at)


def _surplus(lines: Mapping[int, LineState], there: Counts, away: Mapping[int, int]) -> dict[int, int]:
    """Line -> whole picked units that nobody wants and nobody was told to put back. Allocated ones go first;
    that is allocation's to do, and may have happened already or not. What is `away` at an outside site is not
    ours to put back."""
    found = {}
    for line in lines.values():
        here = line.units.picked - away.get(line.id, 0)
        over = min(max(0, line.units.surplus - line.units.allocated), here)
        if over > there.coming_back[line.id]:
            found[line.id] = over - there.coming_back[line.id]
    return found


def _of(parts: Sequence[Held], line_id: int) -> list[Held]:
    return [part for part in parts if part.claim == line_id]


def _loose(parts: Sequence[Held], picked: Mapping[tuple[int, int], int]) -> list[Part]:
    """Units on the floor that no line has a claim to: parts of kits that were given up half-picked."""
    claimed: Counter[tuple[int, int]] = Counter()
    for part in parts:
        claimed[part.claim, part.sku_id] += part.picked
    return [
        Part(line_id, sku_id, units - claimed[line_id, sku_id])
        for (line_id, sku_id), units in sorted(picked.items())
        if units > claimed[line_id, sku_id]
    ]


def _write(tasks: Sequence[Back], orders: Mapping[int, OrderState], *, at: datetime, by: str) -> None:
    order_of = {line.id: order for order in orders.values() for line in order.lines}
    rows = [
        {
            "n": n,
            "order_id": order_of[task.there.line_id].id,
            "line_id": task.there.line_id,
            "sku_id": task.there.sku_id,
            "location_id": task.there.location_id,
            "quantity": task.units,
            "line_units": task.line_units,
            "lot": task.there.lot,
            "serial": task.there.serial,
        }
        for n, task in enumerate(tasks)
    ]
    sql.run(PUT_BACK, {"tasks": sql.rows(rows), "because": BECAUSE, "at": at})
    codes = dict(sql.run(CODES, (sorted({task.there.sku_id for task in tasks}),)))
    units: Counter[tuple[int, int]] = Counter()
    for task in tasks:
        units[order_of[task.there.line_id].id, task.there.sku_id] += task.units
    emit(
        PutBackWanted(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            sku=codes[sku_id],
            units=count,
            because=BECAUSE,
        )
        for (order_id, sku_id), count in units.items()
    )
