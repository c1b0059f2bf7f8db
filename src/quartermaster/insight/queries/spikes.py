"""Lanes on which parcels come late, and products that come back, far more often than others."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.insight.rules.spikes import Share, lane_words, normal, return_words, stands_out

LANE_DAYS, ROAD_DAYS, RETURN_DAYS, PAST_DAYS = 14, 30, 28, 90
ROWS_MAX = 2_000  # as many as a cause on Today counts

# By when they left, which an index knows: nothing is promised further ahead. What left us late is our own
# doing, not the carrier's.
_DUE = """
from warehouse_parcel p join tracking_track t on t.parcel_id = p.id
join orders_order o on o.id = p.order_id left join stock_location l on l.id = p.location_id
where p.handed_over_at >= %(left)s and p.handed_over_at < %(at)s and p.state = 'handed_over'
  and p.promised_by >= %(since)s and p.promised_by < %(at)s and not o.is_test
  and t.status not in ('return_to_sender', 'cancelled')
  and (p.ship_by is null or p.handed_over_at <= p.ship_by)
"""
_LATE = "(t.delivered_at is null or t.delivered_at > p.promised_by)"
_LANE = "p.carrier || ':' || coalesce(l.code, '') || ':' || coalesce(o.ship_to ->> 'country', '')"
LANES = f"""
select {_LANE}, count(*) filter (where {_LATE}), count(*) {_DUE} group by 1
"""
LANE_ROWS = f"""
select p.id {_DUE} and {_LATE} and {_LANE} = %(of)s order by p.promised_by desc, p.id desc limit %(most)s
"""

_SOLD = """
from orders_order o join orders_line l on l.order_id = o.id join catalog_sku s on s.id = l.sku_id
left join catalog_product d on d.id = s.product_id
where o.placed_at >= %(past)s and o.placed_at < %(at)s and not o.is_test and l.delivered > 0
"""
_PRODUCT = "coalesce(d.code, s.code)"
_RECENT = "o.placed_at >= %(since)s"
RETURNS = f"""
select {_PRODUCT},
  coalesce(sum(least(l.returned, l.delivered)) filter (where {_RECENT}), 0)::bigint,
  coalesce(sum(l.delivered) filter (where {_RECENT}), 0)::bigint,
  coalesce(sum(least(l.returned, l.delivered)) filter (where not {_RECENT}), 0)::bigint,
  coalesce(sum(l.delivered) filter (where not {_RECENT}), 0)::bigint
{_SOLD} group by 1
"""
RETURN_ROWS = f"""
select l.id {_SOLD} and {_RECENT} and l.returned > 0 and {_PRODUCT} = %(of)s
order by o.placed_at desc, l.id desc limit %(most)s
"""
REASON = """
select btrim(r.because), sum((x ->> 'quantity')::bigint)::bigint
from orders_line l join orders_refund r on r.order_id = l.order_id, jsonb_array_elements(r.lines) x
where l.id = any(%s) and x ->> 'line_external_id' = l.external_id and x ->> 'restock' = 'return'
  and btrim(r.because) <> ''
group by 1 order by 2 desc, 1 limit 1
"""


class Spike(NamedTuple):
    """kind: "lane" (of: carrier:site:country, ids: parcels) or "returns" (of: product, ids: order lines)."""

    kind: str
    of: str
    told: str
    ids: list[int]


def spikes(*, at: datetime) -> list[Spike]:
    """Everything that stands out at this moment, from the rows of the days that are looked at."""
    return [*_lanes(at), *_returns(at)]


def _lanes(at: datetime) -> list[Spike]:
    since = at - timedelta(days=LANE_DAYS)
    asked: dict[str, object] = {"left": since - timedelta(days=ROAD_DAYS), "since": since, "at": at}
    lanes = {of: Share(hits, count) for of, hits, count in sql.run(LANES, asked)}
    everywhere = _sum(lanes)
    found = []
    for of, mine in sorted(lanes.items()):
        usual = normal(mine, everywhere)
        if stands_out(mine, usual):
            ids = [row for (row,) in sql.run(LANE_ROWS, {**asked, "of": of, "most": ROWS_MAX})]
            found.append(Spike("lane", of, lane_words(mine, usual, LANE_DAYS), ids))
    return found


def _returns(at: datetime) -> list[Spike]:
    asked: dict[str, object] = {
        "since": at - timedelta(days=RETURN_DAYS),
        "past": at - timedelta(days=RETURN_DAYS + PAST_DAYS),
        "at": at,
    }
    recent: dict[str, Share] = {}
    past: defaultdict[str, Share] = defaultdict(lambda: Share(0, 0))
    for of, hits, count, hits_before, count_before in sql.run(RETURNS, asked):
        recent[of], past[of] = Share(hits, count), Share(hits_before, count_before)
    everywhere = _sum(recent)
    found = []
    for of, mine in sorted(recent.items()):
        usual = normal(mine, everywhere, past[of])
        if stands_out(mine, usual):
            ids = [row for (row,) in sql.run(RETURN_ROWS, {**asked, "of": of, "most": ROWS_MAX})]
            ((reason, units),) = sql.run(REASON, (ids,)) or [("", 0)]
            found.append(Spike("returns", of, return_words(mine, usual, RETURN_DAYS, reason, units), ids))
    return found


def _sum(shares: dict[str, Share]) -> Share:
    return Share(sum(one.hits for one in shares.values()), sum(one.of for one in shares.values()))
