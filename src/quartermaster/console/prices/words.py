"""What is said of a price, and of how it stands."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from quartermaster.channels.queries.prices.lists import PriceListShown, PricingShown
from quartermaster.channels.queries.prices.shown import ListingPriceShown
from quartermaster.channels.rules.prices.was import LOOKED_BACK_DAYS, is_of_eu
from quartermaster.console.listings.words import Word
from quartermaster.core.money import Money

SHOWS = {
    "all": "All",
    "blocked": "Held back",
    "differs": "Different there",
    "waiting": "Under way",
    "trouble": "Refused",
    "none": "Without a price",
}
NOTHING = {
    "all": "Nothing was read of this shop yet. Its listings are read once a day.",
    "blocked": "No guard holds a price back.",
    "differs": "Every listing costs what it is to cost.",
    "waiting": "Nothing waits to be sent or looked at.",
    "trouble": "The shop takes every price.",
    "none": "Every listing has a price on the list that its shop follows.",
}


def stands(row: ListingPriceShown) -> Word:
    """One word for how a price stands."""
    if row.wanted_minor is None:
        return Word("no price on its list" if row.sku else "not mapped", "")
    if row.blocked_by:
        return Word("held back", "is-bad")
    if not row.is_pushed:
        return Word("not pushed", "")
    told = {"refused": Word("refused", "is-bad"), "stuck": Word("another price", "is-bad")}
    if row.state in told:
        return told[row.state]
    is_there = (row.wanted_minor, row.currency) == (row.confirmed_minor, row.confirmed_currency)
    is_there = is_there and (not row.tells_was or row.was_minor == row.confirmed_was_minor)
    if row.state == "idle":
        return Word("in step", "is-good") if is_there else Word("changed there", "is-warn")
    if not row.is_told:
        return Word("would be sent", "is-warn")
    return Word("to be looked at" if row.state == "asked" else "on its way", "is-accent")


def sentence(shop: PricingShown) -> str:
    """How the prices of a shop stand."""
    if not shop.price_list:
        return "It follows no price list: its prices are only looked at."
    parts = [f"{shop.priced:,} of {shop.listings:,} listings have a price on {shop.price_list}"]
    told = (
        (shop.blocked, "held back"),
        (shop.waiting, "under way" if shop.mode == "live" else "would be sent"),
        (shop.in_trouble, "refused"),
    )
    parts += [f"{count:,} {what}" for count, what in told if count]
    return f"{', '.join(parts)}."


def before(found: PriceListShown) -> str:
    """What shops that follow the list show of a sale."""
    if not found.shows_was:
        return "During a sale shops show its price alone."
    if is_of_eu(found.market):
        return (
            f"During a sale each shop shows beside its price the lowest one of the {LOOKED_BACK_DAYS} days "
            "before, as it asked it: in the EU nothing else may be called the price before (Directive "
            "98/6/EC, Article 6a). Where those days are not known, what the list compares it at counts."
        )
    return "During a sale shops show beside it what the list compares it at, or else its usual price."


def amount(minor: int | None, currency: str) -> str:
    """As it is written into a form: 19.90."""
    return "" if minor is None else f"{Money(minor, currency).decimal}" if currency else str(minor)


def there(at: datetime, zone: str) -> str:
    """The moment by the shop's clock, where that is not UTC: "09:00 on 27 Nov in Europe/Berlin"."""
    if zone == "UTC":
        return ""
    local = at.astimezone(UTC).astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} on {local.day} {local:%b} in {zone}"


def percent(bp: int) -> str:
    return f"{bp / 100:g}"


def factor(bp: int) -> str:
    return f"{bp / 10_000:g}"
