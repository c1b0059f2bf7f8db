"""Counts as their lead sees them: what is due, what waits for a decision, how right the records are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.money import Money
from quartermaster.core.pages import Page, cut, position
from quartermaster.core.queries.reports import Report
from quartermaster.core.queries.setting import setting
from quartermaster.warehouse.rules.cycle import Cycle, Settled, Shelf

COUNTS_KEY = "warehouse.counts"


class CountSaid(msgspec.Struct, frozen=True):
    """One person's number. expected: what the ledger had at that moment, over and under against it."""

    by: str
    at: datetime
    counted: int
    expected: int
    over: int
    under: int


class CountWaiting(msgspec.Struct, frozen=True):
    """A count that somebody has to decide: state is recount or approval. value: of the difference."""

    id: str
    location: str
    place: str
    sku: str
    title: str
    kind: str
    abc: str
    because: str
    state: str
    over: int
    under: int
    value: Money | None
    at: datetime
    said: tuple[CountSaid, ...]


class CountAsked(msgspec.Struct, frozen=True):
    """A bin to count, as the counter sees it: nothing of the ledger. is_mine: this person counted it."""

    id: str
    location: str
    place: str
    sku: str
    title: str
    barcodes: tuple[str, ...]
    has_serials: bool
    because: str
    state: str
    is_started: bool
    is_mine: bool


WAITING = """
select t.id, t.id::text, l.code, p.code, s.code, s.title, t.kind, t.abc, t.because, t.state, t.over, t.under,
  t.value_minor, t.currency, t.at
from warehouse_count_task t join stock_location l on l.id = t.location_id
join stock_place p on p.id = t.place_id join catalog_sku s on s.id = t.sku_id
where t.done_at is null and t.state in ('recount', 'approval')
  and (%(location)s = '' or l.code = %(location)s) and (%(sites)s::text[] is null or l.code = any(%(sites)s))
  and (%(after)s::bigint is null or t.id > %(after)s)
order by t.id limit %(limit)s
"""
SAID = """
select e.task_id, e.by, e.counted_at, e.counted, e.expected, e.over, e.under
from warehouse_count_entry e join warehouse_count_task t on t.id = e.task_id and t.round = e.round
where e.task_id = any(%s) and e.counted is not null order by e.counted_at, e.id
"""
ASKED = """
select t.id::text, l.code, p.code, s.code, s.title,
  (select coalesce(array_agg(code order by code), '{}') from catalog_barcode where sku_id = s.id),
  exists (select from stock_balance b where b.sku_id = s.id and b.place_id = p.id and b.serial <> ''
    and b.quantity > 0),
  t.because, t.state, e.id is not null and e.counted is null, e.counted is not null
from warehouse_count_task t join stock_location l on l.id = t.location_id
join stock_place p on p.id = t.place_id join catalog_sku s on s.id = t.sku_id
left join warehouse_count_entry e on e.task_id = t.id and e.round = t.round and e.by = %(by)s
where t.id = %(id)s
"""
# The path is the order of place codes; who counted a bin is not sent there again.
NEXT = """
select t.id from warehouse_count_task t join stock_place p on p.id = t.place_id
where t.done_at is null and t.state in ('open', 'recount') and t.location_id = (
    select location_id from warehouse_count_task where id = %(after)s)
  and not exists (select from warehouse_count_entry e
    where e.task_id = t.id and e.round = t.round and e.by = %(by)s and e.counted is not null)
order by p.code <= (select b.code from warehouse_count_task k join stock_place b on b.id = k.place_id
  where k.id = %(after)s), p.code, t.id limit 1
"""
# Units that a bin lost by a short pick or a count lately, and goods whose handling the law watches.
SHELVES = """
select b.place_id, b.sku_id, p.code, coalesce(c.abc, ''), s.is_hazmat, b.has_expiry, d.differed,
  (d.done_at at time zone l.timezone)::date
from (
  select v.sku_id, v.place_id, bool_or(v.lot <> '') as has_expiry from stock_balance v
  where v.state = 'available' and v.quantity > 0 and v.place_id > 0 group by 1, 2) b
join stock_place p on p.id = b.place_id and p.location_id = %(location)s
join stock_location l on l.id = p.location_id
join catalog_sku s on s.id = b.sku_id left join warehouse_sku_class c on c.sku_id = b.sku_id
left join lateral (
  select t.done_at, t.over + t.under > 0 as differed from warehouse_count_task t
  where t.place_id = b.place_id and t.sku_id = b.sku_id and t.done_at is not null
  order by t.done_at desc limit 1) d on true
where not exists (select from warehouse_count_task t
  where t.place_id = b.place_id and t.sku_id = b.sku_id and t.done_at is null)
"""
# What was believed to be there is what the settling count was held against.
SETTLED = """
select l.code, t.abc, count(*), count(*) filter (where t.over + t.under = 0),
  coalesce(sum(e.expected), 0)::bigint, coalesce(sum(t.over), 0)::bigint, coalesce(sum(t.under), 0)::bigint
from warehouse_count_task t join stock_location l on l.id = t.location_id
cross join lateral (
  select expected from warehouse_count_entry e where e.task_id = t.id and e.round = t.round
    and e.counted is not null order by e.counted_at desc, e.id desc limit 1) e
where t.state = 'done' and t.settled <> 'moved' and t.done_at >= %(since)s and t.done_at < %(until)s
group by l.code, t.abc
"""
LATELY: Final = timedelta(days=90)  # what is told where nobody says since when


def cycle() -> Cycle:
    """How counting is done here."""
    return msgspec.convert(setting(COUNTS_KEY) or {}, Cycle)


def counts_waiting(
    *, location: str = "", sites: Sequence[str] = (), after: str = "", limit: int = 50
) -> Page[CountWaiting]:
    """Counts that another person has to repeat or a lead to approve, the oldest first. sites: only these,
    none: all."""
    asked = {"location": location, "sites": list(sites) or None, "after": position(after), "limit": limit + 1}
    found: Page[tuple[Any, ...]] = cut(sql.run(WAITING, asked), limit, lambda row: row[0])
    said: defaultdict[int, list[CountSaid]] = defaultdict(list)
    for task_id, *one in sql.run(SAID, ([row[0] for row in found.items],)):
        said[task_id].append(CountSaid(*one))
    return Page([_waiting(row, said[row[0]]) for row in found.items], found.next)


def _waiting(row: tuple[Any, ...], said: list[CountSaid]) -> CountWaiting:
    minor, currency, at = row[12:]
    value = Money(minor, currency) if minor is not None and currency else None
    told: list[Any] = [*row[1:12], value, at, tuple(said)]
    return CountWaiting(*told)


def count_asked(task_id: int, *, by: str) -> CountAsked:
    """Raises NotFound."""
    for row in sql.run(ASKED, {"id": task_id, "by": by}):
        told: list[Any] = [*row[:5], tuple(row[5]), *row[6:]]
        return CountAsked(*told)
    raise NotFound(what="count task", which=task_id)


def next_count(after: int, *, by: str) -> int | None:
    """The next bin of the same site along the path, round again at its end, for this person."""
    found = sql.run(NEXT, {"after": after, "by": by})
    return found[0][0] if found else None


def shelves(location_id: int) -> list[Shelf]:
    """Every bin and SKU of a site that nobody is to count yet. One statement over the site's balances: for a
    job of the night, not for a page."""
    found = []
    for place_id, sku_id, place, abc, is_hazmat, has_lots, differed, counted_on in sql.run(
        SHELVES, {"location": location_id}
    ):
        words = (("differed last time", differed), ("dangerous goods", is_hazmat), ("lots", has_lots))
        risks = tuple(word for word, is_so in words if is_so)
        found.append(Shelf(place_id, sku_id, place, abc, risks, counted_on))
    return found


def settled(*, since: datetime, until: datetime) -> list[Settled]:
    """Counts that were settled in a time, by site and class."""
    return [Settled(*row) for row in sql.run(SETTLED, {"since": since, "until": until}, prepare=False)]


SETTLED_LATELY: Final = Report(
    "warehouse.counts", "", list[Settled], lambda at: settled(since=at - LATELY, until=at)
)


class CountPlan(msgspec.Struct, frozen=True):
    """How many bins of a site have open tasks, by why, and the day of the oldest."""

    location: str
    due: int
    zero: int
    short: int
    doubt: int
    oldest_on: date | None


PLAN = """
select l.code, count(*) filter (where t.kind = 'due'), count(*) filter (where t.kind = 'zero'),
  count(*) filter (where t.kind = 'short'), count(*) filter (where t.kind = 'doubt'),
  min(t.at at time zone l.timezone)::date
from warehouse_count_task t join stock_location l on l.id = t.location_id
where t.done_at is null and t.state = 'open' and (%(sites)s::text[] is null or l.code = any(%(sites)s))
group by l.code order by l.code
"""


def count_plans(sites: Sequence[str] = ()) -> list[CountPlan]:
    """By site; only these, none: all."""
    return [CountPlan(*row) for row in sql.run(PLAN, {"sites": list(sites) or None})]
