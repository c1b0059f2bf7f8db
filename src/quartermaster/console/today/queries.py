"""The numbers of the day. Each is counted by the same condition its link lists by (orders/views)."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quartermaster.console.today.span import LOOKS_BACK, Span, covered
from quartermaster.core import sql
from quartermaster.core.workdays import holidays_between
from quartermaster.stock.queries import calendars as days
from quartermaster.stock.queries.calendars import CALENDARS, read, shown, site_of
from quartermaster.stock.rules.calendar import works_on

ZONE = "select code from stock_location where is_active order by kind <> 'own', id limit 1"
SOLD = """
select o.currency, count(*) filter (where o.placed_at >= %(since)s and o.placed_at < %(until)s),
  coalesce(sum(o.total_minor) filter (where o.placed_at >= %(since)s and o.placed_at < %(until)s), 0)::bigint,
  count(*) filter (where o.placed_at < %(before_until)s),
  coalesce(sum(o.total_minor) filter (where o.placed_at < %(before_until)s), 0)::bigint
from orders_order o
where not o.is_test and (o.placed_at >= %(since)s and o.placed_at < %(until)s
  or o.placed_at >= %(before_since)s and o.placed_at < %(before_until)s)
group by o.currency order by 3 desc
"""
BY_DAY = """
select d.on_day, count(o.id),
  coalesce(sum(o.total_minor) filter (where o.currency = %(currency)s), 0)::bigint
from (
  select (%(until)s at time zone %(zone)s)::date - n as on_day from generate_series(0, 13) n) d
left join orders_order o on not o.is_test and o.placed_at >= d.on_day::timestamp at time zone %(zone)s
  and o.placed_at < (d.on_day + 1)::timestamp at time zone %(zone)s
group by d.on_day order by d.on_day
"""
SITES = f"""
select l.code, l.country, l.region, l.timezone, l.cutoff, {CALENDARS},
  (select count(distinct a.order_id) from allocation_allocation a
   where a.location_id = l.id and a.state in ('waiting', 'released', 'picking', 'packed')
     and a.ship_by < %(day_end)s),
  (select count(distinct p.order_id) from warehouse_parcel p
   where p.location_id = l.id and p.handed_over_at >= %(day_start)s and p.handed_over_at < %(until)s)
from stock_location l where l.is_active and l.kind in ('own', '3pl', 'store')
  and (l.cutoff is not null or exists (select from stock_calendar c where c.location_id = l.id))
order by l.code limit 12
"""  # noqa: S608 - constants only


class Sold(NamedTuple):
    """Orders and money of one currency, and of the same stretch a week before."""

    currency: str
    orders: int
    minor: int
    orders_before: int
    minor_before: int


class Site(NamedTuple):
    """A site with a cut-off. cutoff_at: today's, None on a day off; is_over: it has passed. to_go: orders
    that are to leave today and have not; gone: those that have."""

    code: str
    cutoff_at: datetime | None
    is_over: bool
    to_go: int
    gone: int

    @property
    def share(self) -> int:
        """Per cent of the day's orders that have left."""
        return 100 * self.gone // (self.gone + self.to_go) if self.gone + self.to_go else 0


def span_at(at: datetime) -> Span:
    """What Today covers at this moment, in the zone of the first own site and by its calendar."""
    found = sql.run(ZONE)
    site = site_of(found[0][0], at=at) if found else days.Site("", "", "UTC", None, ())
    today = site.today(at)
    holidays = holidays_between(site.country, site.region, today - timedelta(days=LOOKS_BACK), today)
    return covered(
        at, zone=ZoneInfo(site.timezone), works=lambda day: works_on(site.calendars, day, holidays)[0]
    )


def sold(*, since: datetime, until: datetime, before_since: datetime, before_until: datetime) -> list[Sold]:
    """What was sold, in each currency, the largest first. Test orders do not count."""
    asked = {"since": since, "until": until, "before_since": before_since, "before_until": before_until}
    return [Sold(*row) for row in sql.run(SOLD, asked)]


def by_day(*, until: datetime, zone: ZoneInfo, currency: str) -> list[tuple[int, int]]:
    """(orders, minor units of `currency`) of each of the last fourteen days of the shop, today last."""
    asked = {"until": until, "zone": zone.key, "currency": currency}
    return [(row[1], row[2]) for row in sql.run(BY_DAY, asked)]


def sites(*, day_start: datetime, day_end: datetime, until: datetime) -> list[Site]:
    """Sites with a cut-off, by code."""
    asked = {"day_start": day_start, "day_end": day_end, "until": until, "at": until}
    return [
        Site(code, leaves_at, leaves_at is not None and leaves_at < until, to_go, gone)
        for code, country, region, zone, cutoff, text, to_go, gone in sql.run(SITES, asked)
        for leaves_at in (_cutoff(until, days.Site(country, region, zone, cutoff, read(text))),)
    ]


def _cutoff(at: datetime, site: days.Site) -> datetime | None:
    """That of the site's day; None when it has none or does not work."""
    today = shown(site, at=at, count=1)[0]
    if today.cutoff is None:
        return None
    return datetime.combine(today.on, time.fromisoformat(today.cutoff), ZoneInfo(site.timezone))
