"""The carriers tell what has become of the parcels that are under way, whenever they are asked."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.queries import setting
from quartermaster.demo.company.carriers import BAD_LANE, Way, way
from quartermaster.demo.past.story import Sent
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


class Parcel(NamedTuple):
    number: str
    carrier: str
    site: str
    country: str
    city: str
    handed_over_at: datetime
    promised_on: date | None


def forget(parcels: Sequence[Sent], *, at: datetime) -> None:
    """Of these nothing is ever told but that they were announced."""
    told = [
        ScanTold(
            at=one.handed_over_at,
            tracking_number=one.tracking_number,
            carrier=one.carrier,
            status="pre_transit",
            message="Announced by the sender",
        )
        for one in parcels
    ]
    scan(told, at=at, by="carrier", source="demo")
    keep_setting(FORGOTTEN, [one.tracking_number for one in parcels], at=at, by="demo")


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
