"""Shops switch a subscription off after failures and say nothing: each is looked at hourly, and mended."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from quartermaster.channels.actions.switch import know_shops
from quartermaster.channels.ports import Hook, Hooks, QueueHooks, Signs
from quartermaster.channels.queries.connected import port_of
from quartermaster.channels.rules.hooks import Found, lacking, reaches
from quartermaster.core import plugs, sql
from quartermaster.core.events import Event, emit
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, next_try, trouble_of
from quartermaster.events import ConnectionChanged, HooksMended, HooksOff
from quartermaster.inbox.queries.connections import connection as connection_of

log = logging.getLogger(__name__)
EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=2)
WAIT_MAX = timedelta(hours=6)
KNOWN = """
insert into channels_hooks (shop_id, next_at)
select s.connection_id, %(at)s from channels_shop s join inbox_connection c on c.id = s.connection_id
where c.kind = any(%(kinds)s) and not exists (
  select from channels_hooks h where h.shop_id = s.connection_id)
on conflict do nothing
"""
# Only live shops: to subscribe is to change something there.
DUE = """
update channels_hooks t set next_at = %(until)s where shop_id = (
  select h.shop_id from channels_hooks h join channels_shop s on s.connection_id = h.shop_id
  join inbox_connection c on c.id = h.shop_id
  where c.is_active and c.keys_refused_at is null and s.mode = 'live' and h.next_at <= %(at)s
  order by h.next_at limit 1 for update of h skip locked)
returning shop_id, (select slug from inbox_connection where id = t.shop_id), off, failures, renews
"""
LOOKED = """
update channels_hooks set off = %(off)s, because = %(because)s, mended = mended + %(mended)s, failures = 0,
  off_since = case when %(off)s = '' then null else coalesce(off_since, %(at)s) end, renews = false,
  looked_at = %(at)s, next_at = %(next)s
where shop_id = %(shop)s
"""
FAILED = """
update channels_hooks set failures = failures + 1, because = %(because)s, next_at = %(next)s
where shop_id = %(shop)s
"""
RENEW = """
update channels_hooks h set renews = true, next_at = %(at)s from inbox_connection c
where c.id = h.shop_id and c.slug = any(%(slugs)s)
"""


class Due(NamedTuple):
    """A shop whose turn it is."""

    shop_id: int
    slug: str
    off: str
    failures: int
    renews: bool


def see_to_hooks() -> int:
    """The chore: one live shop that is due. Returns how many were looked at."""
    at, kinds = now(), plugs.kinds(Hooks)
    if not kinds:
        return 0
    with transaction.atomic():
        know_shops(at=at)
        sql.run(KNOWN, {"at": at, "kinds": kinds})
        found = sql.run(DUE, {"at": at, "until": at + LEASE})
    for row in found:
        _look(Due._make(row), at)
    return len(found)


def renew_hooks(events: Sequence[Event]) -> None:
    """The listener: shops that sign with a secret of ours are given the new one."""
    slugs = sorted(
        {
            event.subject.partition(":")[2]
            for event in events
            if isinstance(event, ConnectionChanged)
            and tuple(event.changed.get("webhook_secret", ())) == ("set", "changed")
        }
    )
    if slugs:
        sql.run(RENEW, {"slugs": slugs, "at": events[-1].at})


def _look(due: Due, at: datetime) -> None:
    slug = due.slug
    try:
        account, hooks = port_of(slug, Hooks)  # type: ignore[type-abstract]  # looked up by its protocol
        address, is_reached = _address(account, hooks)
        found, made = Found((), ()), tuple[Hook, ...]()
        if address:
            found = lacking(hooks.hooks(account=account), hooks.topics, address)
        if is_reached and (found.off or found.missing):
            secret = account.settings.get("webhook_secret", "")
            made = hooks.subscribe(account=account, address=address, secret=secret)
        if is_reached and due.renews:
            _sign(slug, address)
    except Exception as error:
        trouble = trouble_of(error, who=slug, log=log)
        next_at = next_try(
            at, failures=due.failures, every=EVERY, most=WAIT_MAX, not_before=trouble.not_before
        )
        with transaction.atomic():
            sql.run(FAILED, {"because": trouble.because, "next": next_at, "shop": due.shop_id})
    else:
        _keep(due, found, made, is_reached=is_reached, at=at)


def _sign(slug: str, address: str) -> None:
    """Until then it signs with the old secret, which counts for a while yet."""
    kind = connection_of(slug).kind
    if kind in plugs.kinds(Signs):
        account, signs = port_of(slug, Signs)  # type: ignore[type-abstract]  # looked up by its protocol
        signs.sign(account=account, address=address, secret=account.settings["webhook_secret"])


def _address(account: Account, hooks: Hooks) -> tuple[str, bool]:
    """Where its messages are to go, or how that ends where nobody can send to us; and whether they can go
    there. "" where there is no such place."""
    if isinstance(hooks, QueueHooks):
        queue = hooks.queue(account=account)
        return queue, bool(queue)
    theirs = account.settings.get("url") or account.settings.get("api_url", "")
    is_reached = reaches(settings.URL, theirs)
    return (f"{settings.URL}/in/{account.slug}" if is_reached else f"in/{account.slug}"), is_reached


@transaction.atomic
def _keep(due: Due, found: Found, made: tuple[Hook, ...], *, is_reached: bool, at: datetime) -> None:
    """What was found, and what is told of it: what is off and stays off is told once."""
    slug = due.slug
    subject, topics = f"connection:{slug}", tuple(sorted(one.topic for one in made))
    off = () if is_reached else (*found.off, *found.missing)
    because = "" if is_reached or not off else "QM_URL is no address that the shop can send to"
    facts = {"off": ", ".join(off), "because": because, "mended": len(made), "shop": due.shop_id}
    sql.run(LOOKED, {**facts, "at": at, "next": at + EVERY})
    if made:
        mended = HooksMended(
            subject=subject, at=at, actor="system", connection=slug, topics=topics, switched_off=found.off
        )
        emit([mended])
    if off and ", ".join(off) != due.off:
        emit([HooksOff(subject=subject, at=at, actor="system", connection=slug, topics=off, because=because)])
