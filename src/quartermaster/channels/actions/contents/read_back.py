"""Look what listings say in their shops."""

from typing import Any

from quartermaster.channels.actions.contents.answers import CONTENTS
from quartermaster.channels.actions.telling.looking import Looking, look
from quartermaster.channels.ports import Contents, Listing
from quartermaster.channels.queries.contents import said_by
from quartermaster.channels.rules.contents import Answer

SHOPS = """
select g.shop_id, c.slug, c.kind from channels_goods g join channels_shop s on s.connection_id = g.shop_id
join inbox_connection c on c.id = g.shop_id
where s.mode = 'live' and c.is_active and c.keys_refused_at is null and c.kind = any(%s)
  and g.content_at <= clock_timestamp()
  and exists (select from channels_content x where x.shop_id = g.shop_id and x.state in ('sent', 'asked')
    and x.next_at <= clock_timestamp() and (x.lease_until is null or x.lease_until < clock_timestamp()))
order by 1
"""
TAKE = """
update channels_content x set asks = case when x.state = 'sent' then 'unclear' else x.asks end,
  state = 'asked', turn = x.turn + 1, is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from channels_listing l
where l.id = x.listing_id and x.id = any(array(
  select y.id from channels_content y
  where y.shop_id = %(shop)s and y.state in ('sent', 'asked') and y.next_at <= clock_timestamp()
    and (y.lease_until is null or y.lease_until < clock_timestamp())
  order by y.next_at limit %(most)s for update of y skip locked))
returning x.id, x.turn, l.name, x.field
"""
LATER = """
update channels_content x set next_at = %(next)s, lease_until = null
from (
  select y.id from channels_content y
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = y.id
  where y.turn = w.turn and y.state = 'asked' order by y.id for no key update of y) held
where held.id = x.id
"""


def _seen(row: tuple[Any, ...], found: Listing | None) -> Answer:
    id_, turn, _, field = row
    if found is None:
        return Answer(id_, turn, "missing", because="The shop does not have it any more.", is_look=True)
    return Answer(id_, turn, "read", said_by(found, field), is_look=True)


LOOKING = Looking(CONTENTS, SHOPS, TAKE, LATER, _seen, port=Contents)


def read_contents_back() -> int:
    """The chore: one look at each shop with fields to be read back. Returns how many rows."""
    return look(LOOKING)
