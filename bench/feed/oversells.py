"""Orders of what was not there: how old the number was that the buyer saw, and who is told of them."""

from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from bench.feed.trade import Sale
from quartermaster.console.causes.queries import CAUSES
from quartermaster.core import sql
from quartermaster.core.moment import now

PARKED = """
select c.slug, o.external_id, o.id, (select sum(l.open) from orders_line l where l.order_id = o.id)::bigint
from orders_order o join inbox_connection c on c.id = o.connection_id
where exists (select from core_event e where e.subject = 'order:SO-' || o.id and e.name = 'OrderParked')
  and not o.status = 'cancelled'
order by o.id
"""
HEARD = """
select c.slug, o.external_id, (
  select min(e.recorded_at) from core_event e where e.subject = 'order:SO-' || o.id)
from orders_order o join inbox_connection c on c.id = o.connection_id
"""
TAKEN = """
select c.slug, l.code, p.sent_at, p.answered_at from channels_push p
join channels_listing l on l.id = p.listing_id join inbox_connection c on c.id = l.shop_id
where p.outcome in ('taken', 'read') and p.sent_at is not null order by p.answered_at
"""
# The longest that work took here, as the product measures it: from a message to its order, and from a number
# that changed until its shop took it.
WORK = """
select coalesce((select max(e.recorded_at - e.at) from core_event e where e.name = 'OrderAccepted'),
    interval '0'),
  coalesce((select max(p.answered_at - p.wanted_at) from channels_push p
    where p.outcome = 'taken' and p.wanted_at is not null), interval '0')
"""


class Oversell(NamedTuple):
    """`lag_s`: how long ago the oldest sale was made that the number did not know of; None: it knew of all.
    `allowed_s`: the lag that is documented for where it was sold."""

    sale: Sale
    order_id: int
    is_waiting: bool
    lag_s: float | None
    allowed_s: float


class Away(NamedTuple):
    kind: str
    since: datetime
    until: datetime


def found(sales: list[Sale], away: Away, *, hour_s: float) -> list[Oversell]:
    """`hour_s`: what an hour of waiting takes here. A number is as old as its shop is asked and told seldom:
    an hour at most, when every call fails, and the work beside it; and for as long as a shop does not answer
    at all."""
    ((took_in, told_of),) = sql.run(WORK)
    work = took_in + told_of
    by_name = {(one.kind, one.order): one for one in sales}
    heard = {(slug, name): at for slug, name, at in sql.run(HEARD)}
    of_sku: dict[str, list[Sale]] = defaultdict(list)
    for one in sales:
        of_sku[one.sku].append(one)
    told: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for slug, code, sent_at, answered_at in sql.run(TAKEN):
        told[slug, code].append((answered_at, sent_at))
    rows = []
    for slug, name, order_id, waiting in sql.run(PARKED):
        sale = by_name[slug, name]
        pushes = told[slug, sale.sku]
        place = bisect_right(pushes, (sale.at, sale.at))
        known_at = pushes[place - 1][1] - work if place else sales[0].at
        unknown = [
            one
            for one in of_sku[sale.sku]
            if one is not sale and one.at <= sale.at and heard[one.kind, one.order] >= known_at
        ]
        lag = (sale.at - min(one.at for one in unknown)).total_seconds() if unknown else None
        allowed = hour_s + work.total_seconds()
        if any(_is_away(one, away) for one in [sale, *unknown]):
            allowed += (away.until - away.since).total_seconds()
        rows.append(Oversell(sale, order_id, waiting > 0, lag, allowed))
    return rows


def _is_away(sale: Sale, away: Away) -> bool:
    return sale.kind == away.kind and away.since <= sale.at


def surfaced() -> set[int]:
    """Orders that the page of exceptions names as short of stock, or waiting for it."""
    found = set()
    for name in ("shortage", "backorder"):
        asked = f"select g.order_id from ({CAUSES[name].rows}) g"
        found |= {order_id for (order_id,) in sql.run(asked, {"now": now()})}
    return found
