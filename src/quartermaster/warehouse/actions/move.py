"""Units go from one bin to another of the same site."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import short, storable
from quartermaster.events import UnitsMoved
from quartermaster.inbound.queries.candidates import candidates, item
from quartermaster.inbound.queries.rules import chain_in_force
from quartermaster.inbound.rules.put_away import BinRefused, room
from quartermaster.stock.actions import Move, State, lock_some, post
from quartermaster.stock.actions.place import places
from quartermaster.stock.queries.locations import location_id

STATE_IN = {"quarantine": State.QC, "returns": State.RETURNED}
MOVABLE = (State.AVAILABLE, State.QC, State.RETURNED, State.DAMAGED, State.EXPIRED)


class BeingPicked(Refused):
    code = "being-picked"
    message = "Pickers are under way for {sent} of the {held} × {sku} in {place}."
    remedy = "Move fewer, or wait until they are picked."


class Moved(NamedTuple):
    """state: in which the units lie there."""

    place: str
    units: int
    state: str


ON_DOCK = """
select from stock_bin b join stock_place p on p.id = b.place_id where p.code = %s and b.kind = 'receiving'
"""
KNOWN = "select quantity, target_state from stock_movement where key = %s"
HELD = """
select b.quantity, coalesce((select sum(k.quantity - k.picked) from warehouse_pick k
  where k.state = 'to_pick' and k.sku_id = b.sku_id and k.place_id = b.place_id and k.lot = b.lot
    and k.serial = b.serial), 0)::bigint
from stock_balance b join stock_place p on p.id = b.place_id
where p.code = %(place)s and b.sku_id = %(sku)s and b.state = %(state)s and b.lot = %(lot)s
  and b.serial = %(serial)s
"""


def move_units(
    site: str,
    sku: str,
    units: int,
    source: str,
    target: str,
    *,
    key: str,
    state: str = State.AVAILABLE,
    lot: str = "",
    serial: str = "",
    because: str = "moved",
    at: datetime,
    by: str,
) -> Moved:
    """Carry units from bin to bin; in a bin of kind quarantine or returns they cannot be sold, and can again
    when they leave it. The same key again does nothing.

    Raises NotFound, Invalid, BeingPicked, BinRefused, NotEnoughStock, StockIsPromised, KeyReused.
    """
    location = location_id(site)
    origin, goal = _code(site, source, "source"), _code(site, target, "target")
    if state not in MOVABLE or units < 1 or not 0 < len(key) <= 120 or origin == goal:
        raise Invalid(what="The move", errors={"units": "1 or more, to another bin, with the scan's own key"})
    if state == State.QC and sql.run(ON_DOCK, (origin,)):
        raise Invalid(what="The move", errors={"source": "units on the dock are looked at where they lie"})
    sku_id = _sku(sku)
    with transaction.atomic():
        lock_some([(sku_id, location)])
        known = sql.run(KNOWN, (f"move:{key}",))
        spots = places([origin, goal])
        sql.run("select from stock_place where id = %s for no key update", (spots[goal].id,))
        becomes = known[0][1] if known else _becomes(location, sku_id, sku, units, lot, spots[goal].id, state)
        if not known:
            asked = {"place": origin, "sku": sku_id, "state": state, "lot": lot, "serial": serial}
            for held, sent in sql.run(HELD, asked):
                if state == State.AVAILABLE and sent and held - units < sent:
                    raise BeingPicked(sent=sent, held=held, sku=sku, place=origin.partition("/")[2] or site)
        move = Move(
            key=f"move:{key}",
            sku_id=sku_id,
            quantity=units,
            source=origin,
            target=goal,
            because=because.strip() or "moved",
            source_state=state,
            target_state=becomes,
            lot=lot,
            serial=serial,
        )
        if post([move], by=by, at=at).new:
            _tell(site, sku, move, at=at, by=by)
    return Moved(goal, units, becomes)


def _tell(site: str, sku: str, move: Move, *, at: datetime, by: str) -> None:
    fact = UnitsMoved(
        subject=f"location:{site}",
        at=at,
        actor=by,
        location=site,
        sku=sku,
        units=move.quantity,
        source_place=move.source,
        place=move.target,
        because=move.because,
    )
    emit([fact])


def _becomes(location: int, sku_id: int, sku: str, units: int, lot: str, target: int, state: str) -> str:
    """In which state the units lie in the bin. Raises BinRefused."""
    found = candidates(location, sku_id, only=target)
    if not found:
        return state  # the site's own place
    (bin,) = found
    _, chain = chain_in_force()
    fits, why = room(item(sku_id, units, lot), bin, segregates_lots=chain.segregates_lots)
    if bin.kind == "receiving":
        fits, why = 0, "it is the dock"
    if fits < units:
        raise BinRefused(place=bin.name, units=units, sku=sku, because=why or f"{fits} fit")
    if bin.kind in STATE_IN:
        return STATE_IN[bin.kind]
    return State.AVAILABLE if state in (State.QC, State.RETURNED) else state


def _sku(code: str) -> int:
    found = sql.run("select id from catalog_sku where code = %s and not is_kit", (storable(code),))
    if not found:
        raise NotFound(what="SKU that is stocked", which=short(code, 80))
    return int(found[0][0])


def _code(site: str, place: str, field: str) -> str:
    """A bin may be named with its site or without."""
    code = storable(short(place.strip(), 200))
    if code == site:
        return code
    code = code if code.startswith(f"{site}/") else f"{site}/{code}"
    if code.endswith("/") or "//" in code or code.count("/") > 2:
        raise Invalid(what="The move", errors={field: f"a bin of {site}, like A-01"})
    return code
