"""Parcels whose scans have changed are added up anew; what is new about them is told."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec.structs import asdict

from quartermaster.core import sql
from quartermaster.core.events import Event, emit
from quartermaster.events import ParcelDelivered, ParcelReturning, ParcelScanned, ParcelUndelivered
from quartermaster.tracking.rules import ON_PAPER, Scan, Track, due, fold

LOCK = "select id from orders_order where id = any(%s) order by id for no key update"
PARCELS = """
select p.id, p.order_id, case when p.state = 'handed_over' then p.handed_over_at end, p.promised_on,
  p.promised_by, t.handed_over_at, t.due_at,
  t.status, t.first_scan_at, t.last_scan_at, t.delivered_at, t.delivered_recorded_at
from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id where p.id = any(%s)
"""
SCANS = "select parcel_id, key, at, status, recorded_at from tracking_scan where parcel_id = any(%s)"
KEEP = """
insert into tracking_track (parcel_id, status, first_scan_at, last_scan_at, delivered_at,
  delivered_recorded_at, handed_over_at, due_at)
select * from jsonb_to_recordset(%s::jsonb) as t(parcel_id bigint, status text, first_scan_at timestamptz,
  last_scan_at timestamptz, delivered_at timestamptz, delivered_recorded_at timestamptz,
  handed_over_at timestamptz, due_at timestamptz)
on conflict (parcel_id) do update set status = excluded.status, first_scan_at = excluded.first_scan_at,
  last_scan_at = excluded.last_scan_at, delivered_at = excluded.delivered_at,
  delivered_recorded_at = excluded.delivered_recorded_at, handed_over_at = excluded.handed_over_at,
  due_at = excluded.due_at
"""


class Followed(NamedTuple):
    """A parcel as it is, and what was known of it."""

    id: int
    order_id: int
    handed_over_at: datetime | None
    promised_on: date | None
    promised_by: datetime | None
    was_handed_over_at: datetime | None
    was_due_at: datetime | None
    before: Track | None


def lock(order_ids: Iterable[int]) -> None:
    """The orders of the parcels, lowest id first: what is told of one order is added up one after another."""
    sql.run(LOCK, (sorted(set(order_ids)),))


def refold(parcel_ids: Collection[int], *, at: datetime, by: str, source: str = "") -> dict[int, Track]:
    """Add up the scans of these parcels, whose orders are locked. Three statements and what is told."""
    ids = sorted(set(parcel_ids))
    told: dict[int, list[Scan]] = {parcel_id: [] for parcel_id in ids}
    for parcel_id, *scan in sql.run(SCANS, (ids,)):
        told[parcel_id].append(Scan(*scan))
    now: dict[int, Track] = {}
    changed: list[Mapping[str, object]] = []
    news: list[Event] = []
    for row in sql.run(PARCELS, (ids,)):
        parcel = Followed._make((*row[:7], Track(*row[7:]) if row[7] is not None else None))
        track = now[parcel.id] = fold(told[parcel.id])
        due_at = due(parcel.promised_on, parcel.promised_by)
        known = (parcel.before, parcel.was_handed_over_at, parcel.was_due_at)
        if (track, parcel.handed_over_at, due_at) != known:
            changed.append(
                {
                    "parcel_id": parcel.id,
                    **asdict(track),
                    "handed_over_at": parcel.handed_over_at,
                    "due_at": due_at,
                }
            )
        news += _news(parcel, track, at=at, by=by, source=source)
    if changed:
        sql.run(KEEP, (sql.rows(changed),))
    emit(news)
    return now


def _news(parcel: Followed, track: Track, *, at: datetime, by: str, source: str) -> Iterable[Event]:
    """What others have to hear: delivered, not delivered after all, or another status on the way."""
    before = parcel.before or Track()
    told: dict[str, Any] = {
        "subject": f"order:SO-{parcel.order_id}",
        "actor": by,
        "source": source,
        "order_id": parcel.order_id,
        "parcel_id": parcel.id,
    }
    if before.delivered_at is None and track.delivered_at is not None:
        yield ParcelDelivered(**told, at=track.delivered_at)
    elif before.delivered_at is not None and track.delivered_at is None:
        yield ParcelUndelivered(**told, at=track.last_scan_at or at, status=track.status)
    elif before.status != track.status and track.status not in ON_PAPER:
        yield ParcelScanned(**told, at=track.last_scan_at or at, status=track.status)
    if track.status == "return_to_sender" != before.status:
        yield ParcelReturning(**told, at=track.last_scan_at or at)
