"""Parcels that are with a carrier: those whose promise is still open, and those nobody hears of."""

from datetime import date, datetime
from typing import Final, NamedTuple

from msgspec import json

from quartermaster.allocation.rules.transit import Transit
from quartermaster.core import sql


class Together(NamedTuple):
    """Parcels that left a site on one day, for one place, promised for one moment. region: of the lane that
    was learned, "" for all of the country."""

    location_id: int
    country: str
    region: str
    left_on: date
    due_at: datetime
    promised_on: date | None  # None: a moment was promised, not a day
    parcels: list[int]


# What is out for delivery or waits to be fetched needs no forecast.
OPEN: Final = """
select p.location_id, o.ship_to->>'country', coalesce(o.ship_to->>'region', ''),
  (t.handed_over_at at time zone l.timezone)::date, t.due_at, p.promised_on,
  array_agg(t.parcel_id order by t.parcel_id)
from tracking_track t join warehouse_parcel p on p.id = t.parcel_id join orders_order o on o.id = p.order_id
join stock_location l on l.id = p.location_id
where t.delivered_at is null and t.handed_over_at is not null and t.due_at > %(at)s
  and t.status in ('pre_transit', 'accepted', 'in_transit', 'unknown', 'exception')
  and o.ship_to->>'country' <> ''
group by 1, 2, 3, 4, 5, 6
"""
LEARNED: Final = "select location_id, country, region, arrived::text, waiting::text from allocation_transit"
# No sign of life since: neither a scan nor, where there never was one, the hand-over.
SILENT: Final = """
select t.parcel_id, case when t.first_scan_at is null then t.handed_over_at else t.last_scan_at end
from tracking_track t
where t.delivered_at is null and t.handed_over_at is not null
  and t.status in ('pre_transit', 'accepted', 'in_transit', 'out_for_delivery', 'unknown', 'exception')
  and (t.first_scan_at is not null and t.last_scan_at between %(since)s and %(until)s
    or t.first_scan_at is null and t.handed_over_at between %(since)s and %(until)s)
order by t.parcel_id limit %(limit)s
"""
FOUND: Final = """
select c.id from shipping_claim c join tracking_track t on t.parcel_id = c.parcel_id
where c.kind = 'lost' and c.state = 'open' and c.raised_by = %s and t.delivered_at is not null order by c.id
"""


def with_open_promise(*, at: datetime) -> list[Together]:
    return [Together._make(row) for row in sql.run(OPEN, {"at": at})]


def learned() -> dict[tuple[int, str, str], Transit]:
    """(site id, country, region or "") -> what was seen of the lane."""
    return {
        (site, country, region): Transit(tuple(json.decode(arrived)), tuple(json.decode(waiting)))
        for site, country, region, arrived, waiting in sql.run(LEARNED)
    }


def silent(*, since: datetime, until: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Parcels with their last sign of life, which lies between the two moments."""
    return [(row[0], row[1]) for row in sql.run(SILENT, {"since": since, "until": until, "limit": limit})]


def found_again(by: str) -> list[int]:
    """Claims that `by` proposed for parcels that have been delivered since, and that nobody has sent."""
    return [row[0] for row in sql.run(FOUND, (by,))]
