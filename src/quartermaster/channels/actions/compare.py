"""Hold what a shop lists against what we have: every day, and when somebody asks.

It is read like any round of changes, over a longer time, and goes through the inbox: what was missed is there
by then. What still differs once the inbox has dealt with it is a drift, for a person to see.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from quartermaster.channels.actions.ask import FETCHED, LEASE, WAIT_MAX, arrivals
from quartermaster.channels.actions.judge import judge
from quartermaster.channels.ports import Change, Changes
from quartermaster.channels.queries.connected import channel_of
from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Trouble, next_try, trouble_of
from quartermaster.core.river import signal
from quartermaster.inbox.actions.keep import take_down
from quartermaster.orders.ports import OrderSold, OrderSource, Unreadable

log = logging.getLogger(__name__)
EVERY = timedelta(days=1)
WINDOW = timedelta(days=7)
WINDOW_MAX = timedelta(days=730)
AGAIN = timedelta(minutes=1)  # after a failure; and while the inbox is not done with what was read
SETTLES_WITHIN = timedelta(minutes=30)  # then it is judged with what there is
GRACE = timedelta(minutes=15)  # what changed since may be on its way here

BEGIN_DUE = """
insert into channels_comparison (shop_id, since, asked_by, began_at, next_at)
select s.connection_id, greatest(%(at)s - %(window)s, c.created_at), 'system', %(at)s, %(at)s
from channels_shop s join inbox_connection c on c.id = s.connection_id
where c.is_active and c.keys_refused_at is null and s.read_up_to is not null and s.failures = 0
  and c.created_at < %(at)s - %(every)s
  and not exists (select from channels_comparison k
    where k.shop_id = s.connection_id and (k.ended_at is null or k.began_at > %(at)s - %(every)s))
on conflict do nothing
"""
BEGIN = """
insert into channels_comparison (shop_id, since, asked_by, began_at, next_at)
select %(shop)s, %(since)s, %(by)s, %(at)s, %(at)s on conflict do nothing returning id
"""
TAKE = """
update channels_comparison k set next_at = %(until)s
from inbox_connection c
where c.id = k.shop_id and k.id = (
  select x.id from channels_comparison x join inbox_connection y on y.id = x.shop_id
  where x.ended_at is null and x.next_at <= %(at)s and y.is_active and y.keys_refused_at is null
  order by x.next_at limit 1 for update of x skip locked)
returning k.id, k.shop_id, c.slug, c.kind, c.created_at, k.phase, k.since, k.cursor, k.read_at, k.failures
"""
UNKNOWN = """
select k.e from unnest(%(told)s::text[]) as k(e)
where not exists (select from orders_order o where o.connection_id = %(shop)s and o.external_id = k.e)
  and not exists (select from channels_seen s where s.comparison_id = %(id)s and s.external_id = k.e)
"""
SEEN = """
insert into channels_seen as s (comparison_id, external_id, version, refunded_minor)
select %(id)s, r.name, r.version, r.refunded_minor
from jsonb_to_recordset(%(seen)s::jsonb) as r(name text, version text, refunded_minor bigint) order by r.name
on conflict (comparison_id, external_id) do update
set version = excluded.version, refunded_minor = excluded.refunded_minor where s.version < excluded.version
"""
# Settled as soon as it is found, for it is fetched with it; kept as the proof that a message was lost.
LATE = """
insert into channels_drift
  (shop_id, kind, reference, theirs, ours, since, found_at, settled_at, settled_by, settled_because)
select %(shop)s, 'late', r.reference, 'it lists the order', 'no message had told of it', r.since, %(at)s,
  %(at)s, 'system', 'fetched by the comparison'
from jsonb_to_recordset(%(late)s::jsonb) as r(reference text, since timestamptz)
"""
READ = """
update channels_comparison set cursor = %(cursor)s, listed = listed + %(listed)s, note = %(note)s,
  late = late + %(late)s, failures = 0, because = '', next_at = %(next)s, read_at = %(read_at)s,
  phase = case when %(read_at)s::timestamptz is null then 'reading' else 'settling' end
where id = %(id)s
"""
FAILED = """
update channels_comparison set failures = failures + 1, because = %(because)s, next_at = %(next)s,
  cursor = case when %(restarts)s then '' else cursor end
where id = %(id)s
"""
ON_THE_WAY = """
select exists (select from inbox_message where connection_id = %(shop)s and state = 'received'
  and waits_for is null and received_at <= %(read_at)s)
"""
LATER = "update channels_comparison set next_at = %(next)s where id = %(id)s"


class Taken(NamedTuple):
    """A comparison whose turn it is."""

    id: int
    shop_id: int
    slug: str
    kind: str
    connected_at: datetime
    phase: str
    since: datetime
    cursor: str
    read_at: datetime | None
    failures: int


def begin_comparison(shop_id: int, *, since: datetime, at: datetime, by: str) -> bool:
    """Compare what changed since, at most two years back; False when a comparison is under way already."""
    asked = {"shop": shop_id, "since": max(since, at - WINDOW_MAX), "at": at, "by": by}
    with transaction.atomic():
        begun = bool(sql.run(BEGIN, asked))
    signal.wake()
    return begun


def compare_shops() -> int:
    """The chore: one page of one comparison, or its judgement. Returns how many were moved on."""
    at = now()
    with transaction.atomic():
        sql.run(BEGIN_DUE, {"at": at, "window": WINDOW, "every": EVERY})
        found = [Taken._make(row) for row in sql.run(TAKE, {"at": at, "until": at + LEASE})]
    for taken in found:
        if taken.read_at is None:
            _read(taken, at)
        else:
            _judge(taken, taken.read_at, at)
    return len(found)


def _read(taken: Taken, at: datetime) -> None:
    try:
        account, channel = channel_of(taken.slug)
        changes = channel.changes(account=account, since=taken.since, cursor=taken.cursor)
    except Exception as error:
        _failed(taken, trouble_of(error, who=taken.slug, log=log), at)
    else:
        _keep(taken, changes, at)


@transaction.atomic
def _keep(taken: Taken, changes: Changes, at: datetime) -> None:
    told = {
        sold.external_id: sold for change in changes.orders for sold in _read_orders(taken.kind, change, at)
    }
    asked = {"id": taken.id, "shop": taken.shop_id, "told": list(told)}
    # What changed in the last minutes, or before anybody listened, was not missed.
    late = [
        {"reference": sold.external_name or sold.external_id, "since": sold.updated_at}
        for (external_id,) in sql.run(UNKNOWN, asked)
        if taken.connected_at < (sold := told[external_id]).updated_at < at - GRACE
    ]
    sql.run(LATE, {"shop": taken.shop_id, "late": sql.rows(late), "at": at})
    seen = [
        {"name": name, "version": sold.version, "refunded_minor": given_back(sold)}
        for name, sold in told.items()
    ]
    sql.run(SEEN, {"id": taken.id, "seen": sql.rows(seen)})
    take_down(arrivals(taken.shop_id, changes.orders, at))
    is_read = changes.up_to is not None
    facts = {"id": taken.id, "listed": len(told), "late": len(late), "next": changes.again_at or at}
    facts |= {"cursor": "" if is_read else changes.cursor, "note": changes.note[:300]}
    sql.run(READ, {**facts, "read_at": at if is_read else None})


def given_back(sold: OrderSold) -> int | None:
    """What the shop says it gave back of an order, as the order is kept with it; in minor units. None: the
    order does not tell, for word of it comes on its own."""
    if not sold.tells_refunds:
        return None
    return max(sold.totals.refunded, sum(one.amount_minor for one in sold.refunds))


def _read_orders(kind: str, change: Change, at: datetime) -> Sequence[OrderSold]:
    """The orders in a message; none where it holds none, or cannot be read: then the inbox says so."""
    source = plugs.plug(kind).offer(OrderSource)  # type: ignore[type-abstract]  # looked up by its protocol
    if source is None:
        return ()
    try:
        reading = source.read_orders(topic=change.topic, headers=FETCHED, body=change.body, received_at=at)
    except Unreadable:
        return ()
    return [part for part in reading if isinstance(part, OrderSold)] if isinstance(reading, tuple) else ()


def _judge(taken: Taken, read_at: datetime, at: datetime) -> None:
    asked = {"shop": taken.shop_id, "read_at": read_at}
    ((is_on_the_way,),) = sql.run(ON_THE_WAY, asked)
    if is_on_the_way and at < read_at + SETTLES_WITHIN:
        with transaction.atomic():
            sql.run(LATER, {"id": taken.id, "next": at + AGAIN})
        return
    judge(taken.id, at=at)


def _failed(taken: Taken, trouble: Trouble, at: datetime) -> None:
    next_at = next_try(at, failures=taken.failures, every=AGAIN, most=WAIT_MAX, not_before=trouble.not_before)
    facts = {"because": trouble.because, "next": next_at, "id": taken.id, "restarts": trouble.is_refused}
    with transaction.atomic():
        sql.run(FAILED, facts)
