"""Write down that the listings of a SKU may have another price, in the transaction that makes it so."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.river import signal

# A kit costs what its parts do.
MARK = """
insert into channels_price_dirty (sku_id)
select x.id from (
  select unnest(%(ids)s::bigint[]) as id
  union select kit_id from catalog_kit_leaf where part_id = any(%(ids)s)) x
where exists (
  select from channels_listing l join channels_listing_price p on p.listing_id = l.id where l.sku_id = x.id)
order by 1
"""
MARK_SHOP = """
insert into channels_price_dirty (sku_id)
select distinct l.sku_id from channels_listing l join channels_listing_price p on p.listing_id = l.id
where l.shop_id = %s and l.sku_id is not null order by 1
"""
MARK_LIST = """
insert into channels_price_dirty (sku_id)
select distinct l.sku_id from channels_listing l join channels_listing_price p on p.listing_id = l.id
join channels_pricing g on g.shop_id = l.shop_id where g.list_id = %s and l.sku_id is not null order by 1
"""
MARK_BLOCKED = """
insert into channels_price_dirty (sku_id)
select distinct l.sku_id from channels_listing l join channels_listing_price p on p.listing_id = l.id
where p.blocked_by <> '' and l.sku_id is not null order by 1
"""
LEFT_OFF = """
update channels_listing_price set state = 'idle', wanted_minor = null, version = 0, confirmed_version = 0,
  sent_version = 0, wanted_at = null, is_sale = false, was_minor = null, tells_was = false,
  blocked_by = '', blocked_because = '',
  blocked_at = null,
  let_minor = null, let_by = '', let_because = '', own_minor = null, because = '', asks = '', turn = turn + 1
where listing_id = any(%s)
"""


def mark_prices(sku_ids: Iterable[int]) -> None:
    assert sql.in_transaction(), "what is marked belongs to the change that marks it"
    sql.run(MARK, {"ids": sorted(set(sku_ids))})
    transaction.on_commit(signal.wake)


def mark_prices_of(shop_id: int) -> None:
    """All listings of a shop: its rule or its list is another one."""
    assert sql.in_transaction(), "what is marked belongs to the change that marks it"
    sql.run(MARK_SHOP, (shop_id,))
    transaction.on_commit(signal.wake)


def mark_prices_by(list_id: int) -> None:
    """All listings of the shops that follow a list: what it says of sales is another."""
    assert sql.in_transaction(), "what is marked belongs to the change that marks it"
    sql.run(MARK_LIST, (list_id,))
    transaction.on_commit(signal.wake)


def mark_blocked() -> None:
    """A price that moved too far for some days may be sent afterwards."""
    assert sql.in_transaction(), "what is marked belongs to the change that marks it"
    sql.run(MARK_BLOCKED)


def leave_off_prices(listing_ids: Sequence[int]) -> None:
    """Nothing is wanted of a listing that is no SKU of ours."""
    if listing_ids:
        sql.run(LEFT_OFF, (list(listing_ids),))
