"""How many parcels each carrier was handed and has not scanned in the time it is given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from quartermaster.core import sql
from quartermaster.tracking.queries.silence import LANES, hours, least

UNSCANNED: Final = f"""
with {LANES}, asked as (
  select * from unnest(%(carriers)s::text[], %(since)s::timestamptz[]) as a (carrier, since))
select a.carrier, count(*) from asked a
join warehouse_parcel p on p.carrier = a.carrier and p.state = 'handed_over'
join tracking_track t on t.parcel_id = p.id
where t.delivered_at is null and t.status not in ('return_to_sender', 'cancelled') and t.first_scan_at is null
  and t.handed_over_at > a.since
  and t.handed_over_at < %(at)s - make_interval(hours => {least("no_scan_hours")})
  and t.handed_over_at < %(at)s - make_interval(hours => {hours("no_scan_hours")})
group by a.carrier
"""  # noqa: S608 - constants only


def unscanned(since: Mapping[str, datetime], *, at: datetime) -> dict[str, int]:
    """By carrier, of what it was handed since that moment; one that scans is absent."""
    asked = {"carriers": list(since), "since": list(since.values()), "at": at}
    return dict(sql.run(UNSCANNED, asked)) if since else {}
