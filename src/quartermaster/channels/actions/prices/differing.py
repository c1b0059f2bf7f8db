"""Prices that a shop has otherwise than it was told: found by the comparison, and what a person does then."""

from datetime import datetime

from quartermaster.channels.actions.prices.own import set_own
from quartermaster.channels.queries.prices.standing import IS_THERE
from quartermaster.core import sql
from quartermaster.core.money import Money

# What rests and differs was changed there: our own changes are on their way, held back, or refused.
OTHERWISE = f"""
select l.name, coalesce(s.code, l.code), p.confirmed_minor, p.confirmed_was_minor, p.confirmed_currency,
  p.wanted_minor, p.was_minor, p.currency, p.tells_was, p.confirmed_at
from channels_listing_price p join channels_listing l on l.id = p.listing_id
join channels_pricing g on g.shop_id = l.shop_id left join catalog_sku s on s.id = l.sku_id
where l.shop_id = %s and g.mode = 'live' and l.gone_at is null and p.is_pushed and p.blocked_by = ''
  and p.state in ('idle', 'stuck') and p.wanted_minor is not null and p.confirmed_minor is not null
  and not {IS_THERE} order by 1
"""  # noqa: S608 - constants only
TELL = """
update channels_listing_price p set state = 'due', next_at = %(at)s, tries = 0, because = '', asks = ''
from channels_listing l, channels_pricing g, channels_shop s
where l.id = p.listing_id and g.shop_id = l.shop_id and s.connection_id = l.shop_id
  and l.shop_id = %(shop)s and l.name = %(name)s and g.mode = 'live' and s.mode = 'live'
  and p.is_pushed and p.blocked_by = '' and p.wanted_minor > 0 and p.state in ('idle', 'stuck')
returning 1
"""
THEIRS = """
select p.confirmed_minor from channels_listing_price p join channels_listing l on l.id = p.listing_id
where l.shop_id = %s and l.name = %s and p.confirmed_minor > 0 and p.confirmed_currency = p.currency
"""


def priced_otherwise(shop_id: int) -> list[dict[str, object]]:
    """What of a shop costs something else there: as the comparison keeps it."""
    return [
        {
            "reference": name,
            "theirs": f"{code} costs {_amount(theirs, theirs_was if tells else None, theirs_in)}",
            "ours": f"it is to cost {_amount(ours, was, ours_in)}",
            "since": seen_at,
        }
        for name, code, theirs, theirs_was, theirs_in, ours, was, ours_in, tells, seen_at in sql.run(
            OTHERWISE, (shop_id,)
        )
    ]


def _amount(minor: int, was_minor: int | None, currency: str) -> str:
    if not currency:
        return f"{minor:,} minor units"
    instead = f" instead of {Money(was_minor, currency)}" if was_minor is not None else ""
    return f"{Money(minor, currency)}{instead}"


def tell_price_again(shop_id: int, listing: str, *, at: datetime) -> bool:
    """In the caller's transaction. False when the shop is only read, or nothing is to be sent."""
    return bool(sql.run(TELL, {"shop": shop_id, "name": listing, "at": at}))


def take_price(shop_id: int, slug: str, listing: str, *, at: datetime, by: str) -> bool:
    """What it costs there becomes the listing's own price here. False when it cannot: another currency."""
    for (minor,) in sql.run(THEIRS, (shop_id, listing)):
        set_own(slug, {listing: {"own_minor": minor}}, at=at, by=by)
        return True
    return False
