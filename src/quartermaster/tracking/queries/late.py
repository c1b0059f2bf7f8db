"""What needs somebody's eye on the way to the receiver: late, about to be, silent, stuck, in trouble."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import BadCursor, Page

SILENT_HOURS, STUCK_DAYS = 24, 5
_CURSOR = re.compile(r"(-?[0-9]{1,17})-(0|[1-9][0-9]{0,17})-([01])")
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Late(msgspec.Struct, frozen=True):
    """A parcel, or a part of an order that is still in the house (then parcel is None and id that of its
    allocation).

    since: the moment from which it counts as late, by the kind asked for; minutes_late: whole minutes since.
    promised_by: the promised moment, or the end of the promised day. worth_minor: the total of its order.
    """

    id: int
    parcel: str | None
    order: str
    location: str
    carrier: str
    tracking_number: str
    status: str  # of tracking, or the state of the allocation
    promised_on: date | None
    promised_by: datetime | None
    ship_by: datetime | None
    handed_over_at: datetime | None
    last_scan_at: datetime | None
    since: datetime
    minutes_late: int
    worth_minor: int
    currency: str
    is_in_the_house: bool
    because: str = ""  # why it will likely be late


# Each takes its page from an index that holds nothing but what is not settled; {since} is its first column.
_TRACKED = """
select t.parcel_id as id, {since} as since, false as is_in_the_house from tracking_track t
where t.delivered_at is null and {{these}} and {{here}} and {since} between %(since)s and %(until)s
  and ({since}, t.parcel_id, false) > (%(since)s, %(id)s, %(house)s)
order by {since}, t.parcel_id limit %(limit)s
"""
# Of these sites; where none is named nobody looks for one.
_AT = "s.id = {0}.location_id and s.code = any(%(sites)s)"
_PARCEL_HERE = f"""(%(sites)s::text[] is null or exists (
    select from warehouse_parcel y join stock_location s on {_AT.format("y")} where y.id = t.parcel_id))"""
_PART_HERE = f"(%(sites)s::text[] is null or exists (select from stock_location s where {_AT.format('a')}))"
_UNDER_WAY = "t.handed_over_at is not null and t.status not in ('return_to_sender', 'cancelled')"
_OVERDUE = _TRACKED.format(since="t.due_at").format(these=_UNDER_WAY, here=_PARCEL_HERE)
_STATES = "a.state in ('waiting', 'released', 'picking', 'packed')"
_HOUSE = f"""
select a.id, {{since}} as since, true as is_in_the_house from allocation_allocation a
where {_STATES} and {_PART_HERE} and a.ship_by <= %(until)s and {{since}} between %(since)s and %(until)s
  and ({{since}}, a.id, true) > (%(since)s, %(id)s, %(house)s)
order by {{since}}, a.id limit %(limit)s
"""  # noqa: S608 - constants only
KINDS: Final = {
    "late": f"({_OVERDUE}) union all ({_HOUSE.format(since='a.promised_by')})",
    "will_be_late": _HOUSE.format(since="a.ship_by"),
    "no_scan": _TRACKED.format(since="t.handed_over_at").format(
        these=f"t.first_scan_at is null and {_UNDER_WAY}", here=_PARCEL_HERE
    ),
    "stuck": _TRACKED.format(since="t.last_scan_at").format(
        these=f"{_UNDER_WAY} and t.status <> 'exception'", here=_PARCEL_HERE
    ),
    "foreseen": f"""
select t.parcel_id as id, r.foreseen_at as since, false as is_in_the_house
from tracking_risk r join tracking_track t on t.parcel_id = r.parcel_id
where t.delivered_at is null and {_PARCEL_HERE} and r.due_at > %(now)s
  and r.foreseen_at between %(since)s and %(until)s
  and (r.foreseen_at, r.parcel_id, false) > (%(since)s, %(id)s, %(house)s)
order by r.foreseen_at, r.parcel_id limit %(limit)s
""",  # noqa: S608 - constants only
    "exceptions": _TRACKED.format(since="t.last_scan_at").format(
        these="t.status in ('exception', 'return_to_sender')", here=_PARCEL_HERE
    ),
}
PAGE = """
with found as ({kind}), page as (
  select * from found order by since, id, is_in_the_house limit %(limit)s)
select row_to_json(r)::text from (
  select page.id, 'P-' || p.id as parcel, 'SO-' || o.id as order, coalesce(l.code, '') as location,
    coalesce(p.carrier, '') as carrier, coalesce(p.tracking_number, '') as tracking_number,
    coalesce(t.status, a.state) as status, coalesce(p.promised_on, a.promised_on) as promised_on,
    coalesce(t.due_at, a.promised_by) as promised_by, coalesce(p.ship_by, a.ship_by) as ship_by,
    t.handed_over_at, t.last_scan_at, page.since,
    floor(extract(epoch from %(until)s - page.since) / 60)::bigint as minutes_late,
    o.total_minor as worth_minor, o.currency, page.is_in_the_house, coalesce(r.because, '') as because
  from page
  left join warehouse_parcel p on not page.is_in_the_house and p.id = page.id
  left join tracking_track t on t.parcel_id = p.id
  left join tracking_risk r on r.parcel_id = p.id and r.due_at > %(now)s
  left join allocation_allocation a on page.is_in_the_house and a.id = page.id
  join orders_order o on o.id = coalesce(p.order_id, a.order_id)
  left join stock_location l on l.id = coalesce(p.location_id, a.location_id)
  order by page.since, page.id, page.is_in_the_house) r
"""
_late = msgspec.json.Decoder(Late)


def late(
    kind: str,
    *,
    at: datetime,
    sites: Sequence[str] = (),
    after: str = "",
    limit: int = 50,
    silent_hours: int = SILENT_HOURS,
    stuck_days: int = STUCK_DAYS,
) -> Page[Late]:
    """The longest late first. kind: a key of KINDS. sites: only what leaves these, none: all.

    late: the promised day is over and it is not delivered. will_be_late: it should have been handed over.
    no_scan: handed over `silent_hours` ago, and the carrier has not told a thing. stuck: no scan for
    `stuck_days`. foreseen: on its way, and likelier late than not by what its lane does. exceptions: the
    carrier reports trouble or brings it back. Raises BadCursor.
    """
    patience = {"no_scan": timedelta(hours=silent_hours), "stuck": timedelta(days=stuck_days)}
    since, last_id, in_house = _position(after)
    wanted = {
        "now": at,
        "sites": list(sites) or None,
        "until": at - patience.get(kind, timedelta()),
        "since": since,
        "id": last_id,
        "house": in_house,
        "limit": limit + 1,
    }
    found = [_late.decode(row[0]) for row in sql.run(PAGE.format(kind=KINDS[kind]), wanted)]
    return Page(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else None)


def _cursor(one: Late) -> str:
    return f"{(one.since - _EPOCH) // timedelta(microseconds=1)}-{one.id}-{int(one.is_in_the_house)}"


def _position(cursor: str) -> tuple[datetime, int, bool]:
    if not cursor:
        return datetime.min.replace(tzinfo=_EPOCH.tzinfo), 0, False
    read = _CURSOR.fullmatch(cursor)
    if not read:
        raise BadCursor(cursor=repr(cursor[:40]))
    try:
        return _EPOCH + timedelta(microseconds=int(read[1])), int(read[2]), read[3] == "1"
    except OverflowError:
        raise BadCursor(cursor=repr(cursor[:40])) from None
