"""What tests of prices do: write some on a list, let the worker work, look at a listing."""

from collections.abc import Mapping

from quartermaster.channels.actions import (
    push_prices,
    put_prices,
    read_prices_back,
    work_out_prices,
)
from quartermaster.channels.rules.prices.rows import PriceRow
from quartermaster.core import sql
from quartermaster.core.moment import now

AT = now()
SHOWN = """
select p.wanted_minor, p.confirmed_minor, p.state, p.blocked_by, p.because from channels_listing_price p
join channels_listing l on l.id = p.listing_id join inbox_connection c on c.id = l.shop_id
where l.name = %s and c.slug = %s
"""
LATER = """
update channels_listing_price set next_at = now() - interval '1 hour',
  lease_until = lease_until - interval '1 hour'
"""


def price(code: str, slug: str = "east") -> tuple[object, ...]:
    return sql.run(SHOWN, (f"L-{code}", slug))[0]


def work() -> None:
    while work_out_prices() + push_prices() + read_prices_back():
        pass


def settle() -> None:
    for _ in range(8):
        work()
        sql.run(LATER)
        sql.run("update channels_pricing set push_at = now() - interval '1 hour'")


def put(prices: Mapping[str, int], by: str = "user:1") -> str:
    return put_prices("Retail", [PriceRow(code, minor) for code, minor in prices.items()], at=AT, by=by).state
