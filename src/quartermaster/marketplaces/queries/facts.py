"""What each measure counts: rows by country and day of the marketplace, and among them those that may be
defects, with what is known of each. One statement for a measure of a shop, whatever the number of orders."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from quartermaster.core import sql
from quartermaster.marketplaces.rules.judging import Found
from quartermaster.marketplaces.rules.terms import Counts, Dated, Measure, Terms
from quartermaster.marketplaces.rules.zones import NAMES, ZONES

_NAMES, _ZONES = (msgspec.json.encode(one).decode() for one in (NAMES, ZONES))
_ROAD = timedelta(days=60)  # a parcel is promised for a day not longer after it left, or after the order
_SOLD = timedelta(days=180)
_EDGE = timedelta(days=2)  # days of a zone begin before or after those of UTC

_COUNTRY = "coalesce(%(names)s::jsonb ->> lower(o.detail ->> 'marketplace'), %(first)s)"
# Amazon's own parcels are its own business, and a pending order is none yet.
_OURS = """o.connection_id = %(connection)s and not o.is_test and o.payment_state <> 'pending'
  and upper(coalesce(o.detail ->> 'fulfilled_by', '')) <> 'AMAZON'"""
_SHIP_BY = "(o.detail ->> 'ship_by')::timestamptz"
_DELIVER_BY = """coalesce(nullif(split_part(o.detail ->> 'delivery_window', ' to ', 2), '')::timestamptz,
    o.promised_by, p.promised_by)"""
_DAYS = """
dated as (
  select r.*, (r.at at time zone coalesce(%(zones)s::jsonb ->> r.country, 'UTC'))::date as day_on from rows r
  where r.at is not null)
select country, day_on, sum(weight)::bigint, coalesce(jsonb_agg(jsonb_build_object(
    'order', order_id, 'weight', weight) || told) filter (where told is not null), '[]')::text
from dated where day_on between %(from)s and %(to)s group by 1, 2
"""
_ORDERS = f"""
o as materialized (
  select o.id, o.placed_at, o.cancelled_at, o.cancelled_because, o.detail, {_COUNTRY} as country
  from orders_order o
  where o.placed_at >= %(since)s and o.placed_at < %(until)s and {_OURS}),
"""  # noqa: S608 - parts of ours

DEFECTIVE = f"""
with {_ORDERS} d as (
  select d.order_id, jsonb_agg(jsonb_build_object('kind', d.kind, 'outcome', d.outcome, 'happened_at',
    d.happened_at, 'stars', d.stars)) as found
  from marketplaces_defect d where exists (select from o where o.id = d.order_id) group by 1),
rows as (
  select o.country, o.placed_at as at, o.id as order_id, 1::bigint as weight,
    case when d.order_id is not null then jsonb_build_object('defects', d.found) end as told
  from o left join d on d.order_id = o.id),
{_DAYS}"""  # noqa: S608 - parts of ours

# A parcel is confirmed when the shop took the word of it; where nobody tells the shop, when it left. Those of
# imported history know by when they were to leave; those of our own know only what we wanted.
SHIPPED = f"""
with {_ORDERS} p as (
  select p.order_id, count(*) as parcels, max(case when s.parcel_id is null then p.handed_over_at
      when s.state = 'told' then s.settled_at end) as last_at,
    count(*) filter (where p.handed_over_at is not null and s.parcel_id is not null and s.state <> 'told')
      as untold, min(p.ship_by) filter (where p.allocation_id is null) as ship_by
  from warehouse_parcel p left join channels_shipment s on s.parcel_id = p.id
  where p.state = 'handed_over' and exists (select from o where o.id = p.order_id) group by 1),
l as (
  select l.order_id, sum(greatest(l.wanted - greatest(l.shipped, l.fulfilled), 0))::bigint as units
  from orders_line l where l.is_shippable and exists (select from o where o.id = l.order_id) group by 1),
due as (
  select o.*, coalesce({_SHIP_BY}, p.ship_by) as due, coalesce(p.parcels, 0) as parcels, p.last_at,
    coalesce(p.untold, 0) as untold, coalesce(l.units, 0) as units
  from o left join p on p.order_id = o.id left join l on l.order_id = o.id),
rows as (
  select country, {{at}} as at, id as order_id, 1::bigint as weight, case when last_at > due
    or due < %(now)s and (units > 0 or untold > 0) then jsonb_build_object('due', due, 'parcels', parcels,
      'last_at', last_at, 'untold', untold, 'left', units) end as told
  from due),
{_DAYS}"""  # noqa: S608 - parts of ours

CANCELLED = f"""
with {_ORDERS} l as (
  select l.order_id, sum(l.ordered)::bigint as units, sum(l.cancelled_here)::bigint as here,
    sum(greatest(l.cancelled_here, l.cancelled_there))::bigint as off
  from orders_line l where exists (select from o where o.id = l.order_id) group by 1),
rows as (
  select o.country, o.placed_at as at, o.id as order_id, greatest({{whole}}, 1)::bigint as weight,
    case when o.cancelled_at is not null or l.off > 0 then jsonb_build_object('weight', {{part}},
      'here', l.here, 'asked', exists (select from orders_hold h where h.order_id = o.id
        and h.kind = 'channel' and h.because like '%%The buyer asks %%to cancel%%'),
      'because', coalesce(nullif(o.cancelled_because, ''), (select a.because from orders_adjustment a
        where a.order_id = o.id order by a.id desc limit 1), '')) end as told
  from o join l on l.order_id = o.id),
{_DAYS}"""  # noqa: S608 - parts of ours

_PARCELS = f"""
p as materialized (
  select p.id, p.order_id, p.handed_over_at, p.tracking_number, t.first_scan_at, t.delivered_at,
    {_COUNTRY} as country, {_DELIVER_BY} as due
  from warehouse_parcel p join orders_order o on o.id = p.order_id
  left join tracking_track t on t.parcel_id = p.id
  where p.handed_over_at >= %(left_since)s and p.handed_over_at < %(until)s and p.state = 'handed_over'
    and {_OURS}),
"""  # noqa: S608 - parts of ours
TRACKED = f"""
with {_PARCELS} rows as (
  select country, {{at}} as at, order_id, 1::bigint as weight,
    case when tracking_number = '' or first_scan_at is null then jsonb_build_object('reference', 'P-' || id,
      'tracking_number', tracking_number, 'left_at', handed_over_at) end as told
  from p),
{_DAYS}"""  # noqa: S608 - parts of ours
ARRIVED = f"""
with {_PARCELS} i as (
  select i.parcel_id, sum(i.line_units)::bigint as units from warehouse_parcel_item i
  where exists (select from p where p.id = i.parcel_id) group by 1),
rows as (
  select p.country, p.due as at, p.order_id, case when p.delivered_at is null then 0
      else greatest({{units}}, 1) end::bigint as weight,
    case when p.delivered_at > p.due or p.delivered_at is null and p.due < %(now)s
      then jsonb_build_object('reference', 'P-' || p.id, 'due', p.due, 'last_at', p.delivered_at,
      'weight', greatest({{units}}, 1), 'tried_at', (select min(s.at) from tracking_scan s
        where s.parcel_id = p.id and s.status = 'available_for_pickup')) end as told
  from p left join i on i.parcel_id = p.id where p.tracking_number <> ''),
{_DAYS}"""  # noqa: S608 - parts of ours

COUNTRIES = f"""
select distinct {_COUNTRY} from orders_order o where o.placed_at >= %(since)s and {_OURS} order by 1
"""  # noqa: S608 - parts of ours

_AT: Final = {
    Dated.PLACED: "placed_at",
    Dated.SHIP_BY: "due",
    Dated.LEFT: "handed_over_at",
    Dated.PROMISED: "due",
}
_PARTS: Final = {Counts.ORDER: ("1", "1"), Counts.UNIT: ("l.units", "greatest(l.off, 1)")}
_found = msgspec.json.Decoder(list[Found])


class Days(msgspec.Struct, frozen=True):
    """A day of a country: n counted, and those of it that may be defects."""

    country: str
    on: date
    n: int
    found: Sequence[Found]


def countries(connection_id: int, *, first_country: str, at: datetime) -> list[str]:
    """Those a shop sold in lately."""
    asked = {
        "names": _NAMES,
        "first": first_country,
        "connection": connection_id,
        "since": at - _SOLD,
    }
    return [country for (country,) in sql.run(COUNTRIES, asked)]


def days(
    measure: Measure,
    terms: Terms,
    *,
    connection_id: int,
    first_country: str,
    from_on: date,
    to_on: date,
    at: datetime,
) -> list[Days]:
    """Those from `from_on` to `to_on` that have rows. first_country: of orders that do not name theirs."""
    begin = datetime.combine(from_on, datetime.min.time(), tzinfo=at.tzinfo) - _EDGE
    end = datetime.combine(to_on, datetime.min.time(), tzinfo=at.tzinfo) + _EDGE
    asked: dict[str, object] = {
        "names": _NAMES,
        "zones": _ZONES,
        "first": first_country,
        "connection": connection_id,
        "since": begin - (_ROAD if terms.dated_by is Dated.SHIP_BY else timedelta(0)),
        "left_since": begin - (_ROAD if terms.dated_by is Dated.PROMISED else timedelta(0)),
        "until": end,
        "from": from_on,
        "to": to_on,
        "now": at,
    }
    query = _query(measure, terms)
    named = {name: value for name, value in asked.items() if f"%({name})s" in query}
    return [
        Days(country, on, n, _found.decode(found))
        for country, on, n, found in sql.run(query, named, prepare=False)
    ]


def _query(measure: Measure, terms: Terms) -> str:
    moment = _AT[terms.dated_by]
    whole, part = _PARTS.get(terms.counts, ("1", "1"))
    queries: Mapping[Measure, str] = {
        Measure.ODR: DEFECTIVE,
        Measure.LSR: SHIPPED.replace("{at}", moment),
        Measure.RTD: SHIPPED.replace("{at}", moment),
        Measure.CR: CANCELLED.replace("{whole}", whole).replace("{part}", part),
        Measure.VTR: TRACKED.replace("{at}", moment),
        Measure.OTDR: ARRIVED.replace("{units}", "i.units" if terms.counts is Counts.UNIT else "1"),
    }
    return queries[measure]
