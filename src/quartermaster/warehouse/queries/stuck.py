"""Work of a site that nobody goes on with."""

from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql


class StuckWork(NamedTuple):
    """Something that nobody has touched for longer than it takes. kind: list, parcel, label, arrival,
    put_back, count; by: who had it last."""

    kind: str
    id: int
    since: datetime
    by: str
    location: str


STUCK = """
with place as (select id, code from stock_location where code = %(site)s)
select found.kind, found.id, found.since, found.by, place.code from place cross join lateral (
  (select 'list' as kind, l.id, l.picker as by, interval '45 minutes' as after, coalesce(
      (select max(k.picked_at) from warehouse_pick k where k.pick_list_id = l.id),
      l.started_at, l.made_at) as since
   from warehouse_pick_list l where l.location_id = place.id and l.state = 'picking')
  union all
  (select 'parcel', p.id, '', interval '1 hour', p.made_at
   from warehouse_parcel p where p.location_id = place.id and p.state = 'packing')
  union all
  (select 'label', p.id, p.packed_by, interval '30 minutes', p.packed_at
   from warehouse_parcel p where p.location_id = place.id and p.state = 'packed')
  union all
  (select 'arrival', a.id, '', interval '4 hours', coalesce(
      (select max(r.at) from inbound_receipt r where r.arrival_id = a.id), a.made_at)
   from inbound_arrival a where a.location_id = place.id and a.state = 'receiving')
  union all
  (select 'put_back', b.id, '', interval '4 hours', b.at
   from warehouse_put_back b where b.location_id = place.id and b.done_at is null)
  union all
  (select 'count', t.id, '', interval '24 hours', t.at from warehouse_count_task t
   where t.location_id = place.id and t.done_at is null and t.state = 'approval')
) found where found.since < %(at)s::timestamptz - found.after order by found.since limit 30
"""


def stuck_work(site: str, *, at: datetime) -> list[StuckWork]:
    """What lies longer than it takes at a site, the longest first; 30 at most."""
    return [StuckWork._make(row) for row in sql.run(STUCK, {"site": site, "at": at})]
