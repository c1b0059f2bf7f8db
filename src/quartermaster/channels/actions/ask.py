"""Ask the shops what changed: a webhook may be lost, and some send none. What they answer goes through the
inbox, where it is what a webhook would have been."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction

from quartermaster.channels.actions.at_once import SHOPS_AT_ONCE, at_once
from quartermaster.channels.actions.switch import know_shops
from quartermaster.channels.ports import Change, Changes
from quartermaster.channels.queries.connected import channel_of
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Trouble, next_try, trouble_of
from quartermaster.core.river import signal
from quartermaster.events import HintHeard
from quartermaster.inbox.actions.keep import Arrival, take_down

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)  # a shop's list lags behind its orders, and its clock behind ours
FIRST = timedelta(days=1)  # how far back a new connection is read; what is older is imported
LEASE = timedelta(minutes=2)  # longer than one page may take
WAIT_MAX = timedelta(hours=1)
HINTED = timedelta(seconds=30)  # however many hints come, it is asked no more often; longer than a call takes
FETCHED = {"source": "fetched"}  # the headers of what no webhook brought

PAGES_S = 0.5  # so long a shop that has more to say is listened to before other work has its turn

# Whoever takes a shop has it until the lease is over: two workers do not ask the same one at once. Of those
# that are due, those asked longest ago: neither a long round nor shops that say a lot keep another waiting.
DUE = """
update channels_shop t set next_at = %(until)s, asked_at = %(at)s,
  since = case when t.cursor = '' then coalesce(t.read_up_to - %(overlap)s, %(at)s - %(first)s)
          else t.since end,
  hinted_at = case when t.cursor <> '' then t.hinted_at end
where connection_id = any(array(
  select s.connection_id from channels_shop s join inbox_connection c on c.id = s.connection_id
  where c.is_active and c.keys_refused_at is null and s.next_at <= %(at)s
    and (%(only)s::bigint is null or s.connection_id = %(only)s)
  order by s.asked_at nulls first, s.next_at limit %(most)s for update of s skip locked))
returning t.connection_id, (select slug from inbox_connection where id = t.connection_id), t.since, t.cursor,
  t.failures
"""
ANSWERED = """
update channels_shop set cursor = %(cursor)s, read_up_to = coalesce(%(up_to)s, read_up_to), failures = 0,
  because = '', answered_at = %(at)s, fetched = fetched + %(fetched)s,
  next_at = case when %(is_done)s and hinted_at is not null then asked_at + %(hinted)s else %(next)s end
where connection_id = %(shop)s
"""
# A round under way, a shop that does not answer and one that was asked just now come by themselves; what was
# said meanwhile is for the round after.
HINT = """
update channels_shop t set hinted_at = greatest(t.hinted_at, h.at),
  next_at = case when t.cursor = '' and t.failures = 0
    then least(t.next_at, greatest(h.at, t.asked_at + %(hinted)s)) else t.next_at end
from (
  select s.connection_id, w.at from channels_shop s join inbox_connection c on c.id = s.connection_id
  join jsonb_to_recordset(%(hints)s::jsonb) as w(slug text, at timestamptz) on w.slug = c.slug
  order by s.connection_id for update of s) h
where t.connection_id = h.connection_id
"""
FAILED = """
update channels_shop set failures = failures + 1, because = %(because)s, next_at = %(next)s,
  cursor = case when %(restarts)s then '' else cursor end
where connection_id = %(shop)s
"""


class Asked(NamedTuple):
    """A shop whose turn it is."""

    connection_id: int
    slug: str
    since: datetime
    cursor: str
    failures: int


def ask_shops() -> int:
    """The chore: some pages of the shops that are due, all at once. Returns how many were asked; a failure is
    kept with its reason and tried again, later each time."""
    at = now()
    with transaction.atomic():
        know_shops(at=at)
        found = _take(at)
    at_once([partial(_ask, asked, at) for asked in found])
    return len(found)


def _take(at: datetime, only: int | None = None) -> list[Asked]:
    looks = {"overlap": OVERLAP, "first": FIRST}
    found = sql.run(DUE, {"at": at, "until": at + LEASE, "only": only, "most": SHOPS_AT_ONCE, **looks})
    return [Asked._make(row) for row in found]


def _ask(asked: Asked, at: datetime) -> int:
    """Page by page, until the shop has said all, is to be asked later, or had its time."""
    began = time.monotonic()
    pages = 0
    turn = [asked]
    while turn:
        _listen(turn[0], at)
        pages += 1
        if sql.in_transaction() or time.monotonic() > began + PAGES_S:
            break
        at = now()
        turn = _take(at, only=asked.connection_id)
    return pages


def _listen(asked: Asked, at: datetime) -> None:
    try:
        account, channel = channel_of(asked.slug)
        changes = channel.changes(account=account, since=asked.since, cursor=asked.cursor)
    except Exception as error:
        _failed(asked, trouble_of(error, who=asked.slug, log=log), at)
    else:
        _keep(asked, changes, at=at)


@transaction.atomic
def _keep(asked: Asked, changes: Changes, *, at: datetime) -> None:
    """All of a page, and how far it goes: both or neither."""
    take_down(arrivals(asked.connection_id, changes.orders, at))
    is_done = changes.up_to is not None
    facts = {"shop": asked.connection_id, "fetched": len(changes.orders), "up_to": changes.up_to, "at": at}
    cursor, next_at = ("", at + EVERY) if is_done else (changes.cursor, changes.again_at or at)
    told = {"cursor": cursor, "next": next_at, "is_done": is_done, "hinted": HINTED}
    sql.run(ANSWERED, {**facts, **told})


def ask_soon(hints: Sequence[HintHeard]) -> None:
    """The listener: shops that said something changed have their turn now."""
    latest = {hint.connection: hint.at for hint in hints}
    rows = sql.rows({"slug": slug, "at": at} for slug, at in latest.items())
    sql.run(HINT, {"hints": rows, "hinted": HINTED})
    transaction.on_commit(signal.wake)


def arrivals(connection_id: int, orders: Sequence[Change], at: datetime) -> list[Arrival]:
    """What was fetched, as messages."""
    return [Arrival(connection_id, "", one.topic, FETCHED, one.body, at) for one in orders]


def _failed(asked: Asked, trouble: Trouble, at: datetime) -> None:
    """A cursor that is not accepted any more is given up, and the round begins anew."""
    next_at = next_try(at, failures=asked.failures, every=EVERY, most=WAIT_MAX, not_before=trouble.not_before)
    facts = {
        "because": trouble.because,
        "next": next_at,
        "shop": asked.connection_id,
        "restarts": trouble.is_refused,
    }
    with transaction.atomic():
        sql.run(FAILED, facts)
