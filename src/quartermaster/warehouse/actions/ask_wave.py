"""A wave is asked for, and planned by a worker: choosing and grouping takes seconds nobody waits for.

Safe when a worker dies: a plan that nobody holds is taken up by the next, and the wave and the end of its
plan are written in one transaction, so that no plan makes two.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import WaveAsked
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse.actions.plan_wave import plan_wave
from quartermaster.warehouse.queries.wave_work import lanes_of, zones_of
from quartermaster.warehouse.rules.wanted import WaveWanted, errors_in

TRIES_MAX: Final = 3  # then it is given up: whatever stopped it would stop it again
NOTHING: Final = "no released order is what was asked for"

ASK: Final = """
insert into warehouse_wave_plan (location_id, wanted, is_released, made_by, made_at)
values (%s, %s::jsonb, %s, %s, %s)
on conflict (location_id) where state in ('waiting', 'planning') do nothing returning id
"""
OPEN: Final = """
select id, location_id, wanted::text, is_released, made_by, tries from warehouse_wave_plan
where state in ('waiting', 'planning') order by id
"""
# Held by the connection for as long as it plans: it ends with a worker that dies.
HOLD: Final = "select pg_try_advisory_lock(hashtextextended('warehouse.wave_plan ' || %s, 0))"
LET_GO: Final = "select pg_advisory_unlock(hashtextextended('warehouse.wave_plan ' || %s, 0))"
BEGIN: Final = """
update warehouse_wave_plan set state = 'planning', tries = tries + 1, started_at = %(at)s, step = ''
where id = %(id)s and state in ('waiting', 'planning')
"""
STEP: Final = "update warehouse_wave_plan set step = %s where id = %s and state = 'planning'"
END: Final = """
update warehouse_wave_plan set state = %(state)s, wave_id = %(wave)s, because = %(because)s,
  ended_at = %(at)s, step = ''
where id = %(id)s and state = 'planning'
"""


class PlanUnderWay(Refused):
    code = "wave-being-planned"
    message = "A wave of {location} is being planned already."
    remedy = "Wait until it is made: it takes what it takes, and the next one chooses among the rest."


class _Ended(Exception):
    """Somebody else ended the plan meanwhile: what was written for it is taken back."""


class _Plan(NamedTuple):
    id: int
    location_id: int
    wanted: str
    is_released: bool
    made_by: str
    tries: int


def ask_for_wave(wanted: WaveWanted, *, release: bool, at: datetime, by: str) -> int:
    """Have a wave planned; returns the number of the plan. Raises PlanUnderWay, NotFound for an unknown site,
    Invalid that names every faulty field."""
    site = location_id(wanted.location)
    carriers = [lane.carrier for lane in lanes_of(site)] if wanted.carrier else None
    if errors := errors_in(wanted, carriers=carriers, zones=zones_of(site) if wanted.zone else None):
        raise Invalid(what="The wave", errors=errors)
    with transaction.atomic():
        made = sql.run(ASK, (site, msgspec.json.encode(wanted).decode(), release, by, at))
        if not made:
            raise PlanUnderWay(location=wanted.location)
        plan_id = int(made[0][0])
        where = wanted.location
        emit([WaveAsked(subject=f"location:{where}", at=at, actor=by, plan_id=plan_id, location=where)])
    return plan_id


def plan_waves(*, at: datetime) -> int:
    """Plan every wave that was asked for and that nobody is planning. Returns how many came to an end."""
    ended = 0
    for plan in (_Plan(*row) for row in sql.run(OPEN)):
        if not sql.run(HOLD, (plan.location_id,))[0][0]:
            continue  # another worker is at it
        try:
            ended += _plan(plan, at=at)
        finally:
            sql.run(LET_GO, (plan.location_id,))
    return ended


def _plan(plan: _Plan, *, at: datetime) -> bool:
    def end(state: str, wave: int | None = None, because: str = "") -> bool:
        row = {"id": plan.id, "state": state, "wave": wave, "because": because, "at": at}
        return bool(sql.change(END, row))

    def made(wave: int) -> None:
        if not end("done", wave):
            raise _Ended

    if not sql.change(BEGIN, {"id": plan.id, "at": at}):
        return False  # ended while we waited
    if plan.tries >= TRIES_MAX:
        return end("failed", because=f"its planning ended {TRIES_MAX} times before it was through")
    wanted = msgspec.json.decode(plan.wanted, type=WaveWanted)
    tells: Callable[[str], object] = lambda step: sql.run(STEP, (step, plan.id))  # noqa: E731
    try:
        wave = plan_wave(wanted, release=plan.is_released, tells=tells, also=made, at=at, by=plan.made_by)
    except _Ended:
        return False
    except Refused as refusal:
        return end("failed", because=" ".join([refusal.title, *refusal.errors.values()]))
    return True if wave is not None else end("nothing", because=NOTHING)
