"""The carriers tell what has become of the parcels that are under way, whenever they are asked."""

from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.queries import setting
from quartermaster.demo.company.carriers import ATLAS, BAD_LANE, Way, way
from quartermaster.tracking.actions import scan
from quartermaster.tracking.ports import ScanTold

FORGOTTEN = "demo.unscanned"  # parcels that stand in a corner of a depot: nothing is ever told of them
BATCH = 1000
UNDER_WAY = """
select p.tracking_number, p.carrier, l.code, o.ship_to->>'country', o.ship_to->>'city', p.handed_over_at,
  p.promised_on
from warehouse_parcel p join orders_order o on o.id = p.order_id
join stock_location l on l.id = p.location_id
left join tracking_track t on t.parcel_id = p.id
where p.state = 'handed_over' and p.tracking_number <> '' and t.delivered_at is null
  and p.handed_over_at > %s::timestamptz - interval '40 days'
order by p.id
"""
SILENT = """
select p.tracking_number from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
where p.state = 'handed_over' and p.carrier = %s and t.first_scan_at is null and t.delivered_at is null
  and p.handed_over_at between %s::timestamptz - interval '5 days' and %s::timestamptz - interval '25 hours'
order by p.handed_over_at desc limit 7
"""


class Parcel(NamedTuple):
    number: str
    carrier: str
    site: str
    country: str
    city: str
    handed_over_at: datetime
    promised_on: date | None


def forget_some(*, at: datetime) -> None:
    """A handful of parcels is left in a depot, unscanned. Chosen once, before anything was told of them."""
    if setting(FORGOTTEN) is None:
        keep_setting(FORGOTTEN, [row[0] for row in sql.run(SILENT, (ATLAS, at, at))], at=at, by="demo")


def drive(*, at: datetime, since: datetime | None = None) -> int:
    """What has happened to parcels until now, and after `since`. Returns how many scans were told; what is
    told again changes nothing."""
    forgotten = set(setting(FORGOTTEN) or ())
    told = [
        one
        for row in sql.run(UNDER_WAY, (at,))
        if (parcel := Parcel._make(row)).number not in forgotten
        for one in news(parcel, at)
        if since is None or one.at > since
    ]
    for batch in batched(told, BATCH):
        scan(batch, at=at, by="carrier", source="demo")
    return len(told)


def news(parcel: Parcel, at: datetime) -> list[ScanTold]:
    """Everything until then, as the carrier tells it."""
    asked = Way(
        parcel.number,
        parcel.site,
        parcel.country,
        parcel.city,
        parcel.handed_over_at,
        parcel.promised_on,
        is_bad_lane=(parcel.site, parcel.country) == BAD_LANE,
    )
    return [
        ScanTold(
            at=one.at,
            tracking_number=parcel.number,
            carrier=parcel.carrier,
            status=one.status,
            message=one.message,
            place=one.place,
        )
        for one in way(asked)
        if one.at <= at
    ]
