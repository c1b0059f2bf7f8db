"""What people see of sites that others work: where orders are, who is late or silent, what differs."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.queries.reports import Report
from quartermaster.inbox.rules import is_silent

ROWS_MAX = 200

SITES = """
select row_to_json(f)::text from (
  select l.code as site, c.slug as connection, c.kind, t.is_active and c.is_active as is_active,
    t.answer_hours, t.ship_hours, t.snapshot_hours, t.settle_up_to, t.heard_at, t.asked_at, t.snapshot_at,
    t.failures, t.because, h.gap_s, coalesce(h.times, 0) as times,
    coalesce(o.queued, 0) as queued, coalesce(o.sent, 0) as sent, coalesce(o.acknowledged, 0) as acknowledged,
    coalesce(o.late, 0) as late, coalesce(o.unclear, 0) as unclear,
    (select count(*) from outside_drift d join outside_report r on r.id = d.report_id
     where r.site_id = t.location_id and d.settled_at is null) as drifts,
    (select count(*) from outside_receipt r
     where r.site_id = t.location_id and r.booked_at is null) as receipts,
    (select count(*) from outside_unread u where u.site_id = t.location_id and u.seen_at is null) as unread
  from outside_site t join stock_location l on l.id = t.location_id
  join inbox_connection c on c.id = t.connection_id
  left join lateral (
    select count(*) as times, percentile_disc(0.95) within group (order by g.gap_s) as gap_s from (
      select extract(epoch from at - lead(at) over (order by at desc)) as gap_s from outside_heard
      where site_id = t.location_id order by at desc limit 100) g) h on true
  left join lateral (
    select count(*) filter (where x.state = 'queued') as queued,
      count(*) filter (where x.state = 'sent') as sent,
      count(*) filter (where x.state = 'acknowledged') as acknowledged,
      count(*) filter (where x.because <> '') as unclear,
      count(*) filter (where x.state in ('queued', 'sent')
          and x.asked_at < %(now)s - t.answer_hours * interval '1 hour'
        or x.state = 'acknowledged'
          and x.acknowledged_at < %(now)s - t.ship_hours * interval '1 hour') as late
    from outside_order x
    where x.site_id = t.location_id and x.state in ('queued', 'sent', 'acknowledged')) o on true
  where %(site)s::text is null or l.code = %(site)s
  order by l.code) f
"""
# How long each step took of late: from events that happened, not from what was planned.
TIMES = """
select count(*) filter (where x.acknowledged_at is not null),
  percentile_cont(0.9) within group (order by extract(epoch from x.acknowledged_at - x.asked_at))
    filter (where x.acknowledged_at is not null),
  count(*) filter (where x.state = 'shipped'),
  percentile_cont(0.9) within group (order by extract(epoch from p.handed_over_at - x.asked_at))
    filter (where x.state = 'shipped'),
  count(*) filter (where x.acknowledged_at <= x.asked_at + t.answer_hours * interval '1 hour')
from outside_order x join outside_site t on t.location_id = x.site_id
join stock_location l on l.id = x.site_id
left join lateral (
  select max(w.handed_over_at) as handed_over_at from outside_shipment s
  join warehouse_parcel w on w.id = s.parcel_id where s.outside_id = x.id) p on true
where l.code = %(site)s and x.asked_at > %(now)s - interval '30 days'
"""
CODES = "select l.code from outside_site t join stock_location l on l.id = t.location_id order by 1"
ORDERS = """
select row_to_json(f)::text from (
  select x.reference, 'SO-' || x.order_id as "order", l.code as site, x.state, x.cancel, x.theirs, x.because,
    x.asked_at, x.sent_at, x.acknowledged_at, x.settled_at,
    (select count(*) from outside_shipment s where s.outside_id = x.id) as parcels,
    (select coalesce(sum((i->>'quantity')::bigint), 0)
     from jsonb_array_elements(x.content->'items') i) as units,
    case when x.state in ('queued', 'sent') then x.asked_at + t.answer_hours * interval '1 hour'
         when x.state = 'acknowledged' then x.acknowledged_at + t.ship_hours * interval '1 hour' end as due_at
  from outside_order x join stock_location l on l.id = x.site_id
  join outside_site t on t.location_id = x.site_id where {which} order by {turn} limit %(most)s) f
"""
OPEN = ORDERS.format(
    which="l.code = %(site)s and x.state in ('queued', 'sent', 'acknowledged')", turn="x.asked_at, x.id"
)
OF_ORDER = ORDERS.format(which="x.order_id = %(order)s", turn="x.id")
DRIFTS = """
select row_to_json(f)::text from (
  select d.id, s.code as sku, s.title, d.ours, d.theirs, d.causes, r.taken_at, r.reference as report
  from outside_drift d join outside_report r on r.id = d.report_id join catalog_sku s on s.id = d.sku_id
  join stock_location l on l.id = r.site_id
  where l.code = %s and d.settled_at is null order by abs(d.theirs - d.ours) desc, s.code limit %s) f
"""
RECEIPTS = """
select row_to_json(f)::text from (
  select r.id, r.reference, r.received_at, r.items, r.because, r.notice from outside_receipt r
  join stock_location l on l.id = r.site_id
  where l.code = %s and r.booked_at is null order by r.received_at limit %s) f
"""
UNREAD = """
select row_to_json(f)::text from (
  select u.id, u.what, u.because, u.told_at from outside_unread u join stock_location l on l.id = u.site_id
  where l.code = %s and u.seen_at is null order by u.id desc limit %s) f
"""


class SiteSeen(msgspec.Struct, frozen=True):
    """A site that others work. Hours are terms; counts are of open orders and of what waits for a person."""

    site: str
    connection: str
    kind: str
    is_active: bool
    answer_hours: int
    ship_hours: int
    snapshot_hours: int
    settle_up_to: int | None
    heard_at: datetime | None
    asked_at: datetime | None
    snapshot_at: datetime | None
    failures: int
    because: str
    gap_s: float | None
    times: int
    queued: int
    sent: int
    acknowledged: int
    late: int
    unclear: int
    drifts: int
    receipts: int
    unread: int
    is_silent: bool = False


class Times(msgspec.Struct, frozen=True):
    """Of the orders of the last 30 days: how many were acknowledged, in what time 9 of 10 of them were, how
    many within the terms; and the same from being sent until the last parcel left. Seconds."""

    acknowledged: int
    answer_s: float | None
    shipped: int
    ship_s: float | None
    in_time: int


class OrderSeen(msgspec.Struct, frozen=True):
    """What an outside site was sent of an order. `due_at`: the next step is late after it."""

    reference: str
    order: str
    site: str
    state: str
    cancel: str
    theirs: str
    because: str
    asked_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    settled_at: datetime | None
    parcels: int
    units: int
    due_at: datetime | None


class CauseSeen(msgspec.Struct, frozen=True):
    kind: str
    units: int
    because: str


class DriftSeen(msgspec.Struct, frozen=True):
    """A difference nobody has decided. `causes` add up to theirs - ours."""

    id: int
    sku: str
    title: str
    ours: int
    theirs: int
    causes: tuple[CauseSeen, ...]
    taken_at: datetime
    report: str

    @property
    def units(self) -> int:
        return self.theirs - self.ours

    @property
    def proposed(self) -> int:
        """Units a counter-entry is proposed for."""
        return sum(cause.units for cause in self.causes if cause.kind in ("missing", "unexplained"))


class ItemSeen(msgspec.Struct, frozen=True):
    sku: str
    quantity: int
    is_damaged: bool = False


class ReceiptSeen(msgspec.Struct, frozen=True):
    """Units they say came in, which nobody booked here."""

    id: int
    reference: str
    received_at: datetime
    items: tuple[ItemSeen, ...]
    because: str
    notice: str = ""


class UnreadSeen(msgspec.Struct, frozen=True):
    id: int
    what: str
    because: str
    told_at: datetime


def sites(now: datetime, site: str | None = None) -> list[SiteSeen]:
    """By code. One statement."""
    found = [msgspec.json.decode(row[0], type=SiteSeen) for row in sql.run(SITES, {"now": now, "site": site})]
    return [msgspec.structs.replace(one, is_silent=_silent(one, now)) for one in found]


def _silent(one: SiteSeen, now: datetime) -> bool:
    if one.heard_at is None or not one.is_active:
        return False
    return is_silent((now - one.heard_at).total_seconds(), gap_s=one.gap_s, messages=one.times)


def one_site(code: str, now: datetime) -> SiteSeen:
    """Raises NotFound."""
    for one in sites(now, code):
        return one
    raise NotFound(what="outside site", which=code)


def times(code: str, now: datetime) -> Times:
    ((acknowledged, answer_s, shipped, ship_s, in_time),) = sql.run(TIMES, {"site": code, "now": now})
    return Times(acknowledged, answer_s, shipped, ship_s, in_time)


def times_of(code: str) -> Report[Times]:
    """Of a site."""
    return Report("outside.times", code, Times, lambda at: times(code, at))


def all_times() -> list[Report[Times]]:
    """Of every site that others work."""
    return [times_of(code) for (code,) in sql.run(CODES)]


def open_orders(code: str) -> list[OrderSeen]:
    """The longest there first, ROWS_MAX at most."""
    rows = sql.run(OPEN, {"site": code, "most": ROWS_MAX})
    return [msgspec.json.decode(row[0], type=OrderSeen) for row in rows]


def of_order(order_id: int) -> list[OrderSeen]:
    """What outside sites were sent of an order, oldest first."""
    rows = sql.run(OF_ORDER, {"order": order_id, "most": ROWS_MAX})
    return [msgspec.json.decode(row[0], type=OrderSeen) for row in rows]


def drifts(code: str) -> list[DriftSeen]:
    """The largest first, ROWS_MAX at most."""
    return [msgspec.json.decode(row[0], type=DriftSeen) for row in sql.run(DRIFTS, (code, ROWS_MAX))]


def receipts(code: str) -> list[ReceiptSeen]:
    return [msgspec.json.decode(row[0], type=ReceiptSeen) for row in sql.run(RECEIPTS, (code, ROWS_MAX))]


def unread(code: str) -> list[UnreadSeen]:
    return [msgspec.json.decode(row[0], type=UnreadSeen) for row in sql.run(UNREAD, (code, ROWS_MAX))]
