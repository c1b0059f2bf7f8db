"""Tell shops what their listings cost. What a guard holds back is never taken in hand."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction

from quartermaster.channels.actions.listing import OnlyRead
from quartermaster.channels.actions.prices.answers import PRICES
from quartermaster.channels.actions.telling import sending
from quartermaster.channels.actions.telling.doors import Door, take_many
from quartermaster.channels.actions.telling.sending import Sending
from quartermaster.channels.ports import Bulk, Laid, Listings, Price, Taken
from quartermaster.channels.queries.goods import listings_of
from quartermaster.channels.rules.settling import Answer
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.outside import Account
from quartermaster.core.river import signal
from quartermaster.events import ListingsAsked
from quartermaster.inbox.queries.connections import connection as connection_of

SHOPS = """
update channels_pricing g set push_at = case when g.push_failures > 0
    then clock_timestamp() + %(lease)s * interval '1 second' else g.push_at end
from inbox_connection c
where c.id = g.shop_id and g.shop_id in (
  select y.shop_id from channels_pricing y join channels_shop s on s.connection_id = y.shop_id
  join inbox_connection x on x.id = y.shop_id
  where s.mode = 'live' and y.mode = 'live' and x.is_active and x.keys_refused_at is null
    and x.kind = any(%(kinds)s)
    and y.push_at <= clock_timestamp() and exists (
      select from channels_listing_price p join channels_listing l on l.id = p.listing_id
      where l.shop_id = y.shop_id and p.state = 'due' and p.next_at <= clock_timestamp()
        and p.bulk_id is null)
  order by y.shop_id for update of y skip locked)
returning g.shop_id, c.slug, c.kind
"""
TAKE = """
update channels_listing_price p set state = 'sent', turn = p.turn + 1, sent_version = p.version,
  sent_minor = p.wanted_minor, sent_was_minor = p.was_minor, sent_is_sale = p.is_sale,
  sent_at = clock_timestamp(), is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where listing_id = any(array(
  select x.listing_id from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where l.shop_id = %(shop)s and x.state = 'due' and x.next_at <= clock_timestamp() and x.blocked_by = ''
    and x.bulk_id is null
  order by x.wanted_at, x.listing_id limit %(most)s for update of x skip locked))
returning listing_id, turn
"""
# As of stock; no price is more urgent than another. Where something is shown beside it, before or after, a
# price alone would not do, and each row is looked at before: those go the quick way.
WAITING = """
select 0, (select count(*) from (
  select from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where l.shop_id = %(shop)s and x.state = 'due' and x.next_at <= clock_timestamp() and x.blocked_by = ''
    and x.bulk_id is null
    and x.was_minor is null and x.confirmed_minor is not null and x.confirmed_was_minor is null
  limit %(least)s) y)
"""
COMING = """
select (select count(*) from (select from channels_price_dirty limit %(least)s) y), count(*), min(x.wanted_at)
from channels_listing_price x join channels_listing l on l.id = x.listing_id
where l.shop_id = %(shop)s and x.state = 'due' and x.next_at <= clock_timestamp() and x.blocked_by = ''
  and x.bulk_id is null and x.was_minor is null and x.confirmed_minor is not null
  and x.confirmed_was_minor is null
"""
TAKE_MANY = """
update channels_listing_price p set state = 'sent', turn = p.turn + 1, sent_version = p.version,
  sent_minor = p.wanted_minor, sent_was_minor = p.was_minor, sent_is_sale = p.is_sale,
  sent_at = clock_timestamp(), is_doubted = false, bulk_id = %(bulk)s,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second',
  next_at = clock_timestamp() + %(lease)s * interval '1 second'
where listing_id = any(array(
  select x.listing_id from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where l.shop_id = %(shop)s and x.state = 'due' and x.next_at <= clock_timestamp() and x.blocked_by = ''
    and x.bulk_id is null
    and x.was_minor is null and x.confirmed_minor is not null and x.confirmed_was_minor is null
  order by x.wanted_at, x.listing_id limit %(most)s for update of x skip locked))
"""
HELD = """
select p.listing_id, case when p.state = 'sent' then p.turn else -1 end, p.sent_version, l.name,
  coalesce(p.sent_minor, 0), p.currency, p.sent_was_minor, p.tells_was,
  case when p.version = p.sent_version then p.wanted_at end, p.sent_at
from channels_listing_price p join channels_listing l on l.id = p.listing_id
where p.bulk_id = %(bulk)s order by 1 limit %(most)s::bigint
"""
LET_GO = """
update channels_listing_price p set bulk_id = null
from (select listing_id from channels_listing_price where bulk_id = %(bulk)s and listing_id = any(%(ids)s)
  order by 1 for no key update) held
where held.listing_id = p.listing_id
"""
DOUBT = """
update channels_listing_price p set is_doubted = p.is_doubted or p.state = 'sent',
  state = case when p.state = 'sent' then p.state else 'asked' end,
  asks = case when p.state = 'sent' then p.asks else 'unclear' end,
  next_at = case when p.state = 'sent' then p.next_at else %(at)s end
from (select x.listing_id from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where x.listing_id = any(%(ids)s) and x.wanted_minor is not null and l.gone_at is null
  order by 1 for no key update of x) y
where y.listing_id = p.listing_id
"""
IS_TOLD = """
select 1 from channels_shop s join channels_pricing g on g.shop_id = s.connection_id
where s.connection_id = %s and s.mode = 'live' and g.mode = 'live'
"""
STILL = """
update channels_listing_price p set sent_version = p.version, sent_minor = p.wanted_minor,
  sent_was_minor = p.was_minor, sent_is_sale = p.is_sale, sent_at = clock_timestamp(),
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from (
  select x.listing_id, l.name from channels_listing_price x
  join channels_listing l on l.id = x.listing_id
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.listing_id
  where x.turn = w.turn and x.state = 'sent' and x.wanted_minor > 0 and x.is_pushed and x.blocked_by = ''
    and l.gone_at is null
  order by x.listing_id for no key update of x) held
where held.listing_id = p.listing_id
returning p.listing_id, p.turn, p.version, held.name, p.wanted_minor, p.currency, p.was_minor,
  p.tells_was, p.wanted_at, p.sent_at
"""
AGAIN = """
update channels_listing_price p set state = 'due', next_at = %(at)s, tries = 0, because = '', asks = ''
from (
  select x.listing_id from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where l.shop_id = %(shop)s and (%(all)s or l.name = any(%(names)s)) and x.is_pushed and l.gone_at is null
    and x.wanted_minor is not null and x.blocked_by = ''
    and (x.state in ('idle', 'refused', 'stuck') or (x.state = 'asked' and x.asks <> 'unclear'))
  order by 1 for no key update of x) y
where y.listing_id = p.listing_id returning 1
"""
MODE = """
select s.mode, g.mode from channels_shop s join channels_pricing g on g.shop_id = s.connection_id
where s.connection_id = %s
"""


class Held(NamedTuple):
    """A row in hand, with what is sent of it."""

    id: int
    turn: int
    version: int
    name: str
    minor: int
    currency: str
    was: int | None
    sets_was: bool
    wanted_at: datetime | None
    sent_at: datetime


def _answered(row: Held, told: Taken | None, otherwise: str) -> Answer:
    outcome, because = "unclear", otherwise or "no clear answer"
    if told is not None:
        outcome, because = told.state, told.because
    return Answer(
        row.id,
        row.turn,
        outcome,
        None,
        because[:300],
        version=row.version,
        quantity=row.minor,
        wanted_at=row.wanted_at,
        sent_at=row.sent_at,
        was=row.was,
    )


def _write(listings: Listings, account: Account, held: Sequence[Held], key: str) -> Sequence[Taken]:
    prices = [Price(row.name, row.minor, row.currency, row.was, row.sets_was) for row in held]
    return listings.set_prices(account=account, prices=prices, key=key)


SENDING = Sending(
    name="prices",
    books=PRICES,
    shops=SHOPS,
    take=TAKE,
    still=STILL,
    held=Held._make,
    sent=lambda row: f"{row.minor}{row.currency}{row.was or '' if row.sets_was else '-'}",
    write=_write,
    answered=_answered,
)


def _lay(bulk: Bulk, account: Account, held: Sequence[Held]) -> Laid:
    prices = [Price(row.name, row.minor, row.currency, row.was, row.sets_was) for row in held]
    return bulk.lay_prices(account=account, prices=prices)


MANY = Door(SENDING, "prices", WAITING, COMING, TAKE_MANY, HELD, LET_GO, DOUBT, IS_TOLD, _lay)


def push_prices() -> int:
    """The chore: a write for each shop with prices that wait. Returns how many rows were taken."""
    return sending.push(SENDING, partial(take_many, MANY))


@transaction.atomic
def push_prices_now(slug: str, listings: Sequence[str] = (), *, at: datetime, by: str) -> int:
    """Send these (none named: all) once more, also what was refused; never what a guard holds back. Returns
    how many. Raises NotFound, NoListings, OnlyRead."""
    connection = connection_of(slug)
    listings_of(connection.kind, slug)
    if sql.run(MODE, (connection.id,)) != [("live", "live")]:
        raise OnlyRead(slug=slug)
    asked = {"shop": connection.id, "names": list(listings), "all": not listings, "at": at}
    sent = len(sql.run(AGAIN, asked))
    subject = f"connection:{slug}"
    emit([ListingsAsked(subject=subject, at=at, actor=by, connection=slug, what="prices", listings=sent)])
    transaction.on_commit(signal.wake)
    return sent
