"""Look what listings cost in their shops."""

from typing import Any

from quartermaster.channels.actions.prices.answers import PRICES
from quartermaster.channels.actions.telling.looking import Looking, look
from quartermaster.channels.ports import Listing
from quartermaster.channels.rules.settling import Answer

SHOPS = """
select g.shop_id, c.slug, c.kind from channels_pricing g join channels_shop s on s.connection_id = g.shop_id
join inbox_connection c on c.id = g.shop_id
where s.mode = 'live' and c.is_active and c.keys_refused_at is null and c.kind = any(%s)
  and g.push_at <= clock_timestamp()
  and exists (select from channels_listing_price p join channels_listing l on l.id = p.listing_id
    where l.shop_id = g.shop_id and p.state in ('sent', 'asked') and p.next_at <= clock_timestamp()
      and (p.lease_until is null or p.lease_until < clock_timestamp()) and p.bulk_id is null)
order by 1
"""
TAKE = """
update channels_listing_price p set asks = case when p.state = 'sent' then 'unclear' else p.asks end,
  state = 'asked', turn = p.turn + 1, is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from channels_listing n
where n.id = p.listing_id and p.listing_id = any(array(
  select x.listing_id from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where l.shop_id = %(shop)s and x.state in ('sent', 'asked') and x.next_at <= clock_timestamp()
    and (x.lease_until is null or x.lease_until < clock_timestamp()) and x.bulk_id is null
  order by x.next_at limit %(most)s for update of x skip locked))
returning p.listing_id, p.turn, n.name, p.sent_version, coalesce(p.sent_minor, 0), p.currency,
  p.sent_was_minor, p.sent_at
"""
LATER = """
update channels_listing_price p set next_at = %(next)s, lease_until = null
from (
  select x.listing_id from channels_listing_price x
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.listing_id
  where x.turn = w.turn and x.state = 'asked' order by 1 for no key update of x) held
where held.listing_id = p.listing_id
"""


def _seen(row: tuple[Any, ...], found: Listing | None) -> Answer:
    id_, turn, _, version, minor, currency, was, sent_at = row
    outcome, because = "missing", "The shop does not have it any more."
    has = has_was = None
    if found is not None:
        outcome, because = "read", ""
        if found.currency == currency:
            has, has_was = found.price_minor, found.was_minor
    return Answer(
        id_,
        turn,
        outcome,
        has,
        because,
        version=version,
        quantity=minor,
        sent_at=sent_at,
        is_look=True,
        was=was,
        has_was=has_was,
    )


LOOKING = Looking(PRICES, SHOPS, TAKE, LATER, _seen)


def read_prices_back() -> int:
    """The chore: one look at each shop with prices to be read back. Returns how many rows."""
    return look(LOOKING)
