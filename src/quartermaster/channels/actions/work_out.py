"""Work out anew how many the shops are to have, of what may have changed: coalesced, off the river."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from quartermaster.channels.actions.prices.mark import leave_off_prices, mark_prices
from quartermaster.channels.queries.figures import figures
from quartermaster.core import sql
from quartermaster.core.events import Event
from quartermaster.core.moment import now
from quartermaster.core.river import signal
from quartermaster.events import SkuChanged

BATCH = 2000  # SKUs

# An array: a list may be asked for anew with each row, where the planner takes a long queue for empty.
CLAIM = """
delete from channels_dirty where id = any(array(
  select id from channels_dirty order by id limit %s for update skip locked)) returning sku_id
"""
# Whoever holds the rows works their numbers out from what is committed by then: the statement after this one
# sees more than those that waited for it, and two workers never write an older number over a newer one.
LOCK = "select id from channels_listing where sku_id = any(%s) order by id for no key update"
# An answer that is still expected (sent, unclear) is waited for; it finds the newer version.
WRITE = """
update channels_listing l set wanted = w.units, version = l.version + 1, tries = 0,
  confirmed_version = case when l.wanted is null and l.confirmed = w.units then 1
    else l.confirmed_version end,
  wanted_at = case when l.state = 'due' and l.wanted_at is not null then l.wanted_at else %(at)s end,
  is_raise = l.confirmed is null or w.units >= l.confirmed,
  state = case
    when l.state in ('sent', 'asked') and (l.state = 'sent' or l.asks = 'unclear') then l.state
    when not l.is_pushed or l.gone_at is not null then 'idle'
    when l.confirmed = w.units and l.wanted is null then 'idle'
    else 'due' end,
  because = case when l.state in ('sent', 'asked', 'idle') then l.because else '' end,
  asks = case when l.state = 'asked' and l.asks <> 'unclear' then '' else l.asks end,
  next_at = case when l.state in ('sent', 'asked') and (l.state = 'sent' or l.asks = 'unclear') then l.next_at
    when l.state = 'due' then l.next_at
    else %(at)s end
from jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, units bigint) where l.id = w.id
"""
MARK = """
insert into channels_dirty (sku_id)
select s.id from catalog_sku s where s.id = any(%s)
  and exists (select from channels_listing l where l.sku_id = s.id) order by 1
"""
MARK_ALL = """
insert into channels_dirty (sku_id) select distinct sku_id from channels_listing where sku_id is not null
"""
# A listing without a SKU, or with one that its code found, follows what its code means now.
MAP = """
update channels_listing x set sku_id = n.sku_id, mapped_by = n.mapped_by
from (
  select l.id, coalesce(a.sku_id, s.id) as sku_id,
    case when a.sku_id is not null then 'alias' when s.id is not null then 'code' else '' end as mapped_by
  from channels_listing l
  left join catalog_alias a on a.connection_id = l.shop_id and a.code = l.code
  left join catalog_sku s on s.code = l.code
  where l.mapped_by <> 'person' and l.code <> '' and {which}) n
where x.id = n.id and (x.sku_id, x.mapped_by) is distinct from (n.sku_id, n.mapped_by)
returning x.id, x.sku_id
"""
UNMAPPED = """
update channels_listing set state = 'idle', wanted = null, version = 0, confirmed_version = 0,
  sent_version = 0, wanted_at = null, because = '', asks = '', turn = turn + 1
where id = any(%s) and sku_id is null
"""
OF_NAMES = "l.shop_id = %(shop)s and l.name = any(%(names)s)"
OF_SKUS = """(l.sku_id = any(%(ids)s) or l.code in (
  select code from catalog_sku where id = any(%(ids)s)
  union select code from catalog_alias where sku_id = any(%(ids)s)))"""


def work_out() -> int:
    """The chore: SKUs whose listings may have another number. Returns how many listings have one now."""
    with transaction.atomic():
        claimed = {sku_id for (sku_id,) in sql.run(CLAIM, (BATCH,))}
        if not claimed:
            return 0
        locked, at = [id_ for (id_,) in sql.run(LOCK, (sorted(claimed),))], now()
        changed = [
            {"id": figure.id, "units": figure.published.quantity}
            for figure in figures(locked, at)
            if figure.wanted != figure.published.quantity
        ]
        if changed:
            sql.run(WRITE, {"rows": sql.rows(changed), "at": at})
    return len(changed) or len(claimed)


def mark(sku_ids: Iterable[int]) -> None:
    """Have the listings of these SKUs worked out, stock and price, in the caller's transaction."""
    assert sql.in_transaction(), "what is marked belongs to the change that marks it"
    ids = sorted(set(sku_ids))
    sql.run(MARK, (ids,))
    mark_prices(ids)
    transaction.on_commit(signal.wake)


def follow_skus(changes: Sequence[SkuChanged]) -> None:
    """The listener: codes may mean something else, kits hold something else, a SKU is not sold any more."""
    ids = sorted({change.sku_id for change in changes})
    moved = sql.run(MAP.format(which=OF_SKUS), {"ids": ids})
    leave_off([id_ for id_, sku_id in moved if sku_id is None])
    mark({*ids, *(sku_id for _, sku_id in moved if sku_id is not None)})


def follow_sites(changes: Sequence[Event]) -> None:
    """The listener: other sites may serve a shop."""
    sql.run(MARK_ALL)


def map_named(shop_id: int, names: Sequence[str]) -> None:
    """Map these listings of a shop by their codes, unless a person did."""
    moved = sql.run(MAP.format(which=OF_NAMES), {"shop": shop_id, "names": list(names)})
    leave_off([id_ for id_, sku_id in moved if sku_id is None])


def leave_off(listing_ids: Sequence[int]) -> None:
    """Nothing is wanted of a listing that is no SKU of ours; what is under way is not waited for."""
    if listing_ids:
        sql.run(UNMAPPED, (list(listing_ids),))
        leave_off_prices(listing_ids)
