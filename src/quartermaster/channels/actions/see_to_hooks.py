"""Shops switch a subscription off after failures and say nothing: each is looked at hourly, and mended."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from quartermaster.channels.actions.switch import know_shops
from quartermaster.channels.ports import Hook, Hooks
from quartermaster.channels.queries.connected import port_of
from quartermaster.channels.rules.hooks import Found, lacking, reaches
from quartermaster.core import plugs, sql
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.outside import next_try, trouble_of
from quartermaster.events import HooksMended, HooksOff

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
  where c.is_active and s.mode = 'live' and h.next_at <= %(at)s
  order by h.next_at limit 1 for update of h skip locked)
returning shop_id, (select slug from inbox_connection where id = t.shop_id), off, failures
"""
LOOKED = """
update channels_hooks set off = %(off)s, because = %(because)s, mended = mended + %(mended)s, failures = 0,
  looked_at = %(at)s, next_at = %(next)s
where shop_id = %(shop)s
"""
FAILED = """
update channels_hooks set failures = failures + 1, because = %(because)s, next_at = %(next)s
where shop_id = %(shop)s
"""


def see_to_hooks() -> int:
    """The chore: one live shop that is due. Returns how many were looked at."""
    at, kinds = now(), plugs.kinds(Hooks)
    if not kinds:
        return 0
    with transaction.atomic():
        know_shops(at=at)
        sql.run(KNOWN, {"at": at, "kinds": kinds})
        found = sql.run(DUE, {"at": at, "until": at + LEASE})
    for shop_id, slug, off, failures in found:
        _look(shop_id, slug, off, failures, at)
    return len(found)


def _look(shop_id: int, slug: str, off: str, failures: int, at: datetime) -> None:
    try:
        account, hooks = port_of(slug, Hooks)  # type: ignore[type-abstract]  # looked up by its protocol
        theirs = account.settings.get("url") or account.settings.get("api_url", "")
        address, is_reached = f"{settings.URL}/in/{slug}", reaches(settings.URL, theirs)
        there = hooks.hooks(account=account)
        found = lacking(there, hooks.topics, address if is_reached else f"in/{slug}")
        made: tuple[Hook, ...] = ()
        if is_reached and (found.off or found.missing):
            secret = account.settings.get("webhook_secret", "")
            made = hooks.subscribe(account=account, address=address, secret=secret)
    except Exception as error:
        trouble = trouble_of(error, who=slug, log=log)
        next_at = next_try(at, failures=failures, every=EVERY, most=WAIT_MAX, not_before=trouble.not_before)
        with transaction.atomic():
            sql.run(FAILED, {"because": trouble.because, "next": next_at, "shop": shop_id})
    else:
        _keep(shop_id, slug, off, found, made, is_reached=is_reached, at=at)


@transaction.atomic
def _keep(
    shop_id: int,
    slug: str,
    before: str,
    found: Found,
    made: tuple[Hook, ...],
    *,
    is_reached: bool,
    at: datetime,
) -> None:
    """What was found, and what is told of it: what is off and stays off is told once."""
    subject, topics = f"connection:{slug}", tuple(sorted(one.topic for one in made))
    off = () if is_reached else (*found.off, *found.missing)
    because = "" if is_reached or not off else "QM_URL is no address that the shop can send to"
    facts = {"off": ", ".join(off), "because": because, "mended": len(made), "shop": shop_id}
    sql.run(LOOKED, {**facts, "at": at, "next": at + EVERY})
    if made:
        mended = HooksMended(
            subject=subject, at=at, actor="system", connection=slug, topics=topics, switched_off=found.off
        )
        emit([mended])
    if off and ", ".join(off) != before:
        emit([HooksOff(subject=subject, at=at, actor="system", connection=slug, topics=off, because=because)])
