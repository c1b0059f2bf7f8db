"""What the prices of listings are made of, at a moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from quartermaster.channels.rules.prices import Guard, Known, Priced, PriceRule, Stop, floor_of, priced, stops
from quartermaster.core import sql

# A kit without a cost of its own costs what its parts do, where all of them are known in one currency.
FACTS = """
select row_to_json(r)::text from (
  select l.id, c.slug as connection, l.name as listing, s.code as sku, k.name as list_name,
    coalesce(k.currency, '') as currency, v.price_minor, v.least_minor, v.most_minor,
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
    select x.price_minor, x.ends_at from channels_sale x
    where x.list_id = g.list_id and x.sku_id = l.sku_id and x.state <> 'withdrawn'
      and x.starts_at <= %(at)s and x.ends_at > %(at)s
    order by x.starts_at desc, x.id desc limit 1) o on true
  left join lateral (
    select sum(y.cost_minor * f.quantity)::bigint as cost_minor, min(y.currency) as currency
    from catalog_kit_leaf f join catalog_sku y on y.id = f.part_id
    where f.kit_id = s.id and s.cost_minor is null
    having count(*) = count(y.cost_minor) and count(distinct y.currency) = 1) parts on true
  where l.id = any(%(ids)s) order by l.id) r
"""


class Facts(msgspec.Struct, frozen=True):
    """A mapped listing with all that its price is made of. price_minor: of its list, None without one."""

    id: int
    connection: str
    listing: str
    sku: str
    list_name: str | None
    currency: str
    price_minor: int | None
    least_minor: int | None
    most_minor: int | None
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
    against sending it, also where a person let it through; stops: what holds it back."""

    facts: Facts
    priced: Priced | None
    against: tuple[Stop, ...] = ()
    stops: tuple[Stop, ...] = ()
    floor_minor: int | None = None

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
    return Figure(facts, found, against, held, floor)
