"""A site's day for its lead: who works on what, how fast, and which cut-offs are at risk."""

from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.warehouse.rules.pace import (
    ENOUGH_S,
    CutOffLoad,
    Forecast,
    Work,
    against_mean,
    forecast,
    standards,
)

PAUSE_S = 600  # a longer gap between two scans is not work
RECENT = 50_000  # newest rows of a table that 12 hours are looked for in


class Person(NamedTuple):
    """One person's work of the last 12 hours. lines: picks, receipts, put-aways, parcels, refills, counts,
    put-backs; worked_s: time between them, gaps above ten minutes left out; on_list: a list under way;
    against_mean: how fast against the site's mean for the same mix of work."""

    by: str
    lines: int
    units: int
    worked_s: float
    last_at: datetime
    on_list: int | None
    kinds: tuple[Work, ...] = ()
    against_mean: float | None = None

    @property
    def lines_per_hour(self) -> float | None:
        """None when there is too little to tell: less than five minutes of work."""
        return 3600 * self.lines / self.worked_s if self.worked_s >= ENOUGH_S else None

    @property
    def units_per_hour(self) -> float | None:
        return 3600 * self.units / self.worked_s if self.worked_s >= ENOUGH_S else None


class CutOff(NamedTuple):
    """Orders that leave at one moment: to_pick, picking, packed; `pace`: orders picked in the last hour."""

    ship_by: datetime
    to_pick: int
    picking: int
    packed: int
    pace: int
    told: Forecast = Forecast(None, None)

    def is_at_risk(self, at: datetime) -> bool:
        """Some of it is past due, or will not be picked at the last hour's pace; without one, all of it."""
        left = self.to_pick + self.picking
        if self.ship_by <= at:
            return left + self.packed > 0
        return left > 0 if self.told.misses is None else self.told.misses > 0


CREW = """
with place as (select id from stock_location where code = %(site)s),
did as (
  select k.picked_by as by, 'pick' as kind, k.picked as units, k.picked_at as at
  from warehouse_pick k join warehouse_pick_list l on l.id = k.pick_list_id
  where k.id > (select coalesce(max(id), 0) from warehouse_pick) - %(recent)s and k.picked > 0
    and l.location_id = (select id from place)
  union all
  select p.packed_by, 'pack', coalesce((select sum(i.quantity) from warehouse_parcel_item i
    where i.parcel_id = p.id), 0), p.packed_at
  from warehouse_parcel p where p.id > (select coalesce(max(id), 0) from warehouse_parcel) - %(recent)s
    and p.location_id = (select id from place)
    and p.packed_at > %(at)s::timestamptz - interval '12 hours'
  union all
  select r.by, 'receive', r.quantity, r.at
  from inbound_receipt r join inbound_arrival a on a.id = r.arrival_id
  where r.id > (select coalesce(max(id), 0) from inbound_receipt) - %(recent)s
    and a.location_id = (select id from place)
  union all
  select w.by, 'put away', w.quantity, w.at from inbound_put_away w join stock_place s on s.id = w.source_id
  where w.id > (select coalesce(max(id), 0) from inbound_put_away) - %(recent)s
    and s.location_id = (select id from place)
  union all
  select r.done_by, 'refill', r.moved, r.done_at from warehouse_refill r
  where r.id > (select coalesce(max(id), 0) from warehouse_refill) - %(recent)s
    and r.location_id = (select id from place) and r.moved > 0
  union all
  select e.by, 'count', e.counted, e.counted_at
  from warehouse_count_entry e join warehouse_count_task t on t.id = e.task_id
  where e.id > (select coalesce(max(id), 0) from warehouse_count_entry) - %(recent)s
    and t.location_id = (select id from place) and e.by not like 'pick:%%'
  union all
  select b.done_by, 'put back', b.quantity, b.done_at from warehouse_put_back b
  where b.id > (select coalesce(max(id), 0) from warehouse_put_back) - %(recent)s
    and b.location_id = (select id from place)),
timed as (
  select by, kind, units, at, at - lag(at) over (partition by by order by at, kind) as gap
  from did where at > %(at)s::timestamptz - interval '12 hours' and by <> '')
select by, kind, count(*), sum(units)::bigint,
  count(*) filter (where gap <= %(pause)s * interval '1 second'),
  coalesce(sum(extract(epoch from gap)) filter (where gap <= %(pause)s * interval '1 second'), 0)::float8,
  max(at),
  (select max(l.id) from warehouse_pick_list l where l.picker = by and l.state = 'picking'
    and l.location_id = (select id from place))
from timed group by by, kind order by by, count(*) desc, kind
"""
CUT_OFFS = """
with pace as materialized (
  select count(distinct k.order_id) as an_hour
  from warehouse_pick_list l join warehouse_pick k on k.pick_list_id = l.id
  where l.location_id = (select id from stock_location where code = %(site)s)
    and l.made_at > %(at)s::timestamptz - interval '24 hours'
    and k.picked_at > %(at)s::timestamptz - interval '1 hour')
select a.ship_by, count(*) filter (where a.state = 'released'), count(*) filter (where a.state = 'picking'),
  count(*) filter (where a.state = 'packed'), (select an_hour from pace)
from allocation_allocation a join stock_location s on s.id = a.location_id and s.code = %(site)s
where a.state in ('released', 'picking', 'packed') and a.ship_by is not null
group by a.ship_by order by a.ship_by limit 20
"""


def crew(site: str, *, at: datetime) -> list[Person]:
    """Who worked at a site in the last 12 hours, the most lines first."""
    asked = {"site": site, "at": at, "pause": PAUSE_S, "recent": RECENT}
    found = [(Work._make(row[:6]), row[6], row[7]) for row in sql.run(CREW, asked)]
    standard = standards(work for work, _, _ in found)
    people = []
    for by, rows in groupby(found, key=lambda row: row[0].by):
        mine = list(rows)
        kinds = tuple(work for work, _, _ in mine)
        people.append(
            Person(
                by,
                sum(work.lines for work in kinds),
                sum(work.units for work in kinds),
                sum(work.worked_s for work in kinds),
                max(last for _, last, _ in mine),
                mine[0][2],
                kinds,
                against_mean(kinds, standard),
            )
        )
    return sorted(people, key=lambda one: (-one.lines, one.by))


def cut_offs(site: str, *, at: datetime) -> list[CutOff]:
    """The next 20 moments at which something of a site leaves, with what is not gone yet, and what the last
    hour's pace makes of it."""
    found = [CutOff(*row) for row in sql.run(CUT_OFFS, {"site": site, "at": at})]
    pace = found[0].pace if found else 0
    loads = [CutOffLoad(one.ship_by, one.to_pick + one.picking) for one in found]
    return [one._replace(told=told) for one, told in zip(found, forecast(loads, pace, at=at), strict=True)]
