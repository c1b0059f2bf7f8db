"""Tell shops what their listings are to say. What a shop has is looked at right before it is written to: what
somebody changed there since a person looked is not written over."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.channels.actions.contents.answers import CONTENTS
from quartermaster.channels.actions.telling import sending
from quartermaster.channels.actions.telling.sending import Sending
from quartermaster.channels.ports import Content, ContentField, Contents, Taken
from quartermaster.channels.queries.contents import said_by
from quartermaster.channels.rules.contents import Answer, same
from quartermaster.core.outside import Account

SHOPS = """
update channels_goods g set content_at = case when g.content_failures > 0
    then clock_timestamp() + %(lease)s * interval '1 second' else g.content_at end
from inbox_connection c
where c.id = g.shop_id and g.shop_id in (
  select y.shop_id from channels_goods y join channels_shop s on s.connection_id = y.shop_id
  join inbox_connection x on x.id = y.shop_id
  where s.mode = 'live' and x.is_active and x.keys_refused_at is null and x.kind = any(%(kinds)s)
    and y.content_at <= clock_timestamp()
    and exists (select from channels_content t where t.shop_id = y.shop_id and t.state = 'due'
      and t.next_at <= clock_timestamp())
  order by y.shop_id for update of y skip locked)
returning g.shop_id, c.slug, c.kind
"""
# All rows of a write are of one field: that of the oldest wish.
TAKE = """
update channels_content x set state = 'sent', turn = x.turn + 1, sent_at = clock_timestamp(),
  is_doubted = false, lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where id = any(array(
  select y.id from channels_content y
  where y.shop_id = %(shop)s and y.state = 'due' and y.next_at <= clock_timestamp() and y.field = (
    select z.field from channels_content z
    where z.shop_id = %(shop)s and z.state = 'due' and z.next_at <= clock_timestamp()
    order by z.id limit 1)
  order by y.id limit %(most)s for update of y skip locked))
returning id, turn
"""
STILL = """
update channels_content x set sent_at = clock_timestamp(),
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from (
  select y.id, l.name from channels_content y join channels_listing l on l.id = y.listing_id
  join channels_shop s on s.connection_id = y.shop_id
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = y.id
  where y.turn = w.turn and y.state = 'sent' and l.gone_at is null and l.sku_id = y.sku_id
    and s.mode = 'live'
  order by y.id for no key update of y) held
where held.id = x.id
returning x.id, x.turn, x.push_id, held.name, x.field, x.expected, x.wanted, x.sent_at
"""


class Held(NamedTuple):
    """A row in hand, with what is sent of it. version: the wish it belongs to."""

    id: int
    turn: int
    version: int
    name: str
    field: ContentField
    expected: str
    wanted: str
    sent_at: datetime


class Looked(Taken, frozen=True):
    """An answer that came from a look alone: nothing was written."""

    has: str = ""


def _write(contents: Contents, account: Account, held: Sequence[Held], key: str) -> Sequence[Taken]:
    found = {one.name: one for one in contents.listed(account=account, names=[row.name for row in held])}
    told: list[Taken] = []
    due: list[Content] = []
    for row in held:
        if row.name not in found:
            told.append(Taken(row.name, "missing"))
            continue
        has = said_by(found[row.name], row.field)
        if same(row.field, has, row.wanted):
            told.append(Looked(row.name, "taken", has=has))
        elif not same(row.field, has, row.expected):
            told.append(Looked(row.name, "stale", has=has))
        else:
            due.append(Content(row.name, row.field, row.wanted))
    if due:
        told += contents.set_content(account=account, contents=due, key=key)
    return told


def _answered(row: Held, told: Taken | None, otherwise: str) -> Answer:
    if told is None:
        return Answer(row.id, row.turn, "unclear", because=(otherwise or "no clear answer")[:300])
    has = told.has if isinstance(told, Looked) else None
    return Answer(row.id, row.turn, told.state, has, told.because[:300])


SENDING = Sending(
    name="contents",
    books=CONTENTS,
    shops=SHOPS,
    take=TAKE,
    still=STILL,
    held=Held._make,
    sent=lambda row: f"{row.field}={row.wanted}",
    write=_write,
    answered=_answered,
    port=Contents,
)


def push_contents() -> int:
    """The chore: a write for each shop with something to be told. Returns how many rows were taken."""
    return sending.push(SENDING)
