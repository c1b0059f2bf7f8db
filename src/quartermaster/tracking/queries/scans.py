"""What was told of a parcel, and what it adds up to."""

from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound


class ScanShown(msgspec.Struct, frozen=True):
    """One thing told. at: when it happened; recorded_at: when we learned of it. code: the carrier's own."""

    at: datetime
    status: str
    code: str
    message: str
    place: str
    source: str
    recorded_at: datetime


class Tracked(msgspec.Struct, frozen=True):
    """A parcel with its scans, the newest first. status: of its track, "" before it has one."""

    id: int
    order: str
    state: str
    carrier: str
    service: str
    tracking_number: str
    promised_on: date | None
    promised_by: datetime | None
    status: str
    handed_over_at: datetime | None
    first_scan_at: datetime | None
    last_scan_at: datetime | None
    delivered_at: datetime | None
    scans: tuple[ScanShown, ...]

    @property
    def parcel(self) -> str:
        return f"P-{self.id}"


PARCEL = """
select row_to_json(r)::text from (
  select p.id, 'SO-' || p.order_id as order, p.state, p.carrier, p.service, p.tracking_number, p.promised_on,
    coalesce(t.due_at, p.promised_by) as promised_by, coalesce(t.status, '') as status,
    p.handed_over_at, t.first_scan_at, t.last_scan_at, t.delivered_at,
    coalesce((select json_agg(json_build_object('at', s.at, 'status', s.status, 'code', s.code,
        'message', s.message, 'place', s.place, 'source', s.source, 'recorded_at', s.recorded_at)
        order by s.at desc, s.id desc)
      from tracking_scan s where s.parcel_id = p.id), '[]') as scans
  from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
  where p.id = any(%s) order by p.id) r
"""
_tracked = msgspec.json.Decoder(Tracked)


def tracked(parcel_ids: list[int]) -> list[Tracked]:
    """These parcels, as far as they exist, lowest id first."""
    return [_tracked.decode(row[0]) for row in sql.run(PARCEL, (parcel_ids,))]


def one(parcel_id: int) -> Tracked:
    """Raises NotFound."""
    for found in tracked([parcel_id]):
        return found
    raise NotFound(what="parcel", which=f"P-{parcel_id}")
