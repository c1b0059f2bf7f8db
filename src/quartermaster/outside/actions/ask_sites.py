"""Ask outside sites what is new, every few minutes, and take it in."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Trouble, next_try, trouble_of
from quartermaster.outside.actions.hear import hear
from quartermaster.outside.actions.receipts import keep_receipts
from quartermaster.outside.actions.reports import take_report
from quartermaster.outside.actions.tell_notice import hear_notice
from quartermaster.outside.ports import Capability, News, Receipt, Unread
from quartermaster.outside.queries.connected import Connected, warehouse_of

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=5)
WAIT_MAX = timedelta(hours=1)
LEASE = timedelta(minutes=2)  # longer than the calls of one round may take
REFERENCES = 500
SKUS_MAX = 10_000

# Whoever takes a site has it until the lease is over: two workers do not ask the same one at once.
DUE = """
update outside_site t set next_at = %(until)s, asked_at = %(at)s
where location_id = (
  select s.location_id from outside_site s join inbox_connection c on c.id = s.connection_id
  where s.is_active and c.is_active and c.keys_refused_at is null and s.next_at <= %(at)s
  order by s.next_at limit 1 for update of s skip locked)
returning t.location_id, (select code from stock_location where id = t.location_id),
  (select slug from inbox_connection where id = t.connection_id), t.cursor, t.failures,
  coalesce(t.snapshot_at, 'epoch') <= %(at)s - t.snapshot_hours * interval '1 hour'
"""
OPEN = """
select reference from outside_order
where site_id = %s and state in ('sent', 'acknowledged') order by id limit %s
"""
LYING = """
select s.code from stock_level v join catalog_sku s on s.id = v.sku_id
where v.location_id = %s order by v.on_hand = 0, s.code limit %s
"""
HEARD = """
with spoke as (
  insert into outside_heard (site_id, at) select %(site)s, %(at)s where %(heard)s),
old as (
  delete from outside_heard where site_id = %(site)s and at < %(at)s - interval '60 days')
update outside_site set cursor = %(cursor)s, failures = 0, because = '', next_at = %(next)s,
  heard_at = case when %(heard)s then %(at)s else heard_at end
where location_id = %(site)s
"""
FAILED = """
update outside_site set failures = failures + 1, because = %(because)s, next_at = %(next)s
where location_id = %(site)s
"""
UNREAD = """
insert into outside_unread (site_id, what, because, told_at)
select %(site)s, what, because, %(at)s
from jsonb_to_recordset(%(unread)s::jsonb) as u(what text, because text)
on conflict (site_id, what, because) where seen_at is null do nothing
"""


class Asked(NamedTuple):
    """A site whose turn it is."""

    location_id: int
    site: str
    slug: str
    cursor: str
    failures: int
    wants_report: bool  # of their stock


def ask_sites() -> int:
    """The chore: one site that is due is asked. Returns how many were; a failure is kept with its reason and
    tried again, later each time."""
    at = now()
    with transaction.atomic():
        found = sql.run(DUE, {"at": at, "until": at + LEASE})
    for row in found:
        _listen(Asked._make(row), at)
    return len(found)


def _listen(asked: Asked, at: datetime) -> None:
    try:
        connected = warehouse_of(asked.slug)
        news = _news(connected, asked)
        take_in(asked, news, at=at)
        connected.warehouse.thank(account=connected.account, news=news)
    except Exception as error:
        _failed(asked, trouble_of(error, who=asked.site, log=log), at)


def _news(connected: Connected, asked: Asked) -> News:
    references = [reference for (reference,) in sql.run(OPEN, (asked.location_id, REFERENCES))]
    news = connected.warehouse.news(account=connected.account, references=references, cursor=asked.cursor)
    if asked.wants_report and Capability.SNAPSHOT in connected.warehouse.capabilities:
        skus = [sku for (sku,) in sql.run(LYING, (asked.location_id, SKUS_MAX))]
        report = connected.warehouse.snapshot(account=connected.account, skus=skus)
        if report is not None:
            return replace(news, snapshots=(*news.snapshots, report))
    return news


def take_in(asked: Asked, news: News, *, at: datetime) -> None:
    """Keep all they said. Each order is a transaction of its own; telling it all again changes nothing."""
    strange = [
        Unread(standing.reference, "no order of ours has this reference")
        for standing in news.standings
        if not hear(standing, at=at, by=asked.site)
    ]
    strange += [
        Unread(said.reference, "no notice of ours has this reference")
        for said in news.notices
        if not hear_notice(said, at=at, by=asked.site)
    ]
    with transaction.atomic():
        _keep(asked, [*news.unread, *strange], news.receipts, at=at)
        facts = {"cursor": news.cursor, "next": at + EVERY, "heard": news.heard}
        sql.run(HEARD, {"site": asked.location_id, "at": at, **facts})
    for report in news.snapshots:
        take_report(asked.location_id, asked.site, report, at=at, by=asked.site)


def _keep(asked: Asked, unread: Sequence[Unread], receipts: Sequence[Receipt], *, at: datetime) -> None:
    if unread:
        sql.run(UNREAD, {"site": asked.location_id, "unread": sql.rows(unread), "at": at})
    if receipts:
        keep_receipts(asked.location_id, receipts, at=at)


def _failed(asked: Asked, trouble: Trouble, at: datetime) -> None:
    with transaction.atomic():
        next_at = next_try(
            at, failures=asked.failures, every=EVERY, most=WAIT_MAX, not_before=trouble.not_before
        )
        sql.run(FAILED, {"site": asked.location_id, "because": trouble.because, "next": next_at})
