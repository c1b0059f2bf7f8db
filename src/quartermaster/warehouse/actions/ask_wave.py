"""A wave is asked for or looked at, and a worker plans it: choosing and grouping takes seconds, nobody waits.

Safe when a worker dies: a plan that nobody holds is taken up by the next, and the wave and the end of its
plan are written in one transaction, so that no plan makes two.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import WaveAsked
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse.actions.plan_wave import plan_wave
from quartermaster.warehouse.actions.propose_wave import propose_wave
from quartermaster.warehouse.actions.wave_reasons import previewed
from quartermaster.warehouse.queries.wave_work import lanes_of, zones_of
from quartermaster.warehouse.rules.wanted import WaveWanted, errors_in

TRIES_MAX: Final = 3  # then it is given up: whatever stopped it would stop it again
PREVIEWS_MAX: Final = 20  # of one site that wait
PREVIEW_KEPT: Final = timedelta(days=1)
NOTHING: Final = "no released order is what was asked for"

ASK: Final = """
insert into warehouse_wave_plan (location_id, wanted, is_released, made_by, made_at)
values (%s, %s::jsonb, %s, %s, %s)
on conflict (location_id) where not is_preview and state in ('waiting', 'planning') do nothing
returning id
"""
LOOK: Final = """
insert into warehouse_wave_plan (location_id, wanted, is_released, is_preview, made_by, made_at)
values (%s, %s::jsonb, false, true, %s, %s) returning id
"""
LOOKED: Final = """
select id, wanted = %(wanted)s::jsonb from warehouse_wave_plan
where location_id = %(site)s and is_preview and state in ('waiting', 'planning') order by id
"""
FORGET: Final = "delete from warehouse_wave_plan where is_preview and ended_at < %s"
OPEN: Final = """
select id, location_id, wanted::text, is_released, is_preview, made_by, tries from warehouse_wave_plan
where state in ('waiting', 'planning') order by is_preview, id
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
update warehouse_wave_plan set state = %(state)s, wave_id = %(wave)s, found = %(found)s::jsonb,
  because = %(because)s, ended_at = %(at)s, step = ''
where id = %(id)s and state = 'planning'
"""


class PlanUnderWay(Refused):
    code = "wave-being-planned"
    message = "A wave of {location} is being planned already."
    remedy = "Wait until it is made: it takes what it takes, and the next one chooses among the rest."


class TooManyPreviews(Refused):
    code = "too-many-previews"
    message = "{previews} previews of waves of {location} wait for a worker already."
    remedy = "Wait until they are through; GET /api/wave-plans/ID says how far each is."


class _Ended(Exception):
    """Somebody else ended the plan meanwhile: what was written for it is taken back."""


class _Plan(NamedTuple):
    id: int
    location_id: int
    wanted: str
    is_released: bool
    is_preview: bool
    made_by: str
    tries: int

    @property
    def lock(self) -> str:
        """Waves of a site are planned one after the other, previews whenever somebody has time."""
        return f"preview {self.id}" if self.is_preview else str(self.location_id)


def ask_for_wave(wanted: WaveWanted, *, release: bool, at: datetime, by: str) -> int:
    """Have a wave planned; returns the number of the plan. Raises PlanUnderWay, NotFound for an unknown site,
    Invalid that names every faulty field."""
    site = _site_of(wanted)
    with transaction.atomic():
        made = sql.run(ASK, (site, msgspec.json.encode(wanted).decode(), release, by, at))
        if not made:
            raise PlanUnderWay(location=wanted.location)
        plan_id = int(made[0][0])
        where = wanted.location
        emit([WaveAsked(subject=f"location:{where}", at=at, actor=by, plan_id=plan_id, location=where)])
    return plan_id


def ask_for_preview(wanted: WaveWanted, *, at: datetime, by: str) -> int:
    """Have a worker look what such a wave would take; returns the number of the plan, of one that waits when
    the same is asked again. It takes no order. Raises TooManyPreviews, and as ask_for_wave."""
    site, asked = _site_of(wanted), msgspec.json.encode(wanted).decode()
    waiting = sql.run(LOOKED, {"site": site, "wanted": asked})
    for plan_id, is_same in waiting:
        if is_same:
            return int(plan_id)
    if len(waiting) >= PREVIEWS_MAX:
        raise TooManyPreviews(location=wanted.location, previews=len(waiting))
    return int(sql.run(LOOK, (site, asked, by, at))[0][0])


def _site_of(wanted: WaveWanted) -> int:
    site = location_id(wanted.location)
    carriers = [lane.carrier for lane in lanes_of(site)] if wanted.carrier else None
    if errors := errors_in(wanted, carriers=carriers, zones=zones_of(site) if wanted.zone else None):
        raise Invalid(what="The wave", errors=errors)
    return site


def plan_waves(*, at: datetime) -> int:
    """Plan every wave that was asked for and that nobody is planning, and every preview behind them. Returns
    how many came to an end. Previews of yesterday are forgotten."""
    sql.run(FORGET, (at - PREVIEW_KEPT,))
    ended = 0
    for plan in (_Plan(*row) for row in sql.run(OPEN)):
        if not sql.run(HOLD, (plan.lock,))[0][0]:
            continue  # another worker is at it
        try:
            ended += _plan(plan, at=at)
        finally:
            sql.run(LET_GO, (plan.lock,))
    return ended


def _plan(plan: _Plan, *, at: datetime) -> bool:
    def end(state: str, wave: int | None = None, found: str | None = None, because: str = "") -> bool:
        row = {"id": plan.id, "state": state, "wave": wave, "found": found, "because": because, "at": at}
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
        if plan.is_preview:
            proposal = propose_wave(wanted, tells=tells, at=at)
            return (
                end("nothing", because=NOTHING)
                if proposal is None
                else end("done", found=previewed(proposal))
            )
        wave = plan_wave(wanted, release=plan.is_released, tells=tells, also=made, at=at, by=plan.made_by)
    except _Ended:
        return False
    except Refused as refusal:
        return end("failed", because=" ".join([refusal.title, *refusal.errors.values()]))
    return True if wave is not None else end("nothing", because=NOTHING)
