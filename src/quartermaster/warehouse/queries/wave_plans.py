"""Waves that are being planned, and what came of the last one asked for."""

from datetime import datetime
from typing import Final, NamedTuple

from quartermaster.core import sql

PLAN: Final = """
select p.id, p.state, p.step, p.because, p.wave_id, p.made_by, p.made_at from warehouse_wave_plan p
where p.location_id = %(site)s and (p.state in ('waiting', 'planning') or p.id = %(id)s)
order by p.state in ('waiting', 'planning') desc limit 1
"""


class PlanShown(NamedTuple):
    """state: waiting | planning | done | nothing | failed. step: what is being done; because: why there is no
    wave."""

    id: int
    state: str
    step: str
    because: str
    wave_id: int | None
    made_by: str
    made_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "planning")


def plan_under_way(site: int, plan_id: int | None = None) -> PlanShown | None:
    """The plan of a site that is under way; else the one asked about, if it is the site's."""
    return next((PlanShown(*row) for row in sql.run(PLAN, {"site": site, "id": plan_id})), None)
