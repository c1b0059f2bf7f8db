"""Where it is kept what shops answered of their stock."""

from collections.abc import Mapping
from typing import Any

from quartermaster.channels.actions.telling.books import Books
from quartermaster.channels.rules.settling import Answer, Next, Row, settle
from quartermaster.events import ListingRefused

LOCK = """
select id, state, asks, turn, version, wanted, confirmed, confirmed_version, sent_version, sent_quantity,
  sent_at, tries, waits, is_pushed and gone_at is null and sku_id is not null, is_doubted, name
from channels_listing where id = any(%s) order by id for no key update
"""
# A row that somebody else has in hand keeps its lease and its moment: only that it is doubted is noted.
WRITE = """
update channels_listing l set state = n.state, asks = n.asks,
  confirmed = case when n.is_confirmed then n.confirmed else l.confirmed end,
  confirmed_at = case when n.is_confirmed then %(at)s else l.confirmed_at end,
  confirmed_version = n.confirmed_version, tries = n.tries, waits = n.waits,
  gone_at = case when n.is_gone then %(at)s else l.gone_at end,
  is_raise = case when n.state = 'due' then n.is_raise else l.is_raise end, is_doubted = n.is_doubted,
  lease_until = case when n.state = 'sent' then l.lease_until end, because = n.because,
  next_at = case when n.state = 'sent' then l.next_at else n.next_at end
from jsonb_to_recordset(%(rows)s::jsonb) as n(id bigint, state text, next_at timestamptz, asks text,
  confirmed bigint, is_confirmed bool, confirmed_version bigint, tries int, waits int, is_gone bool,
  is_raise bool, is_doubted bool, because text)
where n.id = l.id
"""
HISTORY = """
insert into channels_push (listing_id, version, quantity, expected, outcome, has, because, wanted_at, sent_at,
  answered_at)
select w.id, version, quantity, expected, outcome, has, because, wanted_at, sent_at, %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, version bigint, quantity bigint, expected bigint,
  outcome text, has bigint, because text, wanted_at timestamptz, sent_at timestamptz) order by w.id
"""
BACK = """
update channels_listing l set lease_until = null, asks = '', next_at = %(at)s,
  state = case when l.is_pushed and l.gone_at is null and l.wanted is not null then 'due' else 'idle' end
from (
  select x.id from channels_listing x
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.id
  where x.turn = w.turn and x.state = 'sent' and x.id <> all(%(but)s::bigint[])
  order by x.id for no key update of x) held
where held.id = l.id
"""


def _refused(said: Mapping[str, Any], row: Row, answer: Answer, change: Next) -> ListingRefused:
    return ListingRefused(
        **said,
        wanted=row.wanted,
        has=answer.has if answer.has is not None else row.confirmed,
        because=change.because,
    )


STOCK = Books(
    shops="channels_goods",
    of="push",
    lock=LOCK,
    write=WRITE,
    back=BACK,
    row=Row,
    settle=settle,
    told=_refused,
    history=HISTORY,
)
