"""Look what shops have of listings whose stock they were told."""

from typing import Any

from quartermaster.channels.actions.answers import STOCK
from quartermaster.channels.actions.telling.looking import Looking, look
from quartermaster.channels.ports import Listing
from quartermaster.channels.rules.settling import Answer

SHOPS = """
select g.shop_id, c.slug, c.kind from channels_goods g join channels_shop s on s.connection_id = g.shop_id
join inbox_connection c on c.id = g.shop_id
where s.mode = 'live' and c.is_active and c.keys_refused_at is null and c.kind = any(%s)
  and g.push_at <= clock_timestamp()
  and exists (select from channels_listing l where l.shop_id = g.shop_id and l.state in ('sent', 'asked')
    and l.next_at <= clock_timestamp() and l.bulk_id is null
    and (l.lease_until is null or l.lease_until < clock_timestamp()))
order by 1
"""
# Whoever looks holds the row as one who writes does, for as long: in state `asked`.
TAKE = """
update channels_listing l set asks = case when l.state = 'sent' then 'unclear' else l.asks end,
  state = 'asked', turn = l.turn + 1, is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where id = any(array(
  select id from channels_listing where shop_id = %(shop)s and state in ('sent', 'asked')
    and next_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
    and bulk_id is null
  order by next_at limit %(most)s for update skip locked))
returning id, turn, name, sent_version, coalesce(sent_quantity, 0), sent_at
"""
LATER = """
update channels_listing l set next_at = %(next)s, lease_until = null
from (select x.id from channels_listing x
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.id
  where x.turn = w.turn and x.state = 'asked' order by x.id for no key update of x) held
where held.id = l.id
"""


def _seen(row: tuple[Any, ...], found: Listing | None) -> Answer:
    id_, turn, _, version, quantity, sent_at = row
    outcome, because = ("read", "") if found else ("missing", "The shop does not have it any more.")
    return Answer(
        id_,
        turn,
        outcome,
        found.quantity if found else None,
        because,
        version=version,
        quantity=quantity,
        sent_at=sent_at,
        is_look=True,
    )


LOOKING = Looking(STOCK, SHOPS, TAKE, LATER, _seen)


def read_back() -> int:
    """The chore: one look at each shop with rows to be read back. Returns how many rows."""
    return look(LOOKING)
