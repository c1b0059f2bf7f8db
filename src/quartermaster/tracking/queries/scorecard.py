"""How well carriers did: what became of the parcels they were given in the last days, and what it cost."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from quartermaster.core import sql
from quartermaster.core.queries.reports import Report

FIRST_SCAN_H = 24
WINDOWS: Final = (14, 30, 90)  # days: those that pages offer
type By = Literal["carrier", "service", "lane"]
BY: Final[tuple[By, ...]] = ("carrier", "service", "lane")
_KEYS: Final[dict[str, tuple[str, str, str]]] = {  # service, site and country: told apart, or all in one
    "carrier": ("''", "''", "''"),
    "service": ("service", "''", "''"),
    "lane": ("''", "site", "country"),
}


class Score(msgspec.Struct, frozen=True):
    """Parcels handed over in the window. Each share is a count beside the count it is of.

    on_time of due: their promise has passed or they have arrived. first_time of delivered: nothing went wrong
    and nobody had to fetch it. scanned of owed_scan: a scan within 24 h of the hand-over, of those that long
    gone. transit_days: median from hand-over to delivery. lost, damaged: claimed so. cost_minor of priced
    labels, weight_g of those that were priced and weighed and cost_of_weight_minor with it. Parcels without
    a price (imported ones) stand with those of the currency most labels beside them have.
    """

    carrier: str
    service: str
    site: str
    country: str
    currency: str
    parcels: int
    delivered: int
    due: int
    on_time: int
    first_time: int
    owed_scan: int
    scanned: int
    in_trouble: int
    returned: int
    lost: int
    damaged: int
    transit_days: float | None
    priced: int
    cost_minor: int
    weight_g: int
    cost_of_weight_minor: int


_SCORES: Final = """
with claimed as (
  select parcel_id, kind from shipping_claim where state <> 'dropped' and parcel_id is not null),
sent as (
  select p.carrier, p.service, coalesce(s.code, '') as site,
    coalesce(o.ship_to ->> 'country', '') as country, coalesce(l.currency, '') as currency,
    t.status, t.delivered_at, coalesce(p.promised_by, t.due_at) as due_at, t.first_scan_at,
    p.handed_over_at, l.cost_minor, p.weight_g,
    t.delivered_at is not null and not exists (
      select from tracking_scan x where x.parcel_id = p.id and x.at < t.delivered_at
        and x.status in ('exception', 'available_for_pickup')) as is_first_time,
    p.id in (select parcel_id from claimed where kind = 'lost') as is_lost,
    p.id in (select parcel_id from claimed where kind = 'damaged') as is_damaged
  from warehouse_parcel p
  join tracking_track t on t.parcel_id = p.id
  join orders_order o on o.id = p.order_id
  left join stock_location s on s.id = p.location_id
  left join lateral (
    select x.cost_minor, x.currency from shipping_label x
    where x.parcel_id = p.id and x.state = 'bought' order by x.id desc limit 1) l on true
  where p.handed_over_at > %(since)s and p.handed_over_at <= %(at)s and p.carrier <> ''),
keyed as (
  select sent.*, {service} as by_service, {site} as by_site, {country} as by_country from sent),
usual as (
  select carrier, by_service, by_site, by_country,
    mode() within group (order by currency) filter (where currency <> '') as usual_currency
  from keyed group by 1, 2, 3, 4)
select row_to_json(r)::text from (
  select carrier, by_service as service, by_site as site, by_country as country,
    coalesce(nullif(currency, ''), usual_currency, '') as currency, count(*) as parcels,
    count(delivered_at) as delivered,
    count(*) filter (where is_due) as due,
    count(*) filter (where is_due and delivered_at <= due_at) as on_time,
    count(*) filter (where is_first_time) as first_time,
    count(*) filter (where owes_scan) as owed_scan,
    count(*) filter (where owes_scan and first_scan_at <= handed_over_at + %(scan)s) as scanned,
    count(*) filter (where status = 'exception') as in_trouble,
    count(*) filter (where status = 'return_to_sender') as returned,
    count(*) filter (where is_lost) as lost, count(*) filter (where is_damaged) as damaged,
    round((percentile_cont(0.5) within group (order by extract(epoch from delivered_at - handed_over_at))
      / 86400)::numeric, 1)::float as transit_days,
    count(cost_minor) as priced, coalesce(sum(cost_minor), 0)::bigint as cost_minor,
    coalesce(sum(weight_g) filter (where cost_minor is not null), 0)::bigint as weight_g,
    coalesce(sum(cost_minor) filter (where weight_g is not null), 0)::bigint as cost_of_weight_minor
  from (select *, due_at is not null and (delivered_at is not null or due_at < %(at)s) as is_due,
      handed_over_at + %(scan)s < %(at)s as owes_scan
    from keyed join usual using (carrier, by_service, by_site, by_country)) x
  group by 1, 2, 3, 4, 5 order by parcels desc, 1, 2, 3, 4) r
"""
_score = msgspec.json.Decoder(Score)


def scorecard(by: By = "carrier", *, at: datetime, days: int) -> list[Score]:
    """The busiest first; a carrier that charged in two currencies has a row for each."""
    service, site, country = _KEYS[by]
    query = _SCORES.format(service=service, site=site, country=country)
    asked = {"at": at, "since": at - timedelta(days=days), "scan": timedelta(hours=FIRST_SCAN_H)}
    return [_score.decode(found) for (found,) in sql.run(query, asked)]


def scores(by: By, days: int) -> Report[list[Score]]:
    return Report(
        "tracking.scorecard", f"{by} {days}", list[Score], lambda at: scorecard(by, at=at, days=days)
    )


SCORES: Final = tuple(scores(by, days) for by in BY for days in WINDOWS)
