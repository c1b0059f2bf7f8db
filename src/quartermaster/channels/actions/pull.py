"""Read what the shops sell: daily, and when a person asks. What a shop has is learned from it, what it is to
us is found by its code, and what is not there any more is noted."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from quartermaster.channels.actions.prices.seen import see_prices
from quartermaster.channels.actions.switch import know_shops
from quartermaster.channels.actions.telling.books import words
from quartermaster.channels.actions.work_out import map_named, mark
from quartermaster.channels.ports import Listed, Listing
from quartermaster.channels.queries.goods import kinds, offering
from quartermaster.channels.rules.readings import SOLD_SEEN
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.outside import NotDone, RefusedOutside, Unclear, next_try, retry_at
from quartermaster.core.texts import storable
from quartermaster.events import ListingsRead

log = logging.getLogger(__name__)
KNOWN_TROUBLE = (NotDone, RefusedOutside, Unclear, Refused)
EVERY, AGAIN, WAIT_MAX = timedelta(days=1), timedelta(minutes=1), timedelta(hours=6)
LEASE = timedelta(minutes=2)  # longer than one page may take

KNOW = """
insert into channels_goods (shop_id, read_next_at) select s.connection_id, %(at)s from channels_shop s
join inbox_connection c on c.id = s.connection_id
where c.kind = any(%(kinds)s) and not exists (select from channels_goods g where g.shop_id = s.connection_id)
on conflict do nothing
"""
DUE = """
update channels_goods g set read_next_at = %(until)s,
  since = case when g.cursor = '' then %(at)s else g.since end,
  found = case when g.cursor = '' then 0 else g.found end
where shop_id = (
  select y.shop_id from channels_goods y join inbox_connection c on c.id = y.shop_id
  where c.is_active and c.keys_refused_at is null and c.kind = any(%(kinds)s) and y.read_next_at <= %(at)s
  order by y.read_next_at limit 1 for update of y skip locked)
returning g.shop_id, (select slug from inbox_connection where id = g.shop_id), g.since, g.cursor,
  g.read_failures
"""
# What a shop does not count is told no number until a person wants it.
PAGE = """
with page as materialized (
  select * from jsonb_to_recordset(%(rows)s::jsonb) as p(name text, code text, title text, quantity bigint,
    price_minor bigint, was_minor bigint, currency text, is_live bool, barcode text, weight_g int)),
held as (
  select l.id from channels_listing l where l.shop_id = %(shop)s and l.name in (select name from page)
  order by l.id for no key update)
insert into channels_listing as l (shop_id, name, code, title, confirmed, confirmed_at, price_minor,
  was_minor, currency, is_live, barcode, weight_g, seen_at, is_pushed)
select %(shop)s, p.name, p.code, p.title, p.quantity, %(at)s, p.price_minor, p.was_minor, p.currency,
  p.is_live, p.barcode, p.weight_g, %(at)s, p.quantity is not null
from page p left join (select count(*) from held) h on true order by p.name
on conflict (shop_id, name) do update set code = excluded.code, title = excluded.title,
  price_minor = excluded.price_minor, was_minor = excluded.was_minor, currency = excluded.currency,
  is_live = excluded.is_live,
  barcode = excluded.barcode, weight_g = excluded.weight_g, seen_at = excluded.seen_at, gone_at = null,
  confirmed = case when {is_news} then excluded.confirmed else l.confirmed end,
  confirmed_at = case when {is_news} then excluded.confirmed_at else l.confirmed_at end
returning id, (xmax = 0)
"""
IS_NEWS = "l.state in ('idle', 'due', 'refused', 'stuck') and coalesce(l.confirmed_at < %(asked)s, true)"
# A listing that has another number than it should: to be sent again, and looked at afterwards. One that has
# fewer has most likely sold some, and its order is under way to us.
DIFFERS = """
update channels_listing l set state = 'due', is_raise = coalesce(l.wanted >= l.confirmed, true),
  wanted_at = %(at)s, tries = greatest(l.tries, 1),
  next_at = case when l.confirmed < l.wanted then %(at)s::timestamptz + %(sold)s::interval else %(at)s end
where id = any(%(ids)s) and state = 'idle' and is_pushed and gone_at is null
  and wanted is not null and wanted is distinct from confirmed and confirmed_at = %(at)s
"""
AS_WANTED = """
update channels_listing l set state = 'idle', confirmed_version = version, tries = 0, because = ''
where id = any(%(ids)s) and state in ('stuck', 'refused') and wanted = confirmed and confirmed_at = %(at)s
"""
TO_WORK_OUT = """
select distinct sku_id from channels_listing where id = any(%s) and sku_id is not null and wanted is null
"""
ANSWERED = """
update channels_goods set cursor = %(cursor)s, found = found + %(found)s, read_failures = 0,
  read_because = '', read_next_at = %(next)s, read_at = case when %(is_done)s then since else read_at end
where shop_id = %(shop)s returning found, since
"""
GONE = """
update channels_listing set gone_at = %(at)s, state = 'idle', because = '', turn = turn + 1
where shop_id = %(shop)s and gone_at is null and seen_at < %(since)s returning 1
"""
LEFT = """
select count(*), count(*) filter (where sku_id is null and mapped_by = '') from channels_listing
where shop_id = %s and gone_at is null
"""
FAILED = """
update channels_goods set read_failures = read_failures + 1, read_because = %(because)s,
  read_next_at = %(next)s, cursor = case when %(restarts)s then '' else cursor end
where shop_id = %(shop)s
"""


class Asked(NamedTuple):
    """A shop whose turn it is."""

    shop_id: int
    slug: str
    since: datetime
    cursor: str
    failures: int


def pull_listings() -> int:
    """The chore: one page of one shop that is due. Returns how many were asked."""
    offered = kinds()
    if not offered:
        return 0
    at = now()
    with transaction.atomic():
        know_goods(at=at)
        found = sql.run(DUE, {"at": at, "until": at + LEASE, "kinds": offered})
    for row in found:
        _read(Asked._make(row), at)
    return len(found)


def know_goods(*, at: datetime) -> None:
    """A row for every shop whose listings can be read."""
    know_shops(at=at)
    sql.run(KNOW, {"at": at, "kinds": kinds()})


def _read(asked: Asked, at: datetime) -> None:
    try:
        account, listings = offering(asked.slug)
        page = listings.listings(account=account, cursor=asked.cursor)
    except Exception as trouble:
        if not isinstance(trouble, KNOWN_TROUBLE):
            log.warning("%s: %s", asked.slug, trouble, exc_info=trouble)
        _failed(asked, trouble, at)
    else:
        _keep(asked, page, asked_at=at, at=now())


@transaction.atomic
def _keep(asked: Asked, page: Listed, *, asked_at: datetime, at: datetime) -> None:
    """All of a page, and how far it goes: both or neither."""
    written = take_in(asked.shop_id, page.listings, asked_at=page.as_of or asked_at, at=at)
    is_done = not page.cursor
    facts = {"shop": asked.shop_id, "cursor": page.cursor, "found": written, "is_done": is_done}
    ((found, since),) = sql.run(ANSWERED, {**facts, "next": at + EVERY if is_done else page.again_at or at})
    if not is_done:
        return
    gone = len(sql.run(GONE, {"shop": asked.shop_id, "since": since, "at": at}))
    ((left, unmapped),) = sql.run(LEFT, (asked.shop_id,))
    told = ListingsRead(
        subject=f"connection:{asked.slug}",
        at=at,
        actor="system",
        connection=asked.slug,
        listings=left,
        found=found,
        gone=gone,
        unmapped=unmapped,
    )
    emit([told])


def take_in(shop_id: int, listings: Sequence[Listing], *, asked_at: datetime, at: datetime) -> int:
    """Keep what a shop sells, mapped by its codes. Returns how many were not known before."""
    by_name = {storable(one.name): _row(one) for one in listings}
    if not by_name:
        return 0
    facts = {"rows": sql.rows(by_name.values()), "shop": shop_id, "at": at, "asked": asked_at}
    written = sql.run(PAGE.format(is_news=IS_NEWS), facts)
    map_named(shop_id, list(by_name))
    ids = [id_ for id_, _ in written]
    sql.run(DIFFERS, {"ids": ids, "at": at, "sold": SOLD_SEEN})
    sql.run(AS_WANTED, {"ids": ids, "at": at})
    mark(sku_id for (sku_id,) in sql.run(TO_WORK_OUT, (ids,)))
    see_prices(shop_id, ids, asked_at=asked_at, at=at)
    return sum(is_new for _, is_new in written)


def _row(one: Listing) -> dict[str, object]:
    return {
        "name": storable(one.name),
        "code": storable(one.code)[:200],
        "title": storable(one.title)[:300],
        "quantity": None if one.quantity is None else max(0, one.quantity),
        "price_minor": one.price_minor,
        "was_minor": one.was_minor,
        "currency": one.currency,
        "is_live": one.is_live,
        "barcode": storable(one.barcode)[:80],
        "weight_g": None if one.weight_g is None else min(max(0, one.weight_g), 2**31 - 1),
    }


def _failed(asked: Asked, trouble: Exception, at: datetime) -> None:
    """A cursor that is not accepted any more is given up, and the round begins anew."""
    next_at = next_try(at, failures=asked.failures, every=AGAIN, most=WAIT_MAX, not_before=retry_at(trouble))
    facts = {"because": words(trouble), "next": next_at, "shop": asked.shop_id}
    with transaction.atomic():
        sql.run(FAILED, {**facts, "restarts": isinstance(trouble, RefusedOutside)})
