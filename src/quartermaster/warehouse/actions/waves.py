"""A wave is released to the floor, or given back; totes are scanned onto the cart."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import storable
from quartermaster.events import WaveCancelled, WaveClosed, WaveReleased
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.warehouse.actions.recall import Off, take_off
from quartermaster.warehouse.actions.rows import left_on_lists


class WaveOver(Refused):
    code = "wave-over"
    message = "W-{wave_id} was cancelled."
    remedy = "Make another wave."


class WaveClosedAlready(Refused):
    code = "wave-closed"
    message = "W-{wave_id} was closed."
    remedy = "Make another wave."


class WaveNotReleased(Refused):
    code = "wave-not-released"
    message = "PL-{list_id} belongs to W-{wave_id}, which is planned and not released."
    remedy = "Release the wave first, or take another list."


class ToteTaken(Refused):
    code = "tote-taken"
    message = "Tote {code} is on PL-{list_id} already, for {order}."
    remedy = "Take an empty tote."


LOCK = """
select w.state, l.code, w.closed_at is not null
from warehouse_wave w join stock_location l on l.id = w.location_id where w.id = %s
for no key update of w
"""
LISTS = "select id from warehouse_pick_list where wave_id = %s"
RELEASE = """
update warehouse_wave set state = 'released', released_at = %(at)s, released_by = %(by)s where id = %(wave)s
"""
CANCEL = """
update warehouse_wave set state = 'cancelled', cancelled_at = %(at)s, ended_because = %(why)s
where id = %(wave)s
"""
CLOSE = """
update warehouse_wave set closed_at = %(at)s, closed_by = %(by)s, ended_because = %(why)s where id = %(wave)s
"""
CANCEL_LISTS = """
update warehouse_pick_list set state = 'cancelled', done_at = %(at)s
where id = any(%(lists)s) and state in ('open', 'picking')
"""
# A list is begun when somebody has it, or has picked something of it.
NOT_BEGUN = """
select l.id from warehouse_pick_list l where l.wave_id = %s and l.state = 'open' and not exists (
  select from warehouse_pick p where p.pick_list_id = l.id and p.picked > 0)
order by l.id for no key update of l
"""
PLANNED = """
select l.id, l.wave_id from warehouse_pick_list l join warehouse_wave w on w.id = l.wave_id
where l.id = any(%s) and w.state = 'planned' order by l.id limit 1
"""
# A tote is taken while its list is picked, and until its order's units are in parcels.
HOLDER = """
select t.pick_list_id, t.order_id from warehouse_tote t join warehouse_pick_list l on l.id = t.pick_list_id
where t.code = %(code)s and (t.pick_list_id, t.slot) <> (%(list)s, %(slot)s)
  and (l.state in ('open', 'picking') or exists (
    select from allocation_allocation a
    where a.order_id = t.order_id and a.location_id = l.location_id and a.state = 'picking'))
limit 1
"""
SCAN = """
update warehouse_tote set code = %(code)s, scanned_at = %(at)s
where pick_list_id = %(list)s and slot = %(slot)s returning id
"""


def release_wave(wave_id: int, *, at: datetime, by: str) -> None:
    """Let people pick it. Again does nothing. Raises NotFound, WaveOver, WaveClosedAlready."""
    with transaction.atomic():
        state, site, is_closed = _locked(wave_id)
        if state == "cancelled":
            raise WaveOver(wave_id=wave_id)
        if is_closed:
            raise WaveClosedAlready(wave_id=wave_id)
        if state == "released":
            return
        sql.run(RELEASE, {"wave": wave_id, "at": at, "by": by})
        emit([WaveReleased(subject=f"wave:W-{wave_id}", at=at, actor=by, wave_id=wave_id, location=site)])


def cancel_wave(wave_id: int, *, because: str, at: datetime, by: str) -> None:
    """Give back what was not picked: it can go onto other lists at once. Again does nothing. Raises NotFound,
    Invalid. Constant number of statements."""
    why = _said(because)
    with transaction.atomic():
        lists = [row[0] for row in sql.run(LISTS, (wave_id,))]
        orders = load({pick.order_id for pick in left_on_lists(lists)})
        state, site, _ = _locked(wave_id)
        if state == "cancelled":
            return
        sql.run(CANCEL, {"wave": wave_id, "at": at, "why": why})
        _give_back(lists, orders, why, at=at, by=by)
        told = {"subject": f"wave:W-{wave_id}", "at": at, "actor": by}
        emit([WaveCancelled(**told, wave_id=wave_id, location=site, because=why)])  # type: ignore[arg-type]


def close_wave(wave_id: int, *, because: str, at: datetime, by: str) -> None:
    """Nobody begins another list of it: those that nobody has begun are given back at once, the others are
    picked to their end. Again does nothing. Raises NotFound, Invalid, WaveOver (cancelled)."""
    why = _said(because)
    with transaction.atomic():
        lists = [row[0] for row in sql.run(LISTS, (wave_id,))]
        orders = load({pick.order_id for pick in left_on_lists(lists)})
        state, site, is_closed = _locked(wave_id)
        if state == "cancelled":
            raise WaveOver(wave_id=wave_id)
        if is_closed:
            return
        sql.run(CLOSE, {"wave": wave_id, "at": at, "by": by, "why": why})
        waiting = lists if state == "planned" else [row[0] for row in sql.run(NOT_BEGUN, (wave_id,))]
        _give_back(waiting, orders, why, at=at, by=by)
        told = {"subject": f"wave:W-{wave_id}", "at": at, "actor": by}
        emit([WaveClosed(**told, wave_id=wave_id, location=site, because=why)])  # type: ignore[arg-type]


def _give_back(
    lists: Sequence[int], orders: Mapping[int, OrderState], why: str, *, at: datetime, by: str
) -> None:
    sql.run(CANCEL_LISTS, {"lists": list(lists), "at": at})
    left = [pick for pick in left_on_lists(lists) if pick.order_id in orders]
    take_off([Off(pick, pick.left, why) for pick in left], orders, at=at, by=by)


def _said(because: str) -> str:
    if not because.strip():
        raise Invalid(what="The end of the wave", errors={"because": "say why"})
    return because.strip()


def refuse_when_planned(list_ids: Sequence[int]) -> None:
    """Raises WaveNotReleased for a list that is to wait."""
    for list_id, wave_id in sql.run(PLANNED, (list(list_ids),)):
        raise WaveNotReleased(list_id=list_id, wave_id=wave_id)


def scan_tote(list_id: int, slot: int, code: str, *, at: datetime, by: str) -> None:
    """This tote stands in this slot of the cart. Again does nothing. Raises NotFound, Invalid, ToteTaken."""
    tote = storable(code.strip())
    if not tote or len(tote) > 80:
        raise Invalid(what="The tote", errors={"code": "1 to 80 characters"})
    with transaction.atomic():
        sql.run("select pg_advisory_xact_lock(hashtextextended('tote:' || %s, 0))", (tote,))
        for holder, order_id in sql.run(HOLDER, {"code": tote, "list": list_id, "slot": slot}):
            raise ToteTaken(code=tote, list_id=holder, order=f"SO-{order_id}")
        if not sql.run(SCAN, {"code": tote, "list": list_id, "slot": slot, "at": at}):
            raise NotFound(what=f"tote slot of PL-{list_id}", which=slot)


def _locked(wave_id: int) -> tuple[str, str, bool]:
    """State, site, and whether it was closed."""
    for state, site, is_closed in sql.run(LOCK, (wave_id,)):
        return state, site, is_closed
    raise NotFound(what="wave", which=f"W-{wave_id}")
