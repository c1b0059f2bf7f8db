"""What needs an eye on the way to the receiver: late, about to be, silent, stuck, lost, in trouble."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.care import Cared
from quartermaster.core.pages import BadCursor, Page, position_at, told_at
from quartermaster.core.queries import setting
from quartermaster.tracking.queries.silence import LANES, MATCHES, hours, least
from quartermaster.tracking.rules.risk import LOST_DAYS
from quartermaster.warehouse.queries.care import LATE_AS, CareShown, parcels, parts
from quartermaster.warehouse.rules.care import Row

LOST_AFTER: Final = "late.lost_days"  # a setting; LOST_DAYS where nobody set it
LOST_DAYS_SQL: Final = f"""coalesce(
  (select value::text::int from core_setting where key = '{LOST_AFTER}'), {LOST_DAYS})"""  # noqa: S608


class Late(msgspec.Struct, frozen=True):
    """A parcel, or a part of an order that is still in the house (then parcel is None and id that of its
    allocation).

    since: the moment from which it counts as late, by the kind asked for; minutes_late: whole minutes since.
    promised_by: the promised moment, or the end of the promised day. worth_minor: the total of its order.
    because: why it will likely be late, or by which rule it is silent for too long. care: None while nobody
    said anything of it.
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
    because: str = ""
    care: CareShown | None = None

    @property
    def row(self) -> str:
        """What names it when something is said of it: P-17, or A-33 for a part that is in the house."""
        return f"A-{self.id}" if self.is_in_the_house else f"P-{self.id}"


class Part(NamedTuple):
    """One of the statements that a list is made of, and how it names its rows: by ladder, and by what is
    their id. `/*show*/` in it is where the care of a row, `/*only*/` where chosen ones are looked at."""

    text: str
    cared: Cared
    ladder: str
    row: str


# Of these sites; where none is named nobody looks for one.
_AT = "s.id = {0}.location_id and s.code = any(%(sites)s)"
_PARCEL_HERE = f"""(%(sites)s::text[] is null or exists (
    select from warehouse_parcel y join stock_location s on {_AT.format("y")} where y.id = t.parcel_id))"""
_PART_HERE = f"(%(sites)s::text[] is null or exists (select from stock_location s where {_AT.format('a')}))"
_UNDER_WAY = "t.handed_over_at is not null and t.status not in ('return_to_sender', 'cancelled')"
_SILENT = "{} <= %(now)s::timestamptz - make_interval(hours => {})"
_STATES = "a.state in ('waiting', 'released', 'picking', 'packed')"


def _tracked(kind: str, since: str, these: str, *, allowed: str = "0", at_least: str = "0") -> Part:
    """Each takes its page from an index that holds nothing but what is not settled; `since` is its first
    column. allowed: hours that a row may be silent; at_least: those that every row may."""
    cared = parcels(kind, since)
    by_lane = "" if allowed == at_least else f"and {_SILENT.format(since, allowed)}"
    return Part(
        f"""
select t.parcel_id as id, {since} as since, false as is_in_the_house, {allowed} as allowed_hours,
  {cared.told(LATE_AS)} as care
from tracking_track t
where t.delivered_at is null and {these} and {_PARCEL_HERE} and {since} >= %(since)s
  and {_SILENT.format(since, at_least)} {by_lane}
  and ({since}, t.parcel_id, false) > (%(since)s, %(id)s, %(house)s) /*show*/ /*only*/
order by {since}, t.parcel_id limit %(limit)s
""",  # noqa: S608 - constants only
        cared,
        "P",
        "t.parcel_id",
    )


def _in_the_house(kind: str, since: str) -> Part:
    cared = parts(kind, since)
    return Part(
        f"""
select a.id, {since} as since, true as is_in_the_house, 0 as allowed_hours, {cared.told(LATE_AS)} as care
from allocation_allocation a
where {_STATES} and {_PART_HERE} and a.ship_by <= %(now)s and {since} between %(since)s and %(now)s
  and ({since}, a.id, true) > (%(since)s, %(id)s, %(house)s) /*show*/ /*only*/
order by {since}, a.id limit %(limit)s
""",  # noqa: S608 - constants only
        cared,
        "A",
        "a.id",
    )


def _foreseen() -> Part:
    cared = parcels("foreseen", "r.foreseen_at")
    return Part(
        f"""
select t.parcel_id as id, r.foreseen_at as since, false as is_in_the_house, 0 as allowed_hours,
  {cared.told(LATE_AS)} as care
from tracking_risk r join tracking_track t on t.parcel_id = r.parcel_id
where t.delivered_at is null and {_PARCEL_HERE} and r.due_at > %(now)s
  and r.foreseen_at between %(since)s and %(now)s
  and (r.foreseen_at, r.parcel_id, false) > (%(since)s, %(id)s, %(house)s) /*show*/ /*only*/
order by r.foreseen_at, r.parcel_id limit %(limit)s
""",  # noqa: S608 - constants only
        cared,
        "P",
        "t.parcel_id",
    )


def _silent(kind: str, since: str, these: str, name: Literal["no_scan_hours", "stuck_hours"]) -> Part:
    """By the lane of the parcel, or by the hours that were asked for."""
    return _tracked(
        kind,
        since,
        f"{these} and {_UNDER_WAY}",
        allowed=f"coalesce(%(hours)s::int, {hours(name)})",
        at_least=f"coalesce(%(hours)s::int, {least(name)})",
    )


_LOST: Final = f"""{_UNDER_WAY} and t.first_scan_at is {{}} null
  and t.status in ('pre_transit', 'accepted', 'in_transit', 'out_for_delivery', 'unknown', 'exception')"""
_TROUBLE: Final = "t.status in ('exception', 'return_to_sender')"
_DAYS: Final = "%(lost_days)s::int * 24"
KINDS: Final = {
    "late": (_tracked("late", "t.due_at", _UNDER_WAY), _in_the_house("late", "a.promised_by")),
    "will_be_late": (_in_the_house("will_be_late", "a.ship_by"),),
    "no_scan": (_silent("no_scan", "t.handed_over_at", "t.first_scan_at is null", "no_scan_hours"),),
    "stuck": (_silent("stuck", "t.last_scan_at", "t.status <> 'exception'", "stuck_hours"),),
    "lost": (
        _tracked("lost", "t.last_scan_at", _LOST.format("not"), allowed=_DAYS, at_least=_DAYS),
        _tracked("lost", "t.handed_over_at", _LOST.format(""), allowed=_DAYS, at_least=_DAYS),
    ),
    "foreseen": (_foreseen(),),
    "exceptions": (_tracked("exceptions", "t.last_scan_at", _TROUBLE),),
}
_LANE: Final = MATCHES.format(carrier="coalesce(p.carrier, '')", country="o.ship_to->>'country'")
_PAGE: Final = f"""
with {LANES}, found as (/*kind*/), page as (
  select * from found order by since, id, is_in_the_house limit %(limit)s)
select row_to_json(r)::text from (
  select page.id, 'P-' || p.id as parcel, 'SO-' || o.id as order, coalesce(l.code, '') as location,
    coalesce(p.carrier, '') as carrier, coalesce(p.tracking_number, '') as tracking_number,
    coalesce(t.status, a.state) as status, coalesce(p.promised_on, a.promised_on) as promised_on,
    coalesce(t.due_at, a.promised_by) as promised_by, coalesce(p.ship_by, a.ship_by) as ship_by,
    t.handed_over_at, t.last_scan_at, page.since,
    floor(extract(epoch from %(now)s - page.since) / 60)::bigint - 60 * page.allowed_hours as minutes_late,
    o.total_minor as worth_minor, o.currency, page.is_in_the_house, page.care,
    case when lane.name is null then coalesce(r.because, '') else
      'Silent for ' || floor(extract(epoch from %(now)s - page.since) / 3600) || ' h; "' || lane.name
      || '" of version ' || lane.version || ' allows ' || page.allowed_hours || ' h' end as because
  from page
  left join warehouse_parcel p on not page.is_in_the_house and p.id = page.id
  left join tracking_track t on t.parcel_id = p.id
  left join tracking_risk r on r.parcel_id = p.id and r.due_at > %(now)s
  left join allocation_allocation a on page.is_in_the_house and a.id = page.id
  join orders_order o on o.id = coalesce(p.order_id, a.order_id)
  left join stock_location l on l.id = coalesce(p.location_id, a.location_id)
  left join lateral (select x.lane->>'name' as name, x.version from lanes x
    where %(by_lane)s and {_LANE} order by x.place limit 1) lane on true
  order by page.since, page.id, page.is_in_the_house) r
"""  # noqa: S608 - constants only
_late = msgspec.json.Decoder(Late)


def late(
    kind: str,
    *,
    at: datetime,
    sites: Sequence[str] = (),
    show: str = "all",
    assignee: str = "",
    only: Sequence[Row] | None = None,
    after: str = "",
    limit: int = 50,
    silent_hours: int | None = None,
    stuck_days: int | None = None,
) -> Page[Late]:
    """The longest late first. kind: a key of KINDS. sites: only what leaves these, none: all. show: one of
    core.care.SHOWS; assignee: only theirs. only: none but these rows.

    late: the promised day is over and it is not delivered. will_be_late: it should have been handed over.
    no_scan, stuck: the carrier has told nothing since the hand-over, since the last scan, for longer than its
    lane allows, or for `silent_hours`, `stuck_days`. lost: for the days after which a claim is proposed.
    foreseen: on its way, and likelier late than not by what its lane does. exceptions: the carrier reports
    trouble or brings it back. Raises BadCursor.
    """
    asked = {"no_scan": silent_hours, "stuck": None if stuck_days is None else 24 * stuck_days}.get(kind)
    since, last_id, in_house = _position(after)
    wanted = {
        "now": at,
        "sites": list(sites) or None,
        "since": since,
        "id": last_id,
        "house": in_house,
        "limit": limit + 1,
        "hours": asked,
        "lost_days": int(setting(LOST_AFTER) or LOST_DAYS) if kind == "lost" else LOST_DAYS,
        "by_lane": kind in ("no_scan", "stuck") and asked is None,
        "assignee": assignee,
        "P": [row.id for row in only or () if row.ladder == "P"],
        "A": [row.id for row in only or () if row.ladder == "A"],
    }
    query = statement(kind, show, is_chosen=only is not None)
    found = [_late.decode(row[0]) for row in sql.run(query, wanted)]
    return Page(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else None)


def statement(kind: str, show: str = "all", *, is_chosen: bool = False) -> str:
    """What reads a page of a list."""
    found = " union all ".join(f"({_with_conditions(part, show, is_chosen)})" for part in KINDS[kind])
    return _PAGE.replace("/*kind*/", found)


def _with_conditions(part: Part, show: str, is_chosen: bool) -> str:
    only = f"and {part.row} = any(%({part.ladder})s)" if is_chosen else ""
    shown = f"and {part.cared.shown(show)} and {part.cared.theirs}"
    return part.text.replace("/*show*/", shown).replace("/*only*/", only)


def _cursor(one: Late) -> str:
    return f"{told_at(one.since, one.id)}-{int(one.is_in_the_house)}"


def _position(cursor: str) -> tuple[datetime, int, bool]:
    before, _, house = cursor.rpartition("-")
    if cursor and (house not in ("0", "1") or not before):
        raise BadCursor(cursor=repr(cursor[:40]))
    return *position_at(before), house == "1"
