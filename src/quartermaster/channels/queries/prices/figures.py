"""What the prices of listings are made of, at a moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from quartermaster.channels.queries.goods import shows_was
from quartermaster.channels.rules.prices import (
    Guard,
    Known,
    Past,
    Priced,
    PriceRule,
    Shows,
    Stop,
    Was,
    floor_of,
    priced,
    stops,
    was,
)
from quartermaster.channels.rules.prices.was import LOOKED_BACK_DAYS
from quartermaster.core import sql

# What it cost in the days before a sale is only looked up where it may be shown.
# A kit without a cost of its own costs what its parts do, where all of them are known in one currency.
FACTS = f"""
select row_to_json(r)::text from (
  select l.id, c.slug as connection, c.kind, l.name as listing, s.code as sku, k.name as list_name,
    coalesce(k.currency, '') as currency, v.price_minor, v.compare_at_minor, v.least_minor, v.most_minor,
    coalesce(k.market, '') as market, coalesce(k.shows_was, false) as shows_was,
    json_build_object('lowest_minor', past.lowest_minor, 'since', past.since) as past,
    p.was_minor as was_before, p.tells_was as was_telling, p.sent_was_minor is not null as has_told,
    o.price_minor as sale_minor, o.ends_at as sale_until, l.currency as shop_currency,
    json_build_object('factor_bp', coalesce(p.factor_bp, g.factor_bp), 'step_minor', g.step_minor,
      'amount_minor', coalesce(p.amount_minor, g.amount_minor), 'ending_minor', g.ending_minor) as rule,
    json_build_object('fee_bp', g.fee_bp, 'fee_minor', g.fee_minor, 'tax_bp', g.tax_bp,
      'margin_bp', g.margin_bp, 'change_percent', g.change_percent, 'period_days', g.period_days,
      'stops_without_cost', g.stops_without_cost) as guard,
    coalesce(s.cost_minor, parts.cost_minor) as cost_minor,
    case when s.cost_minor is null then coalesce(parts.currency, '') else s.currency end as cost_currency,
    p.own_minor, p.let_minor, p.regular_minor, p.is_sale as was_sale, p.wanted_minor as was_minor,
    p.currency as was_currency, p.blocked_by as was_blocked_by, p.blocked_because as was_because,
    case when p.past_at > %(at)s::timestamptz - g.period_days * interval '1 day' then p.past_minor end
      as past_minor
  from channels_listing l
  join channels_listing_price p on p.listing_id = l.id
  join channels_pricing g on g.shop_id = l.shop_id
  join inbox_connection c on c.id = l.shop_id
  join catalog_sku s on s.id = l.sku_id
  left join channels_price_list k on k.id = g.list_id
  left join channels_list_price v on v.list_id = g.list_id and v.sku_id = l.sku_id
  left join lateral (
    select x.price_minor, x.starts_at, x.ends_at from channels_sale x
    where x.list_id = g.list_id and x.sku_id = l.sku_id and x.state <> 'withdrawn'
      and x.starts_at <= %(at)s and x.ends_at > %(at)s
    order by x.starts_at desc, x.id desc limit 1) o on true
  left join lateral (
    select min(h.price_minor) as lowest_minor,
      case when min(h.since) > o.starts_at - interval '{LOOKED_BACK_DAYS} days' then min(h.since) end as since
    from channels_price_stood h
    where k.shows_was and o.starts_at is not null and h.listing_id = l.id and h.currency = k.currency
      and h.since < o.starts_at
      and (h.until is null or h.until > o.starts_at - interval '{LOOKED_BACK_DAYS} days')) past on true
  left join lateral (
    select sum(y.cost_minor * f.quantity)::bigint as cost_minor, min(y.currency) as currency
    from catalog_kit_leaf f join catalog_sku y on y.id = f.part_id
    where f.kit_id = s.id and s.cost_minor is null
    having count(*) = count(y.cost_minor) and count(distinct y.currency) = 1) parts on true
  where l.id = any(%(ids)s) order by l.id) r
"""  # noqa: S608 - constants only


class Facts(msgspec.Struct, frozen=True):
    """A mapped listing with all that its price is made of. price_minor: of its list, None without one.
    has_told: what it cost before was written to the shop, and may have to be taken away again."""

    id: int
    connection: str
    kind: str
    listing: str
    sku: str
    list_name: str | None
    currency: str
    price_minor: int | None
    compare_at_minor: int | None
    least_minor: int | None
    most_minor: int | None
    market: str
    shows_was: bool
    past: Past
    was_before: int | None
    was_telling: bool
    has_told: bool
    sale_minor: int | None
    sale_until: datetime | None
    shop_currency: str
    rule: PriceRule
    guard: Guard
    cost_minor: int | None
    cost_currency: str
    own_minor: int | None
    let_minor: int | None
    regular_minor: int | None
    past_minor: int | None
    was_sale: bool
    was_minor: int | None
    was_currency: str
    was_blocked_by: str
    was_because: str

    @property
    def known(self) -> Known:
        return Known(
            self.cost_minor,
            self.cost_currency,
            self.shop_currency,
            self.least_minor,
            self.most_minor,
            self.regular_minor,
            self.past_minor,
        )


class Figure(msgspec.Struct, frozen=True):
    """What a listing is to cost now. priced: None where its list has no price of it. against: what speaks
    against sending it, also where a person let it through; stops: what holds it back. was: what is shown
    beside it; tells_was: that is ours to say, be it nothing."""

    facts: Facts
    priced: Priced | None
    against: tuple[Stop, ...] = ()
    stops: tuple[Stop, ...] = ()
    floor_minor: int | None = None
    was: Was = Was()
    tells_was: bool = False

    @property
    def minor(self) -> int | None:
        return self.priced.price_minor if self.priced else None

    @property
    def blocked_by(self) -> str:
        return ",".join(stop.kind for stop in self.stops)

    @property
    def because(self) -> str:
        return " ".join(stop.because for stop in self.stops)

    @property
    def is_news(self) -> bool:
        """Something else is wanted of it than was written down."""
        was = self.facts
        if self.priced is None:
            return was.was_minor is not None
        now = (self.minor, was.currency, self.priced.is_sale, self.blocked_by, self.because)
        if (self.was.minor, self.tells_was) != (was.was_before, was.was_telling):
            return True
        return now != (was.was_minor, was.was_currency, was.was_sale, was.was_blocked_by, was.was_because)


_facts = msgspec.json.Decoder(Facts)


def figures(listing_ids: Sequence[int], at: datetime) -> list[Figure]:
    """One statement. Listings that are not mapped, or of shops without prices, are left out."""
    if not listing_ids:
        return []
    asked: dict[str, Any] = {"ids": list(listing_ids), "at": at}
    return [_figure(_facts.decode(row)) for (row,) in sql.run(FACTS, asked)]


def _figure(facts: Facts) -> Figure:
    if facts.list_name is None or (facts.price_minor is None and facts.own_minor is None):
        return Figure(facts, None)
    found = priced(
        facts.list_name,
        facts.currency,
        facts.price_minor or 0,
        facts.rule,
        own_minor=facts.own_minor,
        sale_minor=facts.sale_minor,
        sale_until=facts.sale_until,
    )
    against = stops(found.price_minor, facts.currency, facts.guard, facts.known, is_sale=found.is_sale)
    is_let = facts.let_minor == found.price_minor
    held = () if is_let and not any(one.kind in ("nothing", "currency") for one in against) else against
    covers = facts.cost_minor is not None and facts.cost_currency == facts.currency
    floor = floor_of(facts.cost_minor, facts.guard) if covers and facts.cost_minor is not None else None
    is_able = shows_was(facts.kind)
    shown = was(
        found.price_minor,
        facts.currency,
        facts.rule,
        Shows(facts.market, facts.shows_was and facts.own_minor is None, is_able),
        regular_minor=facts.price_minor,
        compare_at_minor=facts.compare_at_minor,
        is_sale=found.is_sale,
        past=facts.past,
    )
    tells = is_able and (facts.shows_was or facts.has_told)
    return Figure(facts, found, against, held, floor, shown, tells)
