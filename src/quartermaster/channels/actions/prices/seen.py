"""Prices as the shops have them, learned while their listings are read. A price that somebody changed there
is kept, and not written over: the comparison tells of it."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.channels.actions.prices.mark import mark_prices
from quartermaster.core import sql

KNOW = """
insert into channels_pricing (shop_id) select shop_id from channels_goods where shop_id = %s
on conflict do nothing
"""
# Not while an answer is expected, and nothing older than what is known. Until we told a shop a price, what it
# has is what the next one is held against.
IS_THERE = """(p.wanted_minor, p.currency)
    is not distinct from (excluded.confirmed_minor, excluded.confirmed_currency)
    and (not p.tells_was or p.was_minor is not distinct from excluded.confirmed_was_minor)"""
SEEN = f"""
insert into channels_listing_price as p (listing_id, confirmed_minor, confirmed_was_minor,
  confirmed_currency, confirmed_at, regular_minor)
select l.id, l.price_minor, l.was_minor, l.currency,
  case when l.price_minor is not null then %(at)s::timestamptz end, l.price_minor
from channels_listing l where l.id = any(%(ids)s) order by l.id
on conflict (listing_id) do update set confirmed_minor = excluded.confirmed_minor,
  confirmed_was_minor = excluded.confirmed_was_minor, confirmed_currency = excluded.confirmed_currency,
  confirmed_at = excluded.confirmed_at,
  regular_minor = case when p.sent_version = 0 and p.sent_at is null then excluded.regular_minor
    else coalesce(p.regular_minor, excluded.regular_minor) end,
  confirmed_version = case when {IS_THERE} then p.version
    else p.confirmed_version end,
  state = case when {IS_THERE} then 'idle' else p.state end,
  because = case when {IS_THERE} then '' else p.because end
where p.state in ('idle', 'due', 'refused', 'stuck') and excluded.confirmed_minor is not null
  and coalesce(p.confirmed_at < %(asked)s, true)
returning p.listing_id
"""  # noqa: S608 - constants only
TO_WORK_OUT = """
select distinct l.sku_id from channels_listing l join channels_listing_price p on p.listing_id = l.id
where l.id = any(%s) and l.sku_id is not null
  and (p.wanted_minor is null or p.blocked_by <> '' or p.sent_at is null)
"""


def see_prices(shop_id: int, listing_ids: Sequence[int], *, asked_at: datetime, at: datetime) -> None:
    """In the transaction that keeps the page they were read with."""
    sql.run(KNOW, (shop_id,))
    sql.run(SEEN, {"ids": list(listing_ids), "at": at, "asked": asked_at})
    mark_prices(sku_id for (sku_id,) in sql.run(TO_WORK_OUT, (list(listing_ids),)))
