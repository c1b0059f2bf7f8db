"""What was learned of lanes takes the place of what was known of them before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import LanesLearned

DROP: Final = """
delete from allocation_transit t where not exists (
  select from jsonb_to_recordset(%s::jsonb) as l(location_id int, country text, region text)
  where (l.location_id, l.country, l.region) = (t.location_id, t.country, t.region))
"""
KEEP: Final = """
insert into allocation_transit (location_id, country, region, days, share, n, arrived, waiting, widened,
  learned_at)
select location_id, country, region, days, share, n, arrived, waiting, widened, %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as l(location_id int, country text, region text, days int, share
float8, n int, arrived jsonb, waiting jsonb, widened text)
order by location_id, country, region
on conflict (location_id, country, region) do update set days = excluded.days, share = excluded.share,
  n = excluded.n, arrived = excluded.arrived, waiting = excluded.waiting, widened = excluded.widened,
  learned_at = excluded.learned_at
"""


class LaneSeen(NamedTuple):
    """A row of allocation_transit: see models.Transit."""

    location_id: int
    country: str
    region: str
    days: int
    share: float
    n: int
    arrived: Sequence[int]
    waiting: Sequence[int]
    widened: str


def keep_transits(lanes: Sequence[LaneSeen], *, share: float, at: datetime, by: str) -> None:
    """These lanes are known from now on, and no others: the days of tables hold for the rest. In the caller's
    transaction; what was promised stays promised."""
    sql.run("lock table allocation_transit in share row exclusive mode")
    rows = sql.rows(lane._asdict() for lane in lanes)
    sql.run(DROP, (rows,))
    sql.run(KEEP, {"rows": rows, "at": at})
    emit([LanesLearned(subject="lanes", at=at, actor=by, lanes=len(lanes), share=round(share, 4))])
