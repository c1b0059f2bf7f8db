"""A site's day for its lead: who works on what, how fast, and which cut-offs are at risk."""

from datetime import datetime, timedelta
from typing import NamedTuple

from quartermaster.core import sql

PAUSE_S = 600  # a longer gap between two picks is not work


class Person(NamedTuple):
    """One person's picks of the last 12 hours. lines: picks; worked_s: time between picks,
    gaps above ten minutes left out; on_list: a list under way."""

    by: str
    lines: int
    units: int
    worked_s: float
    last_at: datetime
    on_list: int | None

    @property
    def lines_per_hour(self) -> float | None:
        """None when there is too little to tell: less than five minutes of work."""
        return 3600 * self.lines / self.worked_s if self.worked_s >= 300 else None


class CutOff(NamedTuple):
    """Orders that leave at one moment: to_pick, picking, packed; `pace`: orders picked in the last hour."""

    ship_by: datetime
    to_pick: int
    picking: int
    packed: int
    pace: int

    def is_at_risk(self, at: datetime) -> bool:
        """More is to be picked than the last hour's pace brings until then; what is past due always is."""
        left = self.to_pick + self.picking
        if self.ship_by <= at:
            return left + self.packed > 0
        return left > self.pace * ((self.ship_by - at) / timedelta(hours=1))


CREW = """
with mine as (
  select k.picked_by as by, k.picked, k.picked_at, k.picked_at - lag(k.picked_at)
    over (partition by k.picked_by order by k.picked_at, k.id) as gap
  from warehouse_pick_list l join warehouse_pick k on k.pick_list_id = l.id
  where l.location_id = (select id from stock_location where code = %(site)s)
    and l.made_at > %(at)s::timestamptz - interval '24 hours'
    and k.picked_at > %(at)s::timestamptz - interval '12 hours' and k.picked_by <> '')
select by, count(*), sum(picked)::bigint,
  coalesce(sum(extract(epoch from gap)) filter (where gap <= %(pause)s * interval '1 second'), 0)::float8,
  max(picked_at),
  (select max(l.id) from warehouse_pick_list l where l.picker = by and l.state = 'picking'
    and l.location_id = (select id from stock_location where code = %(site)s))
from mine group by by order by count(*) desc, by
"""
CUT_OFFS = """
select a.ship_by, count(*) filter (where a.state = 'released'), count(*) filter (where a.state = 'picking'),
  count(*) filter (where a.state = 'packed'), (
    select count(distinct k.order_id)
    from warehouse_pick_list l join warehouse_pick k on k.pick_list_id = l.id
    where l.location_id = max(a.location_id) and l.made_at > %(at)s::timestamptz - interval '24 hours'
      and k.picked_at > %(at)s::timestamptz - interval '1 hour')
from allocation_allocation a join stock_location s on s.id = a.location_id and s.code = %(site)s
where a.state in ('released', 'picking', 'packed') and a.ship_by is not null
group by a.ship_by order by a.ship_by limit 20
"""


def crew(site: str, *, at: datetime) -> list[Person]:
    """Who picked at a site in the last 12 hours, the most lines first."""
    return [Person._make(row) for row in sql.run(CREW, {"site": site, "at": at, "pause": PAUSE_S})]


def cut_offs(site: str, *, at: datetime) -> list[CutOff]:
    """The next 20 moments at which something of a site leaves, with what is not gone yet."""
    return [CutOff._make(row) for row in sql.run(CUT_OFFS, {"site": site, "at": at})]
