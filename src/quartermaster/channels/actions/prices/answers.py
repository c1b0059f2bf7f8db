"""Where it is kept what shops answered of their prices."""

from collections.abc import Mapping
from typing import Any

from quartermaster.channels.actions.telling.books import Books
from quartermaster.channels.rules.settling import Answer, Next, Row, settle
from quartermaster.events import PriceRefused

LOCK = """
select p.listing_id, p.state, p.asks, p.turn, p.version, p.wanted_minor, p.confirmed_minor,
  p.confirmed_version, p.sent_version, p.sent_minor, p.sent_at, p.tries, p.waits,
  p.is_pushed and p.blocked_by = '' and l.gone_at is null and l.sku_id is not null, p.is_doubted, p.currency,
  p.tells_was, p.was_minor, p.sent_was_minor, l.name
from channels_listing_price p join channels_listing l on l.id = p.listing_id
where p.listing_id = any(%s) order by 1 for no key update of p
"""
# A price of no sale that the shop took is the one the next is held against; what stood before the first of
# this period's changes is kept beside it, so that many small steps are no way around.
WRITE = """
update channels_listing_price p set state = n.state, asks = n.asks,
  confirmed_minor = case when n.is_confirmed then n.confirmed else p.confirmed_minor end,
  confirmed_was_minor = case when n.is_confirmed then n.confirmed_was else p.confirmed_was_minor end,
  confirmed_currency = case when n.is_confirmed then p.currency else p.confirmed_currency end,
  confirmed_at = case when n.is_confirmed then %(at)s else p.confirmed_at end,
  confirmed_version = n.confirmed_version, tries = n.tries, waits = n.waits, is_doubted = n.is_doubted,
  regular_minor = case when n.is_regular then n.confirmed else p.regular_minor end,
  past_minor = case when n.begins_period then p.regular_minor else p.past_minor end,
  past_at = case when n.begins_period then %(at)s else p.past_at end,
  lease_until = case when n.state = 'sent' then p.lease_until end, because = n.because,
  next_at = case when n.state = 'sent' then p.next_at else n.next_at end
from (
  select m.*, m.is_confirmed and m.confirmed = x.sent_minor and not x.sent_is_sale as is_regular,
    m.is_confirmed and m.confirmed = x.sent_minor and not x.sent_is_sale
      and m.confirmed is distinct from x.regular_minor
      and coalesce(x.past_at <= %(at)s::timestamptz - g.period_days * interval '1 day', true) as begins_period
  from jsonb_to_recordset(%(rows)s::jsonb) as m(id bigint, state text, next_at timestamptz, asks text,
    confirmed bigint, confirmed_was bigint, is_confirmed bool, confirmed_version bigint, tries int, waits int,
    is_doubted bool, because text)
  join channels_listing_price x on x.listing_id = m.id
  join channels_pricing g on g.shop_id = %(shop)s) n
where n.id = p.listing_id
"""
GONE = "update channels_listing set gone_at = %s where id = any(%s)"
HISTORY = """
insert into channels_price_push (listing_id, version, price_minor, was_minor, currency, outcome, has_minor,
  has_was_minor, because, sent_at, answered_at)
select w.id, w.version, w.quantity, w.was, p.currency, w.outcome, w.has, w.has_was, w.because, w.sent_at,
  %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, version bigint, quantity bigint, was bigint,
  outcome text, has bigint, has_was bigint, because text, sent_at timestamptz)
join channels_listing_price p on p.listing_id = w.id order by w.id
"""
# What a guard holds back by now is not due again.
BACK = """
update channels_listing_price p set lease_until = null, asks = '', next_at = %(at)s,
  state = case when p.is_pushed and p.wanted_minor > 0 and p.blocked_by = '' and not held.is_gone
    then 'due' else 'idle' end
from (
  select x.listing_id, l.gone_at is not null as is_gone from channels_listing_price x
  join channels_listing l on l.id = x.listing_id
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.listing_id
  where x.turn = w.turn and x.state = 'sent' and x.listing_id <> all(%(but)s::bigint[])
  order by 1 for no key update of x) held
where held.listing_id = p.listing_id
"""


def _refused(said: Mapping[str, Any], row: Row, answer: Answer, change: Next) -> PriceRefused:
    return PriceRefused(
        **said,
        wanted_minor=row.wanted,
        has_minor=answer.has if answer.has is not None else row.confirmed,
        currency=row.currency,
        because=change.because,
    )


PRICES = Books(
    shops="channels_pricing",
    of="push",
    lock=LOCK,
    write=WRITE,
    back=BACK,
    row=Row,
    settle=settle,
    told=_refused,
    history=HISTORY,
    gone=GONE,
)
