"""How long parcels were on the road, lane by lane, and how many promises were kept."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

import msgspec

from quartermaster.allocation.rules.transit import Lane, Place
from quartermaster.core import sql


class Seen(NamedTuple):
    """So many parcels of a lane left on one day and arrived on one. arrived_on: the receiver's day, None
    while they are on their way."""

    lane: Lane
    left_on: date
    arrived_on: date | None
    parcels: int


class Wanted(NamedTuple):
    """A lane something can be promised on: of a site to the country it has a lane to, or (region) a part of
    it."""

    location_id: int
    lane: Lane


# A parcel that comes back never arrives: it stays among those on their way.
SEEN: Final = """
select l.code, l.country, l.region, o.ship_to->>'country', coalesce(o.ship_to->>'region', ''),
  (t.handed_over_at at time zone l.timezone)::date,
  (t.delivered_at at time zone coalesce(%(zones)s::jsonb->>(o.ship_to->>'country'), 'UTC'))::date, count(*)
from tracking_track t join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
join stock_location l on l.id = p.location_id
where t.handed_over_at >= %(since)s and t.handed_over_at < %(at)s
  and (t.delivered_at >= %(since)s or t.delivered_at is null) and t.status <> 'cancelled'
  and o.ship_to->>'country' <> ''
group by 1, 2, 3, 4, 5, 6, 7
"""
LANES: Final = """
select l.id, l.code, l.country, l.region, n.country from allocation_lane n
join stock_location l on l.id = n.location_id where n.country <> '' and l.is_active order by l.code, n.country
"""
# Promises whose day fell in these two weeks, and are known to be kept or broken.
HITS: Final = """
select count(*) filter (where t.delivered_at <= t.due_at), count(*)
from tracking_track t where t.handed_over_at is not null and t.due_at >= %(since)s and t.due_at < %(at)s
  and t.status <> 'cancelled'
"""


def seen(zones: Mapping[str, str], *, since: datetime, at: datetime) -> Iterator[Seen]:
    """Parcels that left since then. zones: country -> the zone in which a day is over last."""
    told = {"zones": msgspec.json.encode(zones).decode(), "since": since, "at": at}
    for code, country, region, to, to_region, left_on, arrived_on, parcels in sql.run(SEEN, told):
        yield Seen(Lane(code, Place(country, region), Place(to, to_region)), left_on, arrived_on, parcels)


def wanted() -> list[Wanted]:
    """Every lane with a table's entry, to its country."""
    return [
        Wanted(site_id, Lane(code, Place(country, region), Place(to)))
        for site_id, code, country, region, to in sql.run(LANES)
    ]


def hits(*, since: datetime, at: datetime) -> tuple[int, int]:
    """Of the promises that fell due in between: how many were kept, and how many there were."""
    kept, all_of_them = sql.run(HITS, {"since": since, "at": at})[0]
    return kept, all_of_them
