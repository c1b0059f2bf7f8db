"""Prices of listings as people and programs see them, and the arithmetic behind one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.channels.queries.listings import FOUND, looked_for
from quartermaster.channels.queries.prices.figures import figures
from quartermaster.channels.queries.prices.lists import list_prices_of, sales
from quartermaster.channels.queries.prices.standing import IS_THERE
from quartermaster.channels.rules.prices import Line
from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, position
from quartermaster.core.texts import short
from quartermaster.inbox.queries.connections import connection as connection_of

type ShowPrices = Literal["all", "blocked", "differs", "waiting", "trouble", "none"]

SHOWN = """
select row_to_json(r)::text from (
  select l.id, c.slug as connection, l.name as listing, l.code, l.title, s.code as sku, g.mode,
    g.mode = 'live' and m.mode = 'live' and c.is_active as is_told, k.name as price_list, g.time_zone,
    p.is_pushed, p.own_minor, p.factor_bp, p.amount_minor, p.wanted_minor, p.was_minor, p.tells_was,
    p.currency, p.is_sale, p.wanted_at, p.version,
    p.blocked_by, p.blocked_because, p.blocked_at, p.let_minor, p.let_by, p.let_because,
    p.confirmed_minor, p.confirmed_was_minor, p.confirmed_currency, p.confirmed_at, p.confirmed_version,
    p.state, p.because
  from channels_listing_price p
  join channels_listing l on l.id = p.listing_id
  join inbox_connection c on c.id = l.shop_id
  join channels_shop m on m.connection_id = l.shop_id
  join channels_pricing g on g.shop_id = l.shop_id
  left join channels_price_list k on k.id = g.list_id
  left join catalog_sku s on s.id = l.sku_id
  where {where} and l.gone_at is null order by l.id limit %(limit)s) r
"""
WHICH: dict[str, str] = {
    "all": "true",
    "blocked": "p.blocked_by <> ''",
    "differs": f"p.wanted_minor is not null and not {IS_THERE}",
    "waiting": "p.state in ('due', 'sent', 'asked')",
    "trouble": "p.state in ('refused', 'stuck')",
    "none": "p.wanted_minor is null",
}
TOLD = """
select row_to_json(r)::text from (
  select p.version, p.price_minor, p.was_minor, p.currency, p.outcome, p.has_minor, p.has_was_minor,
    p.because, p.sent_at, p.answered_at
  from channels_price_push p where p.listing_id = %s order by p.id desc limit 20) r
"""


class ListingPriceShown(msgspec.Struct, frozen=True):
    """The price of a listing. wanted_minor: what it is to cost, in `currency`, was_minor: what is to be shown
    beside it as its price before, where that is ours to say (tells_was); confirmed_minor,
    confirmed_was_minor: what the shop said, at confirmed_at. blocked_by: guards that hold it back, with
    commas between. is_told: prices are sent to this shop. own_minor, factor_bp, amount_minor: in place of
    what the shop's rule says."""

    id: int
    connection: str
    listing: str
    code: str
    title: str
    sku: str | None
    mode: str
    is_told: bool
    price_list: str | None
    time_zone: str
    is_pushed: bool
    own_minor: int | None
    factor_bp: int | None
    amount_minor: int | None
    wanted_minor: int | None
    was_minor: int | None
    tells_was: bool
    currency: str
    is_sale: bool
    wanted_at: datetime | None
    version: int
    blocked_by: str
    blocked_because: str
    blocked_at: datetime | None
    let_minor: int | None
    let_by: str
    let_because: str
    confirmed_minor: int | None
    confirmed_was_minor: int | None
    confirmed_currency: str
    confirmed_at: datetime | None
    confirmed_version: int
    state: str
    because: str


class PriceTold(msgspec.Struct, frozen=True):
    """A price a shop was sent, or was looked at for (read), and what it said."""

    version: int
    price_minor: int
    was_minor: int | None
    currency: str
    outcome: str
    has_minor: int | None
    has_was_minor: int | None
    because: str
    sent_at: datetime | None
    answered_at: datetime


class PriceExplained(msgspec.Struct, frozen=True):
    """The arithmetic of this moment. price_minor: None where its list has no price of it. floor_minor: below
    it the cost is not covered; None where the cost is not known. against: what guards say, also of a price
    that a person let through. was_minor: what is shown beside it as its price before, and was_because why
    that, or why nothing."""

    listing: ListingPriceShown
    price_minor: int | None
    lines: tuple[Line, ...]
    floor_minor: int | None
    against: tuple[str, ...]
    told: tuple[PriceTold, ...]
    was_minor: int | None = None
    was_because: str = ""


_shown = msgspec.json.Decoder(ListingPriceShown)


def listing_prices(
    slug: str = "", *, show: ShowPrices = "all", asked: str = "", after: str = "", limit: int = LIMIT
) -> Page[ListingPriceShown]:
    """Of one shop, or of all. asked: the beginning of a code or SKU, a part of the title, or the name. Raises
    NotFound, BadCursor."""
    which = ["l.id > %(after)s", WHICH[show]]
    which += ["l.shop_id = %(shop)s"] if slug else []
    which += [FOUND] if asked else []
    wanted = {
        "shop": connection_of(slug).id if slug else None,
        "after": position(after) or 0,
        **looked_for(asked),
        "limit": limit + 1,
    }
    # planned anew each time: what is shown decides which index is read
    rows = sql.run(SHOWN.format(where=" and ".join(which)), wanted, prepare=False)
    found = [_shown.decode(row) for (row,) in rows]
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def prices_of_skus(sku_ids: Sequence[int]) -> list[ListingPriceShown]:
    """What SKUs are to cost and cost, in every shop that sells them."""
    facts = {"ids": list(sku_ids), "limit": 10_000}
    found = sql.run(SHOWN.format(where="l.sku_id = any(%(ids)s)"), facts)
    return [_shown.decode(row) for (row,) in found]


def prices_named(slug: str, names: Sequence[str]) -> list[ListingPriceShown]:
    """Of these listings of a shop. Raises NotFound."""
    facts = {"shop": connection_of(slug).id, "names": list(names), "limit": len(names)}
    found = sql.run(SHOWN.format(where="l.shop_id = %(shop)s and l.name = any(%(names)s)"), facts)
    return [_shown.decode(row) for (row,) in found]


def price_explained(slug: str, listing: str, at: datetime) -> PriceExplained:
    """Why a listing is to cost what it is. Raises NotFound."""
    for shown in prices_named(slug, [listing]):
        told = tuple(msgspec.json.decode(row, type=PriceTold) for (row,) in sql.run(TOLD, (shown.id,)))
        for one in figures([shown.id], at):
            lines = one.priced.lines if one.priced else ()
            against = tuple(stop.because for stop in one.against)
            return PriceExplained(
                shown, one.minor, lines, one.floor_minor, against, told, one.was.minor, one.was.because
            )
        return PriceExplained(shown, None, (), None, (), told)
    raise NotFound(what="price of a listing", which=short(listing, 60))


def everywhere(sku: str, *, at: datetime) -> dict[str, object]:
    """lists, sales (planned or on) and channels: everywhere a SKU has a price. Raises NotFound."""
    found = sql.run("select id from catalog_sku where code = %s", (sku,))
    if not found:
        raise NotFound(what="SKU", which=short(sku, 60))
    return {
        "lists": list_prices_of(sku, at=at),
        "sales": sales(sku=sku, is_open=True),
        "channels": prices_of_skus([found[0][0]]),
    }
