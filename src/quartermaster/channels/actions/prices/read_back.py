"""Look what listings cost in their shops, after it was accepted, unclear, or taken; as stock is looked at."""

import logging
from typing import Any

from django.db import transaction

from quartermaster.channels.actions.answers import words
from quartermaster.channels.actions.prices.answers import keep
from quartermaster.channels.actions.read_back import AGAIN, KNOWN, LEASE_S
from quartermaster.channels.ports import Listing
from quartermaster.channels.queries.goods import kinds, listings_of, offering
from quartermaster.channels.rules.settling import Answer
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.core.outside import retry_at

log = logging.getLogger(__name__)

SHOPS = """
select g.shop_id, c.slug, c.kind from channels_pricing g join channels_shop s on s.connection_id = g.shop_id
join inbox_connection c on c.id = g.shop_id
where s.mode = 'live' and c.is_active and c.keys_refused_at is null and c.kind = any(%s)
  and g.push_at <= clock_timestamp()
  and exists (select from channels_listing_price p join channels_listing l on l.id = p.listing_id
    where l.shop_id = g.shop_id and p.state in ('sent', 'asked') and p.next_at <= clock_timestamp()
      and (p.lease_until is null or p.lease_until < clock_timestamp()))
order by 1
"""
TAKE = """
update channels_listing_price p set asks = case when p.state = 'sent' then 'unclear' else p.asks end,
  state = 'asked', turn = p.turn + 1, is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from (
  select x.listing_id, l.name from channels_listing_price x join channels_listing l on l.id = x.listing_id
  where l.shop_id = %(shop)s and x.state in ('sent', 'asked') and x.next_at <= clock_timestamp()
    and (x.lease_until is null or x.lease_until < clock_timestamp())
  order by x.next_at limit %(most)s for update of x skip locked) held
where held.listing_id = p.listing_id
returning p.listing_id, p.turn, held.name, p.sent_version, coalesce(p.sent_minor, 0), p.currency, p.sent_at
"""
LATER = """
update channels_listing_price p set next_at = %(next)s, lease_until = null
from (
  select x.listing_id from channels_listing_price x
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.listing_id
  where x.turn = w.turn and x.state = 'asked' order by 1 for no key update of x) held
where held.listing_id = p.listing_id
"""


def read_prices_back() -> int:
    """The chore: one look at each shop with prices to be read back. Returns how many rows."""
    offered = kinds()
    shops = sql.run(SHOPS, (offered,)) if offered else []
    return sum(_look(*shop) for shop in shops)


def _look(shop_id: int, slug: str, kind: str) -> int:
    most = listings_of(kind, slug).rows_max
    with transaction.atomic():
        taken = sorted(sql.run(TAKE, {"shop": shop_id, "most": most, "lease": LEASE_S}))
    if not taken:
        return 0
    try:
        account, listings = offering(slug)
        found = {one.name: one for one in listings.listed(account=account, names=[row[2] for row in taken])}
    except Exception as trouble:
        log.warning("%s: %s", slug, words(trouble), exc_info=None if isinstance(trouble, KNOWN) else trouble)
        rows = sql.rows({"id": row[0], "turn": row[1]} for row in taken)
        with transaction.atomic():
            sql.run(LATER, {"rows": rows, "next": max(retry_at(trouble) or now(), now() + AGAIN)})
        return 0
    keep(shop_id, slug, [_seen(row, found.get(row[2])) for row in taken], at=now())
    return len(taken)


def _seen(row: tuple[Any, ...], found: Listing | None) -> Answer:
    id_, turn, _, version, minor, currency, sent_at = row
    outcome, because, has = "missing", "The shop does not have it any more.", None
    if found is not None:
        outcome, because = "read", ""
        if found.currency == currency:
            has = found.price_minor
    return Answer(
        id_, turn, outcome, has, because, version=version, quantity=minor, sent_at=sent_at, is_look=True
    )
