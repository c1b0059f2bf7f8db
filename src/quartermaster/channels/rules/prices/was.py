"""What may be shown beside a price as what it cost before; and why, or why nothing is.

In the EU a reduction is told against the lowest price of the 30 days before it (Directive 98/6/EC, Article
6a, in force since 2022-05-28): what was asked in that time, earlier sales among it, not what a list says.
"""

from datetime import datetime

from msgspec import Struct

from quartermaster.channels.rules.prices.wanted import PriceRule, by_rule
from quartermaster.core.money import Money
from quartermaster.shipping.rules.customs.union import EU

LOOKED_BACK_DAYS = 30


class Shows(Struct, frozen=True):
    """What a price list says about it. market: a country, or "EU". is_able: the shop has a place for it."""

    market: str = ""
    shows_was: bool = False
    is_able: bool = True


class Past(Struct, frozen=True):
    """What a listing cost in its shop in the 30 days before a sale. lowest_minor: None where nothing is
    known; since: from when on it is known, None where that is before those days: then all of them are."""

    lowest_minor: int | None = None
    since: datetime | None = None


class Was(Struct, frozen=True):
    """minor: what is shown beside the price, None: nothing. because: in words, "" where there is nothing to
    say: the list shows none."""

    minor: int | None = None
    because: str = ""


def is_of_eu(market: str) -> bool:
    return market == "EU" or market in EU


def was(
    price_minor: int,
    currency: str,
    rule: PriceRule,
    shows: Shows,
    *,
    regular_minor: int | None,
    compare_at_minor: int | None,
    is_sale: bool,
    past: Past,
) -> Was:
    """Of a price as the shop asks it. regular_minor, compare_at_minor: as they stand on the list, before the
    shop's rule. It is always more than the price."""
    if not shows.shows_was:
        return Was()
    if not shows.is_able:
        return Was(because="This shop has no place for what a price was before.")
    said = by_rule(compare_at_minor, rule, currency) if compare_at_minor is not None else None
    if is_of_eu(shows.market):
        found = _in_the_eu(currency, is_sale, said, past)
    elif said is not None:
        found = Was(said, "As the list compares it.")
    elif is_sale and regular_minor is not None:
        found = Was(by_rule(regular_minor, rule, currency), "What it costs when the sale is over.")
    else:
        return Was()
    if found.minor is not None and found.minor <= price_minor:
        return Was(because=f"{Money(found.minor, currency)} would be no reduction: nothing is shown.")
    return found


def _in_the_eu(currency: str, is_sale: bool, said: int | None, past: Past) -> Was:
    if not is_sale:
        why = "In the EU only a sale with a beginning shows what a price was before."
        return Was(because=why if said is not None else "")
    if past.lowest_minor is not None and past.since is None:
        told = Money(past.lowest_minor, currency)
        return Was(past.lowest_minor, f"{told} is the lowest price of the {LOOKED_BACK_DAYS} days before.")
    since = f"only known since {past.since:%Y-%m-%d}" if past.since else "not known"
    unknown = f"What it cost there in the {LOOKED_BACK_DAYS} days before is {since}"
    if said is None:
        return Was(because=f"{unknown}: nothing is shown.")
    lowest = min(said, past.lowest_minor) if past.lowest_minor is not None else said
    return Was(lowest, f"{unknown}: the list's own word counts for the rest.")
