"""How long carriers may be silent: the versions, and the one in force as a part of other statements."""

from typing import Final, Literal

import msgspec

from quartermaster.core.queries.versions import Document
from quartermaster.tracking.rules.silence import FIRST, Silence

SILENCE: Final = Document(
    "How long carriers may be silent",
    "tracking_silence",
    "lanes",
    Silence,
    FIRST,
    "What we start with: a first scan within 24 hours, and one every five days.",
)
# One row a lane, in the order in which they are tried.
LANES: Final = f"""
lanes as materialized (
  select e.place, e.lane, n.version
  from (select version, lanes from tracking_silence
        union all select {FIRST.version}, '{msgspec.json.encode(FIRST).decode()}'::jsonb
        order by version desc limit 1) n,
    jsonb_array_elements(n.lanes->'lanes') with ordinality as e(lane, place))
"""  # noqa: S608 - constants only
MATCHES: Final = """(x.lane->'carriers' = '[]' or x.lane->'carriers' ? lower({carrier}))
  and (x.lane->'countries' = '[]' or x.lane->'countries' ? ({country}))"""
_OF_PARCEL: Final = MATCHES.format(carrier="coalesce(y.carrier, '')", country="z.ship_to->>'country'")


def hours(name: Literal["no_scan_hours", "stuck_hours"], parcel: str = "t.parcel_id") -> str:
    """What the first lane that matches a parcel allows. Needs LANES."""
    return f"""(select (x.lane->>'{name}')::int from lanes x, warehouse_parcel y
    join orders_order z on z.id = y.order_id where y.id = {parcel} and {_OF_PARCEL}
    order by x.place limit 1)"""  # noqa: S608 - constants only


def least(name: Literal["no_scan_hours", "stuck_hours"]) -> str:
    """What the strictest lane allows: what is younger than that need not be looked at. Needs LANES."""
    return f"(select min((x.lane->>'{name}')::int) from lanes x)"  # noqa: S608 - constants only
