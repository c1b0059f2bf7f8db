"""What a person decides about listings: what they are, what is kept back of them, read now, send now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.channels.actions.pull import know_goods
from quartermaster.channels.actions.switch import NoKey, needs_of
from quartermaster.channels.actions.work_out import leave_off, mark
from quartermaster.channels.queries.goods import listings_of
from quartermaster.channels.rules.policies import FIELDS, problems
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.core.texts import short
from quartermaster.events import ListingMapped, ListingPolicyChanged, ListingsAsked
from quartermaster.inbox.queries.connections import connection as connection_of


class OnlyRead(Refused):
    code = "only-read"
    message = "{slug} is only read: it is told nothing."
    remedy = "Switch the shop to live first."


SKU = "select id from catalog_sku where code = %s"
MAP = """
update channels_listing set sku_id = %(sku)s, mapped_by = 'person'
where shop_id = %(shop)s and name = %(name)s returning id
"""
LOCK = """
select id, name, sku_id, buffer, cap, share_percent, least, is_pushed from channels_listing
where shop_id = %s and name = any(%s) order by id for no key update
"""
SAVE = """
update channels_listing l set buffer = w.buffer, cap = w.cap, share_percent = w.share_percent,
  least = w.least, is_pushed = w.is_pushed,
  state = case
    when l.state = 'sent' or (l.state = 'asked' and l.asks = 'unclear') then l.state
    when not w.is_pushed then 'idle'
    when l.is_pushed or l.wanted is null or l.gone_at is not null then l.state
    when l.wanted is distinct from l.confirmed or l.version > l.confirmed_version then 'due'
    else l.state end,
  because = case when w.is_pushed then l.because else '' end
from jsonb_to_recordset(%s::jsonb) as w(id bigint, buffer bigint, cap bigint, share_percent int,
  least bigint, is_pushed bool) where w.id = l.id
"""
# After what a sale takes away, and never while an answer is still expected.
PUSH = """
update channels_listing l set state = 'due', wanted_at = null, next_at = %(at)s, tries = 0, because = '',
  asks = '', is_raise = coalesce(l.wanted >= l.confirmed, true)
from (select id from channels_listing where shop_id = %(shop)s and (%(all)s or name = any(%(names)s))
    and is_pushed and gone_at is null and wanted is not null
    and (state in ('idle', 'refused', 'stuck') or (state = 'asked' and asks <> 'unclear'))
  order by id for no key update) x
where x.id = l.id returning 1
"""
PULL = "update channels_goods set read_next_at = %s, read_failures = 0 where shop_id = %s"
MODE = "select mode from channels_shop where connection_id = %s"


@transaction.atomic
def map_listing(slug: str, listing: str, *, sku: str, at: datetime, by: str) -> None:
    """Say which SKU a listing is; "": it is none of ours, and stays so. Raises NotFound, NoListings."""
    shop_id = _shop(slug)
    sku_id = None
    if sku:
        found = sql.run(SKU, (sku,))
        if not found:
            raise NotFound(what="SKU", which=short(sku, 60))
        sku_id = found[0][0]
    mapped = [id_ for (id_,) in sql.run(MAP, {"shop": shop_id, "name": listing, "sku": sku_id})]
    if not mapped:
        raise NotFound(what="listing", which=short(listing, 60))
    if sku_id is None:
        leave_off(mapped)
    else:
        mark([sku_id])
    subject = f"connection:{slug}"
    emit([ListingMapped(subject=subject, at=at, actor=by, connection=slug, listing=listing, sku=sku)])


@transaction.atomic
def set_policy(slug: str, wanted: Mapping[str, Mapping[str, object]], *, at: datetime, by: str) -> None:
    """Change what is kept back: listing -> the fields that change. All of it, or nothing. Raises Invalid,
    NotFound, NoListings."""
    shop_id = _shop(slug)
    wrong = {
        f"{name}.{field}": problem
        for name, fields in wanted.items()
        for field, problem in problems(fields).items()
    }
    if wrong:
        raise Invalid(what="The policy", errors=wrong)
    rows = sql.run(LOCK, (shop_id, list(wanted)))
    if lost := wanted.keys() - {row[1] for row in rows}:
        raise NotFound(what="listing", which=short(min(lost), 60))
    saved, facts, skus = [], [], []
    for id_, name, sku_id, *was in rows:
        before = dict(zip(FIELDS, was, strict=True))
        after = {**before, **wanted[name]}
        changed = {field: (before[field], after[field]) for field in FIELDS if before[field] != after[field]}
        if not changed:
            continue
        saved.append({"id": id_, **after})
        skus += [sku_id] if sku_id is not None else []
        told = ListingPolicyChanged(
            subject=f"connection:{slug}", at=at, actor=by, connection=slug, listing=name, changed=changed
        )
        facts.append(told)
    if saved:
        sql.run(SAVE, (sql.rows(saved),))
        mark(skus)
        emit(facts)


@transaction.atomic
def push_now(slug: str, listings: Sequence[str] = (), *, at: datetime, by: str) -> int:
    """Send these (none named: all) once more, whether they changed or not, also those that were refused.
    Returns how many. Raises NotFound, NoListings, OnlyRead."""
    shop_id = _shop(slug)
    if sql.run(MODE, (shop_id,)) != [("live",)]:
        raise OnlyRead(slug=slug)
    wanted = {"shop": shop_id, "names": list(listings), "all": not listings, "at": at}
    sent = len(sql.run(PUSH, wanted))
    _asked(slug, "push", sent, at=at, by=by)
    return sent


@transaction.atomic
def pull_now(slug: str, *, at: datetime, by: str) -> None:
    """Read the listings of a shop now. Raises NotFound, NoListings, NoKey."""
    shop_id = _shop(slug)
    know_goods(at=at)
    if not sql.change(PULL, (at, shop_id)):
        raise NoKey(slug=slug, needs=", ".join(needs_of(connection_of(slug).kind)))
    _asked(slug, "pull", 0, at=at, by=by)


def _asked(slug: str, what: str, listings: int, *, at: datetime, by: str) -> None:
    subject = f"connection:{slug}"
    emit([ListingsAsked(subject=subject, at=at, actor=by, connection=slug, what=what, listings=listings)])
    transaction.on_commit(signal.wake)


def _shop(slug: str) -> int:
    connection = connection_of(slug)
    listings_of(connection.kind, slug)
    return int(connection.id)
