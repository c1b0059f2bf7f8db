"""Remember deliveries of the past, in batches of plain structs: nobody is woken.

Each call is one transaction and a constant number of statements, for thousands of deliveries at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import record
from quartermaster.core.kept import Became, Kept
from quartermaster.events import ParcelDelivered
from quartermaster.tracking.rules.history import PastDelivery

# The filters stand apart from the joins: together the planner would take them for so few rows that it
# compared each with each. A delivery is one scan; the track of a parcel that
# is delivered is its delivery.
REMEMBER: Final = """
with found as materialized (
  select t.*, p.id as parcel_id, p.order_id, p.handed_over_at,
    o.detail ? 'history' and p.external_id <> '' and t.external_id in ('', p.external_id) as is_meant
  from jsonb_to_recordset(%(told)s::jsonb) as t(
    n int, "order" text, external_id text, at timestamptz, place text, message text)
  join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"
  join warehouse_parcel p on p.order_id = o.id),
told as materialized (select * from found where is_meant),
old as (
  select t.n, s.id, s.at, s.parcel_id from told t join tracking_scan s
    on s.parcel_id = t.parcel_id and s.key = 'import:delivered'),
fresh as (
  insert into tracking_scan (parcel_id, key, at, status, place, message, source, recorded_at)
  select parcel_id, 'import:delivered', at, 'delivered', place, message, 'import', %(at)s from told
  where not exists (select from old where old.parcel_id = told.parcel_id) order by parcel_id
  on conflict (parcel_id, key) do nothing
  returning parcel_id),
changed as (
  update tracking_scan s set at = t.at, place = t.place, message = t.message, recorded_at = %(at)s
  from told t join old using (n, parcel_id)
  where s.id = old.id and (s.at, s.place, s.message) is distinct from (t.at, t.place, t.message)
  returning s.parcel_id),
track as (
  insert into tracking_track (
    parcel_id, status, first_scan_at, last_scan_at, delivered_at, delivered_recorded_at, handed_over_at)
  select parcel_id, 'delivered', at, at, at, %(at)s, handed_over_at from told
  where parcel_id in (select parcel_id from fresh union all select parcel_id from changed)
  order by parcel_id
  on conflict (parcel_id) do update set
    status = excluded.status, delivered_at = excluded.delivered_at,
    first_scan_at = least(tracking_track.first_scan_at, excluded.first_scan_at),
    last_scan_at = greatest(tracking_track.last_scan_at, excluded.last_scan_at),
    delivered_recorded_at = excluded.delivered_recorded_at)
select told.n, told.parcel_id, told.order_id, fresh.parcel_id is not null, changed.parcel_id is not null
from told left join fresh using (parcel_id) left join changed using (parcel_id)
order by told.order_id, told.parcel_id
"""

# Of an order that is said to be settled nothing is under way. A promised day is over as in rules.due.
UNDER_WAY: Final = """
insert into tracking_track (parcel_id, status, handed_over_at, due_at)
select p.id, 'pre_transit', p.handed_over_at,
  coalesce(p.promised_by, (p.promised_on + 1)::timestamp at time zone 'UTC' + interval '12 hours')
from warehouse_parcel p join orders_order o on o.id = p.order_id
where p.id = any(%s) and p.external_id <> '' and p.state = 'handed_over' and p.handed_over_at is not null
  and o.detail->'history'->>'state' not in ('delivered', 'returned', 'cancelled')
order by p.id
on conflict (parcel_id) do update set handed_over_at = excluded.handed_over_at, due_at = excluded.due_at
where tracking_track.delivered_at is null
  and (tracking_track.handed_over_at, tracking_track.due_at)
    is distinct from (excluded.handed_over_at, excluded.due_at)
"""


def remember_under_way(parcel_ids: Iterable[int]) -> None:
    """Follow those of these parcels of the past that have left and are not known to have arrived: without
    any scan, until a carrier tells one. One statement; running it twice changes nothing."""
    if ids := sorted(set(parcel_ids)):
        sql.run(UNDER_WAY, (ids,))


@transaction.atomic
def remember_deliveries(
    told: Sequence[PastDelivery], *, connection_id: int, at: datetime, by: str, source: str = ""
) -> list[tuple[int, Kept]]:
    """Keep when parcels arrived that are remembered already. Answers with each parcel that it changed
    something about, and the place in `told` it was told at; one that names no parcel changes nothing. `at`
    is when we learn of it."""
    rows = [{"n": n, **msgspec.structs.asdict(one)} for n, one in enumerate(told)]
    found = sql.run(REMEMBER, {"told": sql.rows(rows), "connection": connection_id, "at": at})
    record(
        ParcelDelivered(
            subject=f"order:SO-{order_id}",
            at=told[n].at,
            actor=by,
            source=source,
            order_id=order_id,
            parcel_id=parcel_id,
        )
        for n, parcel_id, order_id, is_new, _ in found
        if is_new
    )
    return [
        (n, Kept(parcel_id, Became.NEW if is_new else Became.CHANGED))
        for n, parcel_id, _, is_new, is_changed in found
        if is_new or is_changed
    ]
