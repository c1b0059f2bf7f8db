"""Where it is kept what shops answered of what their listings are to say."""

from collections.abc import Mapping
from typing import Any

from quartermaster.channels.actions.telling.books import Books
from quartermaster.channels.rules.contents import Answer, Next, Row, settle
from quartermaster.core.events import Event
from quartermaster.events import ContentNotTold, ContentTold

LOCK = """
select x.id, x.state, x.asks, x.turn, x.field, x.expected, x.wanted, x.sent_at, x.tries, x.waits,
  l.gone_at is null and l.sku_id is not distinct from x.sku_id, x.is_doubted,
  exists (select from channels_content y where y.listing_id = x.listing_id and y.field = x.field
    and y.id <> x.id and y.state in ('due', 'sent', 'asked')),
  l.name
from channels_content x join channels_listing l on l.id = x.listing_id
where x.id = any(%s) order by x.id for no key update of x
"""
# What was seen is what the listing says from now on, so that a difference that was healed is none any more.
WRITE = """
with written as (
  update channels_content x set state = n.state, asks = n.asks, has = coalesce(n.has, x.has),
    tries = n.tries, waits = n.waits, is_doubted = n.is_doubted, because = n.because,
    lease_until = case when n.state = 'sent' then x.lease_until end,
    next_at = case when n.state = 'sent' then x.next_at else n.next_at end,
    settled_at = case when n.state not in ('due', 'sent', 'asked') then %(at)s::timestamptz end
  from jsonb_to_recordset(%(rows)s::jsonb) as n(id bigint, state text, next_at timestamptz, asks text,
    has text, tries int, waits int, is_doubted bool, because text)
  where n.id = x.id and x.shop_id = %(shop)s
  returning x.listing_id, x.field, n.has),
seen as (
  select listing_id, max(has) filter (where field = 'title') as title,
    max(has) filter (where field = 'barcode') as barcode,
    max(has) filter (where field = 'weight_g') as weight_g
  from written where has is not null group by 1),
held as (
  select l.id from channels_listing l where l.id in (select listing_id from seen)
  order by l.id for no key update)
update channels_listing l set title = coalesce(seen.title, l.title),
  barcode = coalesce(seen.barcode, l.barcode),
  weight_g = case when seen.weight_g is null then l.weight_g else nullif(seen.weight_g, '')::int end
from seen, held where l.id = seen.listing_id and held.id = l.id
"""
GONE = """
update channels_listing set gone_at = %s
where id in (select listing_id from channels_content where id = any(%s)) and gone_at is null
"""
BACK = """
update channels_content x set lease_until = null, asks = '', next_at = %(at)s,
  state = case when held.is_open then 'due' else 'refused' end,
  because = case when held.is_open then '' else 'The listing is gone, or another product by now.' end,
  settled_at = case when not held.is_open then %(at)s::timestamptz end
from (
  select y.id, l.gone_at is null and l.sku_id is not distinct from y.sku_id as is_open
  from channels_content y join channels_listing l on l.id = y.listing_id
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = y.id
  where y.turn = w.turn and y.state = 'sent' and y.id <> all(%(but)s::bigint[])
  order by y.id for no key update of y) held
where held.id = x.id
"""


def _told(said: Mapping[str, Any], row: Row, answer: Answer, change: Next) -> Event:
    if change.state == "confirmed":
        return ContentTold(
            **said,
            field=row.field,
            before=row.expected,
            after=row.wanted,
        )
    return ContentNotTold(
        **said,
        field=row.field,
        wanted=row.wanted,
        because=change.because,
    )


CONTENTS = Books(
    shops="channels_goods",
    of="content",
    lock=LOCK,
    write=WRITE,
    back=BACK,
    row=Row,
    settle=settle,
    told=_told,
    tells=("confirmed", "refused", "changed", "stuck"),
    gone=GONE,
)
