"""A difference between their report and the ledger is decided: a counter-entry with a reason, or nothing."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import DriftSettled
from quartermaster.stock.actions import Move, State, lock_levels, post

MOVES_MAX = 20
ADJUSTMENT = "world:adjustment"

DRIFT = """
select d.id, d.sku_id, s.code, l.id, l.code, d.ours, d.theirs, d.settled_units, d.settled_at is not null
from outside_drift d join outside_report r on r.id = d.report_id join stock_location l on l.id = r.site_id
join catalog_sku s on s.id = d.sku_id where d.id = %s for no key update of d
"""
SKU = "select sku_id from outside_drift where id = %s"
# What they could not find goes first: it is what nobody may be promised.
LYING = """
select p.code, b.state, b.lot, b.serial, b.quantity
from stock_balance b join stock_place p on p.id = b.place_id
where b.sku_id = %s and p.location_id = %s and b.state in ('missing', 'available') and b.quantity > 0
order by b.state desc, p.code, b.lot, b.serial
"""
SETTLE = """
update outside_drift set settled_units = %(units)s, settled_at = %(at)s, settled_by = %(by)s,
  because = %(because)s
where id = %(id)s
"""


class DriftIsSettled(Refused):
    code = "drift-settled"
    message = "The difference of {sku} at {site} is settled already."
    remedy = "Wait for their next report: it says what differs then."


class NotThatMany(Refused):
    code = "drift-not-there"
    message = "{units} × {sku} cannot be taken off {site}: only {there} lie there that can go."
    remedy = "What is on its way out stays until they confirm it. Settle fewer units."


class Row(NamedTuple):
    id: int
    sku_id: int
    sku: str
    location_id: int
    site: str
    ours: int
    theirs: int
    settled_units: int | None
    is_settled: bool


def settle_drift(drift_id: int, units: int, *, because: str, at: datetime, by: str) -> None:
    """Add `units` (below zero: take off) to the ledger against world:adjustment, or leave it with 0; for a
    reason that is kept. The same again does nothing.

    Units that were promised take their promises with them: those orders are served anew. Raises Invalid (no
    reason; more than the difference, or the other way), DriftIsSettled, NotThatMany, NotFound.
    """
    if not because.strip():
        raise Invalid(what="The decision", errors={"because": "say why"})
    with transaction.atomic():
        sku = sql.run(SKU, (drift_id,))
        if not sku:
            raise NotFound(what="difference", which=drift_id)
        lock_levels([sku[0][0]])
        row = Row._make(sql.run(DRIFT, (drift_id,))[0])
        if row.is_settled:
            if row.settled_units == units:
                return
            raise DriftIsSettled(sku=row.sku, site=row.site)
        low, high = sorted((0, row.theirs - row.ours))
        if not low <= units <= high:
            raise Invalid(what="The decision", errors={"units": f"{low} to {high}"})
        if units:
            moves = _added(row, units, because) if units > 0 else _taken(row, -units, because)
            post(moves, by=by, at=at, breaks_reservations=True)
        sql.run(SETTLE, {"id": drift_id, "units": units, "because": because.strip(), "at": at, "by": by})
        emit(
            [
                DriftSettled(
                    subject=f"location:{row.site}",
                    at=at,
                    actor=by,
                    location=row.site,
                    drift_id=drift_id,
                    sku=row.sku,
                    units=units,
                    because=because.strip(),
                )
            ]
        )


def _added(row: Row, units: int, because: str) -> list[Move]:
    return [
        Move(
            key=f"drift:{row.id}:1",
            sku_id=row.sku_id,
            quantity=units,
            source=ADJUSTMENT,
            target=row.site,
            because=because,
            document=f"drift:{row.id}",
        )
    ]


def _taken(row: Row, units: int, because: str) -> list[Move]:
    left = units
    moves: list[Move] = []
    for place, state, lot, serial, count in sql.run(LYING, (row.sku_id, row.location_id)):
        goes = min(left, count)
        if not goes or len(moves) == MOVES_MAX:
            break
        left -= goes
        moves.append(
            Move(
                key=f"drift:{row.id}:{len(moves) + 1}",
                sku_id=row.sku_id,
                quantity=goes,
                source=place,
                target=ADJUSTMENT,
                because=because,
                source_state=State(state),
                lot=lot,
                serial=serial,
                document=f"drift:{row.id}",
            )
        )
    if left:
        raise NotThatMany(units=units, sku=row.sku, site=row.site, there=units - left)
    return moves
