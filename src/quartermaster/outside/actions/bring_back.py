"""Units an outside site was to ship, and will not: they can be sold again, or are missing there."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import UnitsPutBack
from quartermaster.orders.actions.state import OrderState, save
from quartermaster.orders.rules.units import balanced
from quartermaster.outside.actions.row import Row
from quartermaster.stock.actions import Move, Settle, State, forgo, lock_levels, post
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held, by_holder, whole
from quartermaster.warehouse.actions import states
from quartermaster.warehouse.queries.floor import outside
from quartermaster.warehouse.rules.surplus import OnFloor

# They were never on a floor of ours: the task is done when it is written.
BACK = """
insert into warehouse_put_back (order_id, line_id, sku_id, location_id, quantity, line_units, lot, serial,
  because, at, done_at, done_by, place_id)
select %(order)s, r.line_id, r.sku_id, %(site)s, r.quantity, r.line_units, r.lot, r.serial, %(because)s,
  %(at)s, %(at)s, %(by)s, p.id
from jsonb_to_recordset(%(back)s::jsonb) as r(n int, line_id bigint, sku_id bigint, quantity bigint,
  line_units bigint, lot text, serial text)
join stock_place p on p.code = %(place)s order by r.n
returning id
"""
CODES = "select id, code from catalog_sku where id = any(%s)"
DONE = "update warehouse_pick set is_outside = false where allocation_id = %s and order_id = %s"


def bring_back(
    order: OrderState, row: Row, *, target: State = State.AVAILABLE, because: str, at: datetime, by: str
) -> dict[str, int]:
    """Everything of this order that has not left the site comes back into stock there, and its lines let go
    of it: what is still wanted is open again. The caller holds both locks. Returns units by SKU.

    `target`: the state the units are in; missing ones cannot be promised. Constant number of statements.
    """
    there = [one for one in outside([order.id]) if one.location_id == row.site_id and not one.parcel_id]
    codes = dict(sql.run(CODES, (sorted({one.sku_id for one in there}),)))
    if there:
        lock_levels(sorted({one.sku_id for one in there}))
        lost = _give_up(order, row, there, because=because, at=at)
        ids = _write(row, there, lost, because=because, at=at, by=by)
        post(_moves(row, there, ids, codes, target, because), by=by, at=at)
        for line in order.lines:
            if lost.get(line.id):
                line.units = balanced(replace(line.units, picked=line.units.picked - lost[line.id]))
    sql.run(DONE, (row.allocation_id, row.order_id))
    states.follow([order], at=at)
    save([order])
    units: Counter[str] = Counter()
    for one in there:
        units[codes[one.sku_id]] += one.units
    emit(
        UnitsPutBack(
            subject=order.subject, at=at, actor=by, order_id=order.id, sku=sku, units=count, place=row.site
        )
        for sku, count in sorted(units.items())
    )
    return dict(units)


def _give_up(
    order: OrderState, row: Row, there: Sequence[OnFloor], *, because: str, at: datetime
) -> dict[int, int]:
    """Claims give the units up. Returns line -> units of the line that end with them: of a kit, those that
    are not whole any more."""
    units: Counter[tuple[int, int]] = Counter()
    for one in there:
        units[one.line_id, one.sku_id] += one.units
    lines = {line_id for line_id, _ in units}
    before: defaultdict[int, list[Held]] = defaultdict(list)
    for part in held(lines):
        before[part.claim].append(part)
    lost = {}
    for line_id in lines:
        was = sum(whole(parts) for parts in by_holder(before[line_id]).values())
        left, now = dict(units), 0
        for _, parts in sorted(by_holder(before[line_id]).items(), reverse=True):
            after = []
            for part in parts:
                goes = min(part.picked, left.get((line_id, part.sku_id), 0))
                if goes:
                    left[line_id, part.sku_id] -= goes
                after.append(part._replace(consumed=part.consumed - goes))
            now += whole(after)
        lost[line_id] = was - now
    forgo(
        [Settle(line_id, sku_id, count) for (line_id, sku_id), count in sorted(units.items())],
        because=because,
        at=at,
    )
    return lost


def _write(
    row: Row, there: Sequence[OnFloor], lost: dict[int, int], *, because: str, at: datetime, by: str
) -> list[int]:
    told = dict(lost)
    back = [
        {
            "n": n,
            "line_id": one.line_id,
            "sku_id": one.sku_id,
            "quantity": one.units,
            "line_units": told.pop(one.line_id, 0),
            "lot": one.lot,
            "serial": one.serial,
        }
        for n, one in enumerate(there)
    ]
    facts = {"order": row.order_id, "site": row.site_id, "place": row.site, "because": because}
    return sorted(id for (id,) in sql.run(BACK, {**facts, "back": sql.rows(back), "at": at, "by": by}))


def _moves(
    row: Row, there: Sequence[OnFloor], ids: Sequence[int], codes: dict[int, str], target: State, because: str
) -> list[Move]:
    return [
        Move(
            key=f"put-back:{id}",
            sku_id=one.sku_id,
            quantity=one.units,
            source=row.site,
            target=row.site,
            because=because,
            source_state=State.PICKED,
            target_state=target,
            lot=one.lot,
            serial=one.serial,
            document=f"order:SO-{row.order_id}",
        )
        for id, one in zip(ids, there, strict=True)
    ]
