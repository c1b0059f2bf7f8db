"""Waves that are being planned or looked at, and what came of those asked for."""

from datetime import datetime
from typing import Final

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.warehouse.queries.waves import Decision

PLAN: Final = """
select row_to_json(f)::text from (
  select p.id, s.code as location, p.state, p.step, p.because, p.wave_id, p.made_by, p.made_at, p.ended_at,
    p.is_preview, p.found
  from warehouse_wave_plan p join stock_location s on s.id = p.location_id
  where case when %(site)s::bigint is null then p.id = %(id)s
    else p.location_id = %(site)s and not p.is_preview
      and (p.state in ('waiting', 'planning') or p.id = %(id)s) end
  order by p.state in ('waiting', 'planning') desc limit 1) f
"""


class Previewed(msgspec.Struct, frozen=True):
    """What a wave would be: how it is picked, on how many lists, and why."""

    mode: str
    routing: str
    list_count: int
    because: Decision


class PlanShown(msgspec.Struct, frozen=True):
    """state: waiting | planning | done | nothing | failed. step: what is being done; because: why there is no
    wave. found: of a preview that is done."""

    id: int
    location: str
    state: str
    step: str
    because: str
    wave_id: int | None
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    is_preview: bool
    found: Previewed | None

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "planning")


_plan = msgspec.json.Decoder(PlanShown)


def plan_under_way(site: int, plan_id: int | None = None) -> PlanShown | None:
    """The plan of a site that is under way; else the one asked about, if it is the site's. No previews."""
    return next((_plan.decode(row[0]) for row in sql.run(PLAN, {"site": site, "id": plan_id})), None)


def wave_plan(plan_id: int) -> PlanShown:
    """A plan or a preview. Raises NotFound, also for previews of long ago."""
    for (found,) in sql.run(PLAN, {"site": None, "id": plan_id}):
        return _plan.decode(found)
    raise NotFound(what="plan of a wave", which=plan_id)
