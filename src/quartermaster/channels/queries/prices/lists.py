"""Price lists, what stands on them, sales, changes that are held, and the shops that follow them."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, position
from quartermaster.core.texts import literal, short

LISTS = """
select row_to_json(r)::text from (
  select k.name, k.currency, k.far_percent, k.far_rows, k.needs_two, k.market, k.shows_was,
    k.made_at, k.made_by,
    (select count(*) from channels_list_price v where v.list_id = k.id) as prices,
    (select count(*) from channels_sale s where s.list_id = k.id and s.state in ('planned', 'on')) as sales,
    (select count(*) from channels_price_batch b where b.list_id = k.id and b.state = 'held') as held,
    coalesce((select json_agg(c.slug order by c.slug) from channels_pricing g
      join inbox_connection c on c.id = g.shop_id where g.list_id = k.id), '[]') as shops
  from channels_price_list k where %(only)s = '' or k.name = %(only)s order by k.name) r
"""
# A sale is on by the clock, not by when that was noticed.
PRICES = """
select row_to_json(r)::text from (
  select v.id, s.code as sku, s.title, k.name as price_list, k.currency, v.price_minor, v.compare_at_minor,
    v.least_minor, v.most_minor, v.changed_at, v.changed_by,
    o.price_minor as sale_minor, o.ends_at as sale_until
  from channels_list_price v join channels_price_list k on k.id = v.list_id
  join catalog_sku s on s.id = v.sku_id
  left join lateral (
    select x.price_minor, x.ends_at from channels_sale x
    where x.list_id = v.list_id and x.sku_id = v.sku_id and x.state <> 'withdrawn'
      and x.starts_at <= %(at)s and x.ends_at > %(at)s order by x.starts_at desc, x.id desc limit 1) o on true
  where {where} order by v.id limit %(limit)s) r
"""
SALES = """
select row_to_json(r)::text from (
  select x.id::text, k.name as price_list, k.currency, s.code as sku, x.price_minor, x.starts_at, x.ends_at,
    x.state, x.because, x.made_at, x.made_by
  from channels_sale x join channels_price_list k on k.id = x.list_id join catalog_sku s on s.id = x.sku_id
  where (%(name)s = '' or k.name = %(name)s) and (%(sku)s = '' or s.code = %(sku)s)
    and (%(is_open)s is not true or x.state in ('planned', 'on'))
  order by x.id desc limit %(limit)s) r
"""
BATCHES = """
select row_to_json(r)::text from (
  select b.id::text, k.name as price_list, b.state, b.counted, b.far, b.sentence, b.made_at, b.made_by,
    b.decided_at, b.decided_by, b.decided_because
  from channels_price_batch b join channels_price_list k on k.id = b.list_id
  where (%(name)s = '' or k.name = %(name)s) and (not %(held)s or b.state = 'held')
  order by b.id desc limit %(limit)s) r
"""
# Every listing that was read has a row of its price. Each count of them is made from an index of such rows.
_THOSE = """channels_listing_price p join channels_listing l on l.id = p.listing_id
        where l.shop_id = g.shop_id and l.gone_at is null"""
SHOPS = f"""
select row_to_json(r)::text from (
  select c.slug as connection, c.kind, g.mode, m.mode as shop_mode, k.name as price_list,
    coalesce(k.currency, '') as currency, g.factor_bp, g.amount_minor, g.step_minor, g.ending_minor, g.fee_bp,
    g.fee_minor, g.tax_bp, g.margin_bp, g.change_percent, g.period_days, g.stops_without_cost, g.time_zone,
    g.push_failures, g.push_because, n.*
  from channels_pricing g join channels_shop m on m.connection_id = g.shop_id
  join inbox_connection c on c.id = g.shop_id left join channels_price_list k on k.id = g.list_id
  cross join lateral (
    select a.listings, a.listings - u.unpriced as priced, b.blocked, w.waiting, w.in_trouble
    from (select count(*)::int as listings from channels_listing l
        where l.shop_id = g.shop_id and l.gone_at is null) a,
      (select count(*)::int as unpriced from {_THOSE} and p.wanted_minor is null) u,
      (select count(*)::int as blocked from {_THOSE} and p.blocked_by <> '') b,
      (select count(*) filter (where p.state in ('due', 'sent', 'asked'))::int as waiting,
        count(*) filter (where p.state in ('refused', 'stuck'))::int as in_trouble
       from {_THOSE} and p.state <> 'idle') w) n
  where %(only)s = '' or c.slug = %(only)s order by c.slug) r
"""  # noqa: S608 - constants only


class PriceListShown(msgspec.Struct, frozen=True):
    """A price list. far_rows prices that move by more than far_percent stop a change; needs_two: another than
    who made it lets it through. market: a country, or EU; shows_was: beside a sale, what it cost before.
    held: changes that wait for a person. shops: those that follow it."""

    name: str
    currency: str
    far_percent: int
    far_rows: int
    needs_two: bool
    market: str
    shows_was: bool
    made_at: datetime
    made_by: str
    prices: int
    sales: int
    held: int
    shops: list[str]


class ListPriceShown(msgspec.Struct, frozen=True):
    """What a SKU costs by a list. sale_minor: of the sale that is on now, until sale_until."""

    id: int
    sku: str
    title: str
    price_list: str
    currency: str
    price_minor: int
    compare_at_minor: int | None
    least_minor: int | None
    most_minor: int | None
    changed_at: datetime
    changed_by: str
    sale_minor: int | None
    sale_until: datetime | None


class SaleShown(msgspec.Struct, frozen=True):
    """A price for a time. state: planned, on, over, withdrawn."""

    id: str
    price_list: str
    currency: str
    sku: str
    price_minor: int
    starts_at: datetime
    ends_at: datetime
    state: str
    because: str
    made_at: datetime
    made_by: str


class BatchShown(msgspec.Struct, frozen=True):
    """Prices that came together. held: sentence says why, and nothing of it is written."""

    id: str
    price_list: str
    state: str
    counted: int
    far: int
    sentence: str
    made_at: datetime
    made_by: str
    decided_at: datetime | None
    decided_by: str
    decided_because: str


class PricingShown(msgspec.Struct, frozen=True):
    """How a shop makes its prices. mode: whether it is told of them (shop_mode: of anything). priced:
    listings with a price; blocked: held back by a guard."""

    connection: str
    kind: str
    mode: str
    shop_mode: str
    price_list: str | None
    currency: str
    factor_bp: int
    amount_minor: int
    step_minor: int
    ending_minor: int
    fee_bp: int
    fee_minor: int
    tax_bp: int
    margin_bp: int
    change_percent: int | None
    period_days: int
    stops_without_cost: bool
    time_zone: str
    push_failures: int
    push_because: str
    listings: int
    priced: int
    blocked: int
    waiting: int
    in_trouble: int


def price_lists(only: str = "") -> list[PriceListShown]:
    return [msgspec.json.decode(row, type=PriceListShown) for (row,) in sql.run(LISTS, {"only": only})]


def price_list(name: str) -> PriceListShown:
    """Raises NotFound."""
    for found in price_lists(name) if name else []:
        return found
    raise NotFound(what="price list", which=short(name, 60))


def list_prices(
    name: str, *, asked: str = "", after: str = "", limit: int = LIMIT, at: datetime
) -> Page[ListPriceShown]:
    """What stands on a list. asked: the beginning of a SKU. Raises BadCursor."""
    plain = literal(asked)
    facts = {"name": name, "after": position(after) or 0, "prefix": f"{plain}%", "limit": limit + 1, "at": at}
    where = "k.name = %(name)s and v.id > %(after)s and s.code ilike %(prefix)s"
    rows = sql.run(PRICES.format(where=where), facts)
    found = [msgspec.json.decode(row, type=ListPriceShown) for (row,) in rows]
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def list_prices_of(sku: str, *, at: datetime) -> list[ListPriceShown]:
    """What a SKU costs, by each list that has a price of it."""
    rows = sql.run(PRICES.format(where="s.code = %(sku)s"), {"sku": sku, "limit": 1000, "at": at})
    return [msgspec.json.decode(row, type=ListPriceShown) for (row,) in rows]


def sales(*, name: str = "", sku: str = "", is_open: bool = False, limit: int = LIMIT) -> list[SaleShown]:
    """The newest first."""
    facts = {"name": name, "sku": sku, "is_open": is_open, "limit": limit}
    return [msgspec.json.decode(row, type=SaleShown) for (row,) in sql.run(SALES, facts)]


def batches(*, name: str = "", held: bool = False, limit: int = 20) -> list[BatchShown]:
    """The newest first."""
    rows = sql.run(BATCHES, {"name": name, "held": held, "limit": limit})
    return [msgspec.json.decode(row, type=BatchShown) for (row,) in rows]


def pricing(only: str = "") -> list[PricingShown]:
    """The shops whose listings are known, by name."""
    rows = sql.run(SHOPS, {"only": only}, prepare=False)
    return [msgspec.json.decode(row, type=PricingShown) for (row,) in rows]


def pricing_of(slug: str) -> PricingShown:
    """Raises NotFound."""
    for found in pricing(slug) if slug else []:
        return found
    raise NotFound(what="shop with prices", which=short(slug, 60))
