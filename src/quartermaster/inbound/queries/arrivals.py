"""Arrivals: what is expected, what came, and how long it lay on the dock."""

from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position


class ArrivalHead(msgspec.Struct, frozen=True):
    """state: expected | receiving | received | cancelled. dock_to_stock_minutes: from the arrival, or else
    the first scan, until all of it was put away; null while it is not."""

    id: str
    number: str
    location: str
    kind: str
    state: str
    supplier: str
    reference: str
    transfer: str | None
    expected_on: date | None
    qc_percent: int
    expected: int
    received: int
    damaged: int
    to_check: int
    to_store: int
    arrived_at: datetime | None
    first_scan_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    stored_at: datetime | None
    dock_to_stock_minutes: int | None


class LineShown(msgspec.Struct, frozen=True):
    """short and over: units against what was expected."""

    sku: str
    title: str
    expected: int
    received: int
    damaged: int

    @property
    def short(self) -> int:
        return max(0, self.expected - self.received)

    @property
    def over(self) -> int:
        return max(0, self.received - self.expected)


class ReceiptShown(msgspec.Struct, frozen=True):
    """to_check: units nobody has looked at yet."""

    id: str
    sku: str
    quantity: int
    damaged: int
    to_check: int
    passed: int
    failed: int
    stored: int
    lot: str
    serial: str
    place: str
    because: str
    photos: list[str]
    at: datetime
    by: str


class ArrivalShown(ArrivalHead, frozen=True):
    lines: tuple[LineShown, ...]
    receipts: tuple[ReceiptShown, ...]


HEADS = """
select row_to_json(x)::text from (
  select a.id::text as id, 'IN-' || a.id as number, l.code as location, a.kind, a.state, a.supplier,
    a.reference, 'TR-' || a.transfer_id as transfer,
    a.expected_on, a.qc_percent, n.expected, n.received, n.damaged,
    r.to_check, r.to_store, a.arrived_at, a.first_scan_at, a.closed_at, a.closed_because, a.stored_at,
    floor(extract(epoch from a.stored_at - coalesce(a.arrived_at, a.first_scan_at)) / 60)::int
      as dock_to_stock_minutes
  from inbound_arrival a join stock_location l on l.id = a.location_id
  cross join lateral (
    select coalesce(sum(expected), 0)::bigint as expected, coalesce(sum(received), 0)::bigint as received,
      coalesce(sum(damaged), 0)::bigint as damaged
    from inbound_arrival_line where arrival_id = a.id) n
  cross join lateral (
    select coalesce(sum(qc - passed - failed), 0)::bigint as to_check,
      coalesce(sum(quantity - damaged - qc + passed - stored), 0)::bigint as to_store
    from inbound_receipt where arrival_id = a.id) r
  where (%(only)s::bigint is null or a.id = %(only)s) and (%(location)s = '' or l.code = %(location)s)
    and (%(states)s::text[] is null or a.state = any(%(states)s))
    and (%(after)s::bigint is null or a.id < %(after)s)
  order by a.id desc limit %(limit)s) x
"""
LINES = """
select s.code, s.title, l.expected, l.received, l.damaged from inbound_arrival_line l
join catalog_sku s on s.id = l.sku_id where l.arrival_id = %s order by s.code
"""
RECEIPTS = """
select r.id::text, s.code, r.quantity, r.damaged, r.qc - r.passed - r.failed, r.passed, r.failed,
  r.stored, r.lot, r.serial,
  p.code, r.because, array(select f.id::text from inbound_photo f where f.receipt_id = r.id order by f.id),
  r.at, r.by
from inbound_receipt r join catalog_sku s on s.id = r.sku_id join stock_place p on p.id = r.place_id
where r.arrival_id = %s order by r.id desc limit 500
"""
_head = msgspec.json.Decoder(ArrivalHead)
OPEN = ("expected", "receiving")


def arrivals(
    *, location: str = "", states: tuple[str, ...] = (), after: str = "", limit: int = LIMIT
) -> Page[ArrivalHead]:
    """Newest first."""
    asked = {"only": None, "location": location, "states": list(states) or None}
    rows = sql.run(HEADS, {**asked, "after": position(after), "limit": limit + 1})
    return cut([_head.decode(text) for (text,) in rows], limit, lambda one: int(one.id))


def arrival_shown(arrival_id: int) -> ArrivalShown:
    """One with its lines and its newest 500 receipts. Raises NotFound."""
    asked = {"only": arrival_id, "location": "", "states": None, "after": None, "limit": 1}
    for (text,) in sql.run(HEADS, asked):
        lines = tuple(LineShown(*row) for row in sql.run(LINES, (arrival_id,)))
        receipts = tuple(ReceiptShown(*row) for row in sql.run(RECEIPTS, (arrival_id,)))
        head = msgspec.structs.asdict(_head.decode(text))
        return ArrivalShown(**head, lines=lines, receipts=receipts)
    raise NotFound(what="arrival", which=f"IN-{arrival_id}")


def photo(photo_id: int) -> tuple[str, bytes]:
    """The kind and the bytes of a photo. Raises NotFound."""
    found = sql.run("select kind, body from inbound_photo where id = %s", (photo_id,), binary=True)
    for kind, body in found:
        return kind, bytes(body)
    raise NotFound(what="photo", which=photo_id)
