"""Units go from the dock to a place: where the rules say, or elsewhere with a reason."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import short, storable
from quartermaster.events import UnitsPutAway
from quartermaster.inbound.actions.rows import sku_ids
from quartermaster.inbound.actions.stored import stamp
from quartermaster.inbound.queries.candidates import candidates, item
from quartermaster.inbound.queries.rules import chain_in_force
from quartermaster.inbound.rules.put_away import (
    BinRefused,
    Chain,
    Item,
    ReasonWanted,
    Suggestion,
    room,
    suggest,
)
from quartermaster.stock.actions import KeyReused, Move, State, lock_some, post
from quartermaster.stock.actions.place import places
from quartermaster.stock.queries.locations import location_id

STATE_IN = {"quarantine": State.QC, "returns": State.RETURNED}


class NotOnDock(Refused):
    code = "not-on-dock"
    message = "{held} × {sku} lie on the dock of {site} to be put away, not {units}."
    remedy = "Receive them first, or put away fewer."


class Stored(NamedTuple):
    place: str
    units: int
    suggestion: Suggestion


KNOWN = """
select a.sku_id, p.code, a.quantity, a.lot, a.serial, a.suggested, a.because from inbound_put_away a
join stock_place p on p.id = a.target_id where a.key = %s
"""
LYING = """
select r.id, r.arrival_id, r.place_id, p.code, r.quantity - r.damaged - r.qc + r.passed - r.stored
from inbound_receipt r join stock_place p on p.id = r.place_id
where r.sku_id = %(sku)s and p.location_id = %(location)s and r.lot = %(lot)s and r.serial = %(serial)s
  and r.stored < r.quantity - r.damaged - r.qc + r.passed
order by r.id for no key update of r
"""
TAKE = """
update inbound_receipt r set stored = r.stored + t.units
from jsonb_to_recordset(%s::jsonb) as t(id bigint, units bigint) where r.id = t.id
"""
SAVE = """
insert into inbound_put_away (key, sku_id, source_id, target_id, quantity, lot, serial, suggested, because,
  override_because, rule_version, at, by)
values (%(key)s, %(sku)s, %(source)s, %(target)s, %(units)s, %(lot)s, %(serial)s, %(suggested)s, %(because)s,
  %(override)s, %(version)s, %(at)s, %(by)s)
"""


def put_away(
    site: str,
    sku: str,
    units: int,
    place: str,
    *,
    key: str,
    lot: str = "",
    serial: str = "",
    because: str = "",
    at: datetime,
    by: str,
) -> Stored:
    """Units lie in a bin now and can be sold; who waits for them is served. `because`: why not where the
    rules say. The same key again does nothing.

    Raises NotFound, Invalid, NotOnDock, BinRefused (capacity, size, lots, another's bin), ReasonWanted,
    KeyReused.
    """
    location, target = location_id(site), _target(site, place)
    if not 0 < len(key) <= 120 or units < 1:
        raise Invalid(what="The put-away", errors={"units": "1 or more, with the scan's own key"})
    sku_id = sku_ids([sku])[sku]
    with transaction.atomic():
        lock_some([(sku_id, location)])
        for of, was, count, was_lot, was_serial, suggested, why in sql.run(KNOWN, (key,)):
            if (of, was, count, was_lot, was_serial) != (sku_id, target, units, lot, serial):
                raise KeyReused(key=key)
            return Stored(target, units, Suggestion(suggested, units, why))
        target_id = places([target])[target].id
        # whoever fills the bin has it alone: two that fit one by one may not fit together
        sql.run("select from stock_place where id = %s for no key update", (target_id,))
        version, chain = chain_in_force()
        what = item(sku_id, units, lot)
        told = suggest(what, candidates(location, sku_id), chain)
        kind = _check(what, target, target_id, location, sku_id, told, chain, because)
        asked = {"sku": sku_id, "location": location, "lot": lot, "serial": serial}
        taken = _taken(sql.run(LYING, asked), units, sku=sku, site=site)
        _move(taken, key, sku_id, target, kind, lot, serial, because, at=at, by=by)
        row = {"key": key, "sku": sku_id, "source": taken[0].place_id, "target": target_id, "units": units}
        row |= {"lot": lot, "serial": serial, "suggested": told.place, "because": told.because}
        sql.run(SAVE, {**row, "override": because, "version": version, "at": at, "by": by})
        sql.run(TAKE, (sql.rows({"id": one.id, "units": one.units} for one in taken),))
        stamp([one.arrival_id for one in taken], at=at)
        fact = UnitsPutAway(
            subject=f"location:{site}",
            at=at,
            actor=by,
            location=site,
            sku=sku,
            units=units,
            place=target,
            because=told.because,
            override_because=because,
        )
        emit([fact])
    return Stored(target, units, told)


class _Taken(NamedTuple):
    id: int
    arrival_id: int
    place_id: int
    place: str
    units: int


def _taken(lying: list[tuple[int, int, int, str, int]], units: int, *, sku: str, site: str) -> list[_Taken]:
    """Out of the oldest receipts first."""
    taken, left = [], units
    for row in map(_Taken._make, lying):
        if left:
            taken.append(row._replace(units=min(left, row.units)))
            left -= taken[-1].units
    if left:
        raise NotOnDock(held=units - left, sku=sku, site=site, units=units)
    return taken


def _check(
    what: Item,
    target: str,
    target_id: int,
    location: int,
    sku_id: int,
    told: Suggestion,
    chain: Chain,
    because: str,
) -> str:
    """The kind of the bin. Raises BinRefused, ReasonWanted."""
    found = candidates(location, sku_id, only=target_id)
    if not found:
        raise Invalid(what="The place", errors={"place": "a bin of the site, like A-01"})
    (bin,) = found
    fits, why = room(what, bin, segregates_lots=chain.segregates_lots)
    if bin.kind == "receiving":
        fits, why = 0, "it is the dock itself"
    if fits < what.units:
        raise BinRefused(place=bin.name, units=what.units, sku=what.sku, because=why or f"{fits} fit")
    if told.place and told.place != target and not because.strip():
        raise ReasonWanted(sku=what.sku, suggested=told.place.partition("/")[2], place=bin.name)
    return bin.kind


def _move(
    taken: list[_Taken],
    key: str,
    sku_id: int,
    target: str,
    kind: str,
    lot: str,
    serial: str,
    because: str,
    *,
    at: datetime,
    by: str,
) -> None:
    move = Move(
        key="",
        sku_id=sku_id,
        quantity=1,
        source="",
        target=target,
        because=because or "put away",
        source_state=State.RECEIVED,
        target_state=STATE_IN.get(kind, State.AVAILABLE),
        lot=lot,
        serial=serial,
    )
    moves = [
        replace(
            move,
            key=f"put-away:{key}:{n}",
            quantity=one.units,
            source=one.place,
            document=f"arrival:IN-{one.arrival_id}",
        )
        for n, one in enumerate(taken)
    ]
    post(moves, by=by, at=at)


def _target(site: str, place: str) -> str:
    """A bin may be scanned with its site's name or without."""
    code = storable(short(place.strip(), 200))
    code = code if code.startswith(f"{site}/") else f"{site}/{code}"
    if code.endswith("/") or "//" in code or code.count("/") > 2:
        raise Invalid(what="The place", errors={"place": "a bin of the site, like A-01"})
    return code
