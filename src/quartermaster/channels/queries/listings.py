"""Listings of a shop as people and programs see them, and the arithmetic behind one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.channels.queries.figures import figures
from quartermaster.channels.queries.lags import lag_of, velocity
from quartermaster.channels.rules import Step, Suggested, suggest
from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.moment import now
from quartermaster.core.pages import LIMIT, Page, position
from quartermaster.core.texts import literal, short
from quartermaster.inbox.queries.connections import connection as connection_of

COUNTED_MAX = 10_000  # more than so many of a shop are "10,000+"
type Show = Literal["all", "unmapped", "differs", "waiting", "trouble", "gone", "held"]

SHOWN = """
select row_to_json(r)::text from (
  select l.id, c.slug as connection, l.name as listing, l.code, l.title, s.code as sku, l.mapped_by,
    l.is_live, l.buffer, l.cap, l.share_percent, l.least, l.is_pushed, l.wanted, l.version, l.wanted_at,
    l.confirmed, l.confirmed_at, l.confirmed_version, l.state, l.because, l.tries, l.price_minor, l.currency,
    l.seen_at, l.gone_at, m.mode = 'live' as is_told
  from channels_listing l join inbox_connection c on c.id = l.shop_id
    join channels_shop m on m.connection_id = l.shop_id
    left join catalog_sku s on s.id = l.sku_id
  where {where} order by l.id limit %(limit)s) r
"""
WHICH: dict[str, str] = {
    "all": "l.gone_at is null",
    "unmapped": "l.gone_at is null and l.sku_id is null",
    "differs": "l.gone_at is null and l.wanted is not null and l.wanted is distinct from l.confirmed",
    "waiting": "(l.state = 'due' or l.state in ('sent', 'asked'))",  # two indexes, one for each
    "trouble": "l.state in ('refused', 'stuck')",
    "gone": "l.gone_at is not null",
    "held": "l.gone_at is null and not l.is_pushed",
}
FOUND = """(%(asked)s = '' or l.code ilike %(prefix)s or s.code ilike %(prefix)s or l.title ilike %(within)s
  or l.name = %(asked)s)"""
TOLD = """
select row_to_json(r)::text from (
  select p.version, p.quantity, p.expected, p.outcome, p.has, p.because, p.wanted_at, p.sent_at, p.answered_at
  from channels_push p where p.listing_id = %s order by p.id desc limit 20) r
"""
_COUNTED = """(select count(*)::int from (
  select from channels_listing l where l.shop_id = g.shop_id and {} limit %(most)s) x)"""
# Each count comes from an index of such rows alone; that of all listings from one that is not wider.
SHELVES = """
select row_to_json(r)::text from (
  select c.slug as connection, c.kind, s.mode, c.is_active, g.read_at, g.read_next_at, g.read_failures,
    g.read_because, g.push_failures, g.push_because, n.*
  from channels_goods g join channels_shop s on s.connection_id = g.shop_id
  join inbox_connection c on c.id = g.shop_id
  cross join lateral (
    select (select count(*)::int from channels_listing l where l.shop_id = g.shop_id and l.gone_at is null)
        as listings,
      {unmapped} as unmapped, {waiting} as waiting, {trouble} as in_trouble, {differs} as differing,
      (select min(x.at) from (
        select (select min(wanted_at) from channels_listing l
          where l.shop_id = g.shop_id and l.state = 'due' and l.is_raise = v.is_raise) as at
        from (values (false), (true)) v (is_raise)
        union all select min(wanted_at) from channels_listing l where l.shop_id = g.shop_id
          and l.state in ('sent', 'asked') and l.state = 'sent') x) as oldest_at) n
  where %(only)s = '' or c.slug = %(only)s order by c.slug) r
""".format(**{name: _COUNTED.format(WHICH[name]) for name in ("unmapped", "waiting", "trouble", "differs")})  # noqa: S608


class ListingShown(msgspec.Struct, frozen=True):
    """A listing. wanted: what the shop is to have, by the formula; confirmed: what it said it has, at
    confirmed_at. sku: None while it is not mapped. is_told: the shop is live."""

    id: int
    connection: str
    listing: str
    code: str
    title: str
    sku: str | None
    mapped_by: str
    is_live: bool
    buffer: int
    cap: int | None
    share_percent: int
    least: int
    is_pushed: bool
    wanted: int | None
    version: int
    wanted_at: datetime | None
    confirmed: int | None
    confirmed_at: datetime | None
    confirmed_version: int
    state: str
    because: str
    tries: int
    price_minor: int | None
    currency: str
    seen_at: datetime
    gone_at: datetime | None
    is_told: bool


class Told(msgspec.Struct, frozen=True):
    """A number a shop was sent, or was looked at for (read), and what it said."""

    version: int
    quantity: int
    expected: int | None
    outcome: str
    has: int | None
    because: str
    wanted_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime


class Explained(msgspec.Struct, frozen=True):
    """The arithmetic with today's numbers. quantity: what the formula says now; None: not mapped."""

    listing: ListingShown
    quantity: int | None
    steps: tuple[Step, ...]
    suggested: Suggested
    told: tuple[Told, ...]


class Shelf(msgspec.Struct, frozen=True):
    """A shop with its listings, counted: parts of them up to COUNTED_MAX + 1. oldest_at: of the changes it
    has not confirmed."""

    connection: str
    kind: str
    mode: str
    is_active: bool
    read_at: datetime | None
    read_next_at: datetime
    read_failures: int
    read_because: str
    push_failures: int
    push_because: str
    listings: int
    unmapped: int
    waiting: int
    in_trouble: int
    differing: int
    oldest_at: datetime | None


_shown = msgspec.json.Decoder(ListingShown)


def listings(
    slug: str, *, show: Show = "all", asked: str = "", sku: str = "", after: str = "", limit: int = LIMIT
) -> Page[ListingShown]:
    """Listings of a shop in a fixed order. asked: the beginning of a code or SKU, a part of the title, or the
    name. Raises NotFound, BadCursor."""
    shop_id = connection_of(slug).id
    where = f"l.shop_id = %(shop)s and l.id > %(after)s and {WHICH[show]}"
    wanted = {
        "shop": shop_id,
        "after": position(after) or 0,
        **looked_for(asked),
        "sku": sku,
        "limit": limit + 1,
    }
    if asked:
        where += f" and {FOUND}"
    if sku:
        where += " and l.sku_id = (select id from catalog_sku where code = %(sku)s)"
    # planned anew each time: what is shown decides which index is read
    found = [_shown.decode(row) for (row,) in sql.run(SHOWN.format(where=where), wanted, prepare=False)]
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def looked_for(asked: str) -> dict[str, str]:
    """What FOUND is told."""
    plain = literal(asked)
    return {"asked": asked, "prefix": f"{plain}%", "within": f"%{plain}%"}


def listings_of_sku(sku_id: int) -> list[ListingShown]:
    """Where a SKU is for sale."""
    where = "l.sku_id = %(sku)s and l.gone_at is null"
    return [
        _shown.decode(row) for (row,) in sql.run(SHOWN.format(where=where), {"sku": sku_id, "limit": 100})
    ]


def named(slug: str, names: Sequence[str]) -> list[ListingShown]:
    """These listings of a shop. Raises NotFound."""
    facts = {"shop": connection_of(slug).id, "names": list(names), "limit": len(names)}
    found = sql.run(SHOWN.format(where="l.shop_id = %(shop)s and l.name = any(%(names)s)"), facts)
    return [_shown.decode(row) for (row,) in found]


def explained(slug: str, listing: str) -> Explained:
    """Why a listing has its number. Raises NotFound."""
    where = "l.shop_id = %(shop)s and l.name = %(name)s"
    facts = {"shop": connection_of(slug).id, "name": listing, "limit": 1}
    for (row,) in sql.run(SHOWN.format(where=where), facts):
        shown = _shown.decode(row)
        said = [figure.published for figure in figures([shown.id], now())]
        lag_s, pushes = lag_of(slug)
        return Explained(
            shown,
            said[0].quantity if said else None,
            said[0].steps if said else (),
            suggest(lag_s=lag_s, pushes=pushes, units_a_day=velocity(shown.sku) if shown.sku else 0.0),
            tuple(msgspec.json.decode(told, type=Told) for (told,) in sql.run(TOLD, (shown.id,))),
        )
    raise NotFound(what="listing", which=short(listing, 60))


def shelves(only: str = "") -> list[Shelf]:
    """The shops whose listings are known, by name."""
    asked = {"only": only, "most": COUNTED_MAX + 1}
    return [msgspec.json.decode(row, type=Shelf) for (row,) in sql.run(SHELVES, asked)]
