"""Start, pause, end and break timers: what every minute finds."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.queries.versions import in_force
from quartermaster.core.workdays import holidays_between
from quartermaster.events import TimerBreached
from quartermaster.stock.queries.calendars import Site, all_sites
from quartermaster.stock.rules.calendar import DAYS_MAX, works_on
from quartermaster.warehouse.queries.timers import TARGETS
from quartermaster.warehouse.rules.timers import Breach, Facts, Hours, Timer, begun, marks, step, target_for

LOOKED_BACK: Final = timedelta(days=14)  # what was released before is a matter of the lists of what is late
STARTED_MAX: Final = 5_000  # a run; the next one goes on

LOCK: Final = "select pg_advisory_xact_lock(hashtextextended('warehouse.timers', 0))"
NEW: Final = """
select a.id, a.order_id, a.location_id, l.code, c.slug, o.priority, coalesce(a.released_at, a.at), a.ship_by
from allocation_allocation a join orders_order o on o.id = a.order_id
join stock_location l on l.id = a.location_id join inbox_connection c on c.id = o.connection_id
where a.state in ('released', 'picking', 'packed') and a.at > %(since)s and not o.is_test
  and not exists (select from warehouse_timer t where t.allocation_id = a.id)
order by a.id limit %(limit)s
"""
RUNNING: Final = """
select t.allocation_id, t.order_id, t.location_id, t.target, t.started_at, t.stage, t.pick_due_at,
  t.pack_due_at, t.dispatch_due_at, t.picked_at, t.packed_at, t.dispatched_at, t.paused_at, t.next_due_at,
  t.breached, l.code, a.state,
  case when a.state in ('packed', 'shipped') then coalesce(k.picked_at, p.packed_at, t.picked_at)
    when a.state = 'picking' and k.left = 0 then k.picked_at end,
  case when a.state in ('packed', 'shipped') then coalesce(p.packed_at, t.packed_at) end,
  case when a.state = 'shipped' then coalesce(p.gone_at, t.dispatched_at) end
from warehouse_timer t join allocation_allocation a on a.id = t.allocation_id
join stock_location l on l.id = t.location_id
left join lateral (
  select max(x.picked_at) as picked_at, count(*) filter (where x.state = 'to_pick') as left
  from warehouse_pick x where x.order_id = t.order_id and x.allocation_id = t.allocation_id) k
  on a.state in ('picking', 'packed', 'shipped')
left join lateral (
  select max(y.packed_at) as packed_at, max(y.handed_over_at) as gone_at
  from warehouse_parcel y where y.order_id = t.order_id and y.allocation_id = t.allocation_id) p
  on a.state in ('packed', 'shipped')
where t.stage in ('pick', 'pack', 'dispatch') order by t.allocation_id
"""
_COLUMNS = """allocation_id bigint, order_id bigint, location_id int, target text, started_at timestamptz,
  stage text, pick_due_at timestamptz, pack_due_at timestamptz, dispatch_due_at timestamptz,
  picked_at timestamptz, packed_at timestamptz, dispatched_at timestamptz, paused_at timestamptz,
  next_due_at timestamptz, breached text"""
KEEP: Final = f"""
insert into warehouse_timer (allocation_id, order_id, location_id, target, started_at, stage, pick_due_at,
  pack_due_at, dispatch_due_at, picked_at, packed_at, dispatched_at, paused_at, next_due_at, breached)
select * from jsonb_to_recordset(%s::jsonb) as n({_COLUMNS}) order by allocation_id
on conflict (allocation_id) do update set stage = excluded.stage, pick_due_at = excluded.pick_due_at,
  pack_due_at = excluded.pack_due_at, dispatch_due_at = excluded.dispatch_due_at,
  picked_at = excluded.picked_at, packed_at = excluded.packed_at, dispatched_at = excluded.dispatched_at,
  paused_at = excluded.paused_at, next_due_at = excluded.next_due_at, breached = excluded.breached
"""  # noqa: S608 - constants only
BREACH: Final = """
insert into warehouse_timer_breach (allocation_id, stage, due_at, met_at, because)
select allocation_id, stage, due_at, met_at, because from jsonb_to_recordset(%s::jsonb) as n(
  allocation_id bigint, stage text, due_at timestamptz, met_at timestamptz, because text)
on conflict (allocation_id, stage) do nothing
"""
MARK: Final = """
insert into warehouse_timer_mark (allocation_id, stage, begun_at, done_at)
select allocation_id, stage, begun_at, done_at from jsonb_to_recordset(%s::jsonb) as n(
  allocation_id bigint, stage text, begun_at timestamptz, done_at timestamptz)
"""


class Run(NamedTuple):
    """Timers started, changed otherwise, and stages found late for the first time."""

    started: int
    changed: int
    breached: int


@transaction.atomic
def run_timers(*, at: datetime, by: str) -> Run:
    """Bring every timer to this moment, in a constant number of statements. Reads what the floor did and
    locks none of it: a minute later it looks again."""
    sql.run(LOCK)
    hours = {code: _hours(site, at) for code, _, site in all_sites(at=at)}
    started = list(_started(hours, at))
    if started:
        sql.run(KEEP, (sql.rows(started),))
    changed, late, marked = [], [], []
    for *known, code, state, picked_at, packed_at, gone_at in sql.run(RUNNING):
        timer = Timer(*known)
        if code not in hours:
            continue  # the site is worked no more
        now, breaches = step(timer, Facts(state, picked_at, packed_at, gone_at), hours[code], at)
        if now != timer:
            changed.append(now)
            marked += [{"allocation_id": now.allocation_id, **one._asdict()} for one in marks(timer, now)]
        late += [(now, one) for one in breaches]
    if changed:
        sql.run(KEEP, (sql.rows(changed),))
    if marked:
        sql.run(MARK, (sql.rows(marked),))
    if late:
        sql.run(
            BREACH,
            (sql.rows({"allocation_id": timer.allocation_id, **one._asdict()} for timer, one in late),),
        )
        emit([_told(timer, one, at, by) for timer, one in late])
    return Run(len(started), len(changed), len(late))


def _started(hours: Mapping[str, Hours], at: datetime) -> Iterator[Timer]:
    targets = in_force(TARGETS).content
    asked = {"since": at - LOOKED_BACK, "limit": STARTED_MAX}
    for allocation_id, order_id, location_id, code, channel, priority, start, ship_by in sql.run(NEW, asked):
        target = target_for(targets, site=code, channel=channel, priority=priority)
        if target is not None and code in hours:
            timer = Timer(allocation_id, order_id, location_id, target.name, start)
            yield begun(timer, target, hours[code], ship_by)


def _hours(site: Site, at: datetime) -> Hours:
    """Its working days from two weeks ago on: each is looked up once a run."""
    first = site.today(at) - 2 * LOOKED_BACK
    holidays = holidays_between(site.country, site.region, first, first + timedelta(days=DAYS_MAX))
    known: dict[date, bool] = {}

    def works(day: date) -> bool:
        if day not in known:
            known[day] = works_on(site.calendars, day, holidays)[0]
        return known[day]

    return Hours(site.timezone, works)


def _told(timer: Timer, breach: Breach, at: datetime, by: str) -> TimerBreached:
    return TimerBreached(
        subject=f"order:SO-{timer.order_id}",
        at=at,
        actor=by,
        order_id=timer.order_id,
        allocation_id=timer.allocation_id,
        stage=breach.stage,
        due_at=breach.due_at,
        because=breach.because,
    )
