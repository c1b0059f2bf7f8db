"""Fetch what a shop has put into a queue for us. Kept first, and only then taken off the queue: what is lost
between the two comes again, and is known by its name."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from quartermaster.channels.actions.ask import arrivals
from quartermaster.channels.actions.switch import know_shops
from quartermaster.channels.ports import Queues, Waiting
from quartermaster.channels.queries.connected import port_of
from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import next_try, trouble_of
from quartermaster.inbox.actions import KeysNotTried, hear_ends
from quartermaster.inbox.actions.keep import Arrival, take_down

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=10)
LEASE = timedelta(minutes=1)
WAIT_MAX = timedelta(minutes=15)
QUEUED = {"source": "queue"}  # the headers of what no webhook brought

HAS_ONE = """
join jsonb_to_recordset(%(needs)s::jsonb) as k(kind text, needs jsonb) on k.kind = c.kind
  and not exists (select from jsonb_array_elements_text(k.needs) n
    where not (c.settings ? n or c.secret_names ? n))
"""
KNOWN = f"""
insert into channels_queue (shop_id, next_at)
select s.connection_id, %(at)s from channels_shop s join inbox_connection c on c.id = s.connection_id
{HAS_ONE}
where not exists (select from channels_queue q where q.shop_id = s.connection_id)
on conflict do nothing
"""  # noqa: S608 - constants only
DUE = f"""
update channels_queue t set next_at = %(until)s where shop_id = (
  select q.shop_id from channels_queue q join inbox_connection c on c.id = q.shop_id
  {HAS_ONE}
  where c.is_active and c.keys_refused_at is null and q.next_at <= %(at)s
  order by q.next_at limit 1 for update of q skip locked)
returning shop_id, (select slug from inbox_connection where id = t.shop_id), failures
"""  # noqa: S608 - constants only
FETCHED = """
update channels_queue set failures = 0, because = '', fetched = fetched + %(fetched)s, fetched_at = %(at)s,
  next_at = %(next)s
where shop_id = %(shop)s
"""
FAILED = """
update channels_queue set failures = failures + 1, because = %(because)s, next_at = %(next)s
where shop_id = %(shop)s
"""


def fetch_waiting() -> int:
    """The chore: what waits in one queue that is due. Returns how many messages there were."""
    needs = [
        {"kind": kind, "needs": queues.needs}
        for kind in plugs.kinds(Queues)
        if (queues := plugs.plug(kind).offer(Queues)) is not None  # type: ignore[type-abstract]  # a protocol
    ]
    if not needs:
        return 0
    at, asked = now(), {"needs": sql.rows(needs)}
    with transaction.atomic():
        know_shops(at=at)
        sql.run(KNOWN, {**asked, "at": at})
        found = sql.run(DUE, {**asked, "at": at, "until": at + LEASE})
    return sum(_fetch(shop_id, slug, failures, at) for shop_id, slug, failures in found)


def _fetch(shop_id: int, slug: str, failures: int, at: datetime) -> int:
    try:
        account, queues = port_of(slug, Queues)  # type: ignore[type-abstract]  # looked up by its protocol
        found = queues.waiting(account=account)
        _keep(shop_id, found, at)
        if receipts := [one.receipt for one in found if _is_heard(slug, one, at)]:
            queues.kept(account=account, receipts=receipts)
    except Exception as error:
        trouble = trouble_of(error, who=slug, log=log)
        next_at = next_try(at, failures=failures, every=EVERY, most=WAIT_MAX, not_before=trouble.not_before)
        with transaction.atomic():
            sql.run(FAILED, {"because": trouble.because, "next": next_at, "shop": shop_id})
        return 0
    return len(found)


def _is_heard(slug: str, one: Waiting, at: datetime) -> bool:
    """What it tells of our keys was heard. A new secret that could not be tried now is left in the queue: it
    stands nowhere else."""
    try:
        hear_ends(slug, one.ends, at=at)
    except KeysNotTried as trouble:
        log.info("%s is told of its new key again: %s", slug, trouble)
        return False
    return True


@transaction.atomic
def _keep(shop_id: int, found: Sequence[Waiting], at: datetime) -> None:
    """All of them, whatever they hold: what cannot be read is for a person to look at, not for the queue to
    send again and again."""
    take_down(
        [Arrival(shop_id, one.name, one.topic, QUEUED, one.body, at) for one in found]
        + arrivals(shop_id, [change for one in found for change in one.found], at)
    )
    next_at = at if found else at + EVERY  # where some were, more may be
    sql.run(FETCHED, {"shop": shop_id, "fetched": len(found), "at": at, "next": next_at})
