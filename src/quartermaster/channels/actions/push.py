"""Tell shops how many of each listing they may sell."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from quartermaster.channels.actions.answers import STOCK
from quartermaster.channels.actions.telling import sending
from quartermaster.channels.actions.telling.doors import Door, take_many
from quartermaster.channels.actions.telling.sending import Sending
from quartermaster.channels.ports import Bulk, Count, Laid, Listings, Taken
from quartermaster.channels.rules.settling import Answer
from quartermaster.core.outside import Account

SHOPS = """
update channels_goods g set push_at = case when g.push_failures > 0
    then clock_timestamp() + %(lease)s * interval '1 second' else g.push_at end
from inbox_connection c
where c.id = g.shop_id and g.shop_id in (
  select y.shop_id from channels_goods y join channels_shop s on s.connection_id = y.shop_id
  join inbox_connection x on x.id = y.shop_id
  where s.mode = 'live' and x.is_active and x.keys_refused_at is null and x.kind = any(%(kinds)s)
    and y.push_at <= clock_timestamp()
    and exists (select from channels_listing l where l.shop_id = y.shop_id and l.state = 'due'
      and l.next_at <= clock_timestamp() and l.bulk_id is null)
  order by y.shop_id for update of y skip locked)
returning g.shop_id, c.slug, c.kind
"""
# What takes units away first, then the oldest change. An array, here and wherever rows are taken: a list may
# be asked for anew with each row, and then gives more rows than its limit.
TAKE = """
update channels_listing l set state = 'sent', turn = l.turn + 1, sent_version = l.version,
  sent_quantity = l.wanted, sent_at = clock_timestamp(), is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where id = any(array(
  select id from channels_listing where shop_id = %(shop)s and state = 'due' and next_at <= clock_timestamp()
    and bulk_id is null
  order by is_raise, wanted_at, id limit %(most)s for update skip locked))
returning id, turn
"""
# In bulk: only what the shop counts, for nobody looks at each row before.
WAITING = """
select (select count(*) from (
    select from channels_listing where shop_id = %(shop)s and state = 'due' and next_at <= clock_timestamp()
      and bulk_id is null and confirmed is not null and not is_raise limit %(least)s) x),
  (select count(*) from (
    select from channels_listing where shop_id = %(shop)s and state = 'due' and next_at <= clock_timestamp()
      and bulk_id is null and confirmed is not null and is_raise limit %(least)s) y)
"""
COMING = """
select (select count(*) from (select from channels_dirty limit %(least)s) x), count(*), min(wanted_at)
from channels_listing where shop_id = %(shop)s and state = 'due' and next_at <= clock_timestamp()
  and bulk_id is null and confirmed is not null
"""
TAKE_MANY = """
update channels_listing l set state = 'sent', turn = l.turn + 1, sent_version = l.version,
  sent_quantity = l.wanted, sent_at = clock_timestamp(), is_doubted = false, bulk_id = %(bulk)s,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second',
  next_at = clock_timestamp() + %(lease)s * interval '1 second'
where id = any(array(
  select id from channels_listing where shop_id = %(shop)s and state = 'due' and next_at <= clock_timestamp()
    and bulk_id is null and confirmed is not null and (is_raise or %(all)s)
  order by is_raise, wanted_at, id limit %(most)s for update skip locked))
"""
HELD = """
select l.id, case when l.state = 'sent' then l.turn else -1 end, l.sent_version, l.name,
  coalesce(l.sent_quantity, 0), l.confirmed, case when l.version = l.sent_version then l.wanted_at end,
  l.sent_at
from channels_listing l where l.bulk_id = %(bulk)s order by l.id limit %(most)s::bigint
"""
LET_GO = """
update channels_listing l set bulk_id = null
from (select id from channels_listing where bulk_id = %(bulk)s and id = any(%(ids)s) order by id
  for no key update) held
where held.id = l.id
"""
DOUBT = """
update channels_listing l set is_doubted = l.is_doubted or l.state = 'sent',
  state = case when l.state = 'sent' then l.state else 'asked' end,
  asks = case when l.state = 'sent' then l.asks else 'unclear' end,
  next_at = case when l.state = 'sent' then l.next_at else %(at)s end
from (select id from channels_listing where id = any(%(ids)s) and wanted is not null and gone_at is null
  order by id for no key update) x
where x.id = l.id
"""
IS_TOLD = "select 1 from channels_shop where connection_id = %s and mode = 'live'"
STILL = """
update channels_listing l set sent_version = l.version, sent_quantity = l.wanted, sent_at = clock_timestamp(),
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from (
  select x.id from channels_listing x
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.id
  where x.turn = w.turn and x.state = 'sent' and x.wanted is not null and x.is_pushed and x.gone_at is null
  order by x.id for no key update of x) held
where held.id = l.id
returning l.id, l.turn, l.version, l.name, l.wanted, l.confirmed, l.wanted_at, l.sent_at
"""


class Held(NamedTuple):
    """A row in hand, with what is sent of it."""

    id: int
    turn: int
    version: int
    name: str
    quantity: int
    expected: int | None
    wanted_at: datetime | None
    sent_at: datetime


def _answered(row: Held, told: Taken | None, otherwise: str) -> Answer:
    outcome, has, because = "unclear", None, otherwise or "no clear answer"
    if told is not None:
        outcome, has, because = told.state, told.quantity, told.because
        if outcome == "taken" and has is not None and has != row.quantity:
            outcome, because = "unclear", f"It took {row.quantity}, and says it has {has}."
    return Answer(
        row.id,
        row.turn,
        outcome,
        has,
        because[:300],
        version=row.version,
        quantity=row.quantity,
        expected=row.expected,
        wanted_at=row.wanted_at,
        sent_at=row.sent_at,
    )


def _write(listings: Listings, account: Account, held: Sequence[Held], key: str) -> Sequence[Taken]:
    counts = [Count(row.name, row.quantity, row.expected) for row in held]
    return listings.set_stock(account=account, counts=counts, key=key)


SENDING = Sending(
    name="stock",
    books=STOCK,
    shops=SHOPS,
    take=TAKE,
    still=STILL,
    held=Held._make,
    sent=lambda row: str(row.quantity),
    write=_write,
    answered=_answered,
)


def _lay(bulk: Bulk, account: Account, held: Sequence[Held]) -> Laid:
    counts = [Count(row.name, row.quantity, row.expected) for row in held]
    return bulk.lay_stock(account=account, counts=counts)


MANY = Door(SENDING, "stock", WAITING, COMING, TAKE_MANY, HELD, LET_GO, DOUBT, IS_TOLD, _lay)


def push_stock() -> int:
    """The chore: a write for each shop with numbers that wait. Returns how many rows were taken."""
    return sending.push(SENDING, partial(take_many, MANY))
