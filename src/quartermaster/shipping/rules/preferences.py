"""What we want of carriers beyond their prices, as data: which parcels a service is not for, and what counts
for or against it."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.core.money import MINOR_MAX, Money
from quartermaster.shipping.ports import Offer, Shipment

PREFERENCES_MAX = 200


class Preference(Struct, frozen=True, forbid_unknown_fields=True):
    """Speaks of the offers it names, for parcels that meet all its conditions; what is empty or 0 is none.

    `carriers`, `services`: their codes. `others`: it speaks of all offers but the ones named. `postcodes`:
    beginnings, without blanks. `value_from_minor` and `value_under_minor` are in the tables' currency; a
    parcel whose value is not known, or in another currency, meets neither. `hazmat`: "yes", "no" or "".
    `tags`: the order has one of them. `needs_signature` and `is_insured` are asked of every carrier for its
    parcels, whatever services it names. What
    is forbidden is not taken, by hand neither; a penalty is added to the price when services are compared,
    below zero it speaks for them.
    """

    because: str
    carriers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    others: bool = False
    sites: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    value_from_minor: int = 0
    value_under_minor: int = 0
    weight_from_g: int = 0
    weight_under_g: int = 0
    hazmat: str = ""
    tags: tuple[str, ...] = ()
    needs_signature: bool = False
    is_insured: bool = False
    is_forbidden: bool = False
    penalty_minor: int = 0


def matching(
    preferences: Sequence[Preference], offer: Offer, shipment: Shipment, *, currency: str
) -> list[Preference]:
    """Those that speak of this offer for this parcel, in their order."""
    return [
        each for each in preferences if _names(each, offer) and _is_for(each, shipment, currency=currency)
    ]


def with_options(shipment: Shipment, preferences: Sequence[Preference], *, currency: str) -> Shipment:
    """The shipment with the signature and the insurance that are wanted for it. Without a known value there
    is nothing to insure."""
    wanted = [each for each in preferences if _is_for(each, shipment, currency=currency)]
    return replace(
        shipment,
        needs_signature=any(each.needs_signature for each in wanted),
        is_insured=shipment.value_minor is not None and any(each.is_insured for each in wanted),
    )


def options_told(shipment: Shipment, preferences: Sequence[Preference], *, currency: str) -> list[str]:
    """Which options were asked for, and why."""
    names = (("needs_signature", "With a signature"), ("is_insured", "Insured"))
    return [
        f"{title}: {each.because.rstrip('.')}."
        for name, title in names
        if getattr(shipment, name)
        for each in preferences
        if getattr(each, name) and _is_for(each, shipment, currency=currency)
    ]


def sentence(preference: Preference, currency: str) -> str:
    """What it does and for which parcels, in words made from the rule itself."""
    each = preference
    named = " ".join(filter(None, [", ".join(each.carriers), ", ".join(each.services)]))
    of = f"all but {named}" if each.others else named or "every service"
    does = [
        f"never {of}" if each.is_forbidden else "",
        _counts(each, of, currency) if each.penalty_minor else "",
        "a signature on delivery" if each.needs_signature else "",
        "insurance for its value" if each.is_insured else "",
    ]
    for_which = list(filter(None, _conditions(each, currency)))
    parcels = f"parcels {', '.join(for_which)}" if for_which else "every parcel"
    said = f"{'; '.join(filter(None, does))} for {parcels}"
    return said[:1].upper() + said[1:]


def _counts(each: Preference, of: str, currency: str) -> str:
    amount = Money(abs(each.penalty_minor), currency)
    return f"{of} counts {amount} {'more' if each.penalty_minor > 0 else 'less'}"


def _conditions(each: Preference, currency: str) -> Iterator[str]:
    yield f"from {', '.join(each.sites)}" if each.sites else ""
    yield f"to {', '.join(each.countries)}" if each.countries else ""
    yield f"of postcodes {', '.join(each.postcodes)}" if each.postcodes else ""
    yield f"worth {Money(each.value_from_minor, currency)} or more" if each.value_from_minor else ""
    yield f"worth less than {Money(each.value_under_minor, currency)}" if each.value_under_minor else ""
    yield f"of {each.weight_from_g:,} g or more" if each.weight_from_g else ""
    yield f"of less than {each.weight_under_g:,} g" if each.weight_under_g else ""
    yield {"yes": "with dangerous goods", "no": "without dangerous goods"}.get(each.hazmat, "")
    yield f"of orders tagged {', '.join(each.tags)}" if each.tags else ""


def told(preference: Preference, currency: str) -> str:
    """A penalty as a sentence."""
    amount = Money(abs(preference.penalty_minor), currency)
    return f"{preference.because}: counts {amount} {'more' if preference.penalty_minor > 0 else 'less'}"


def problems(preference: Preference) -> Iterator[str]:
    """What is wrong with it."""
    if not preference.because.strip() or len(preference.because) > 200:
        yield "it needs a reason of at most 200 characters"
    asks = preference.needs_signature or preference.is_insured
    if not preference.is_forbidden and not preference.penalty_minor and not asks:
        yield "it neither forbids nor counts anything"
    if preference.is_forbidden and preference.penalty_minor:
        yield "what is forbidden needs no penalty"
    if preference.others and not (preference.carriers or preference.services):
        yield "it speaks of all others, and names none"
    if not abs(preference.penalty_minor) <= MINOR_MAX:
        yield f"penalty_minor must be within {MINOR_MAX:,} of 0"
    if preference.hazmat not in ("", "yes", "no"):
        yield 'hazmat must be "yes", "no" or ""'
    yield from (
        f'"{each}" is not a country code'
        for each in preference.countries
        if not re.fullmatch("[A-Z]{2}", each)
    )
    for name in ("value", "weight"):
        unit = "minor" if name == "value" else "g"
        least, under = getattr(preference, f"{name}_from_{unit}"), getattr(preference, f"{name}_under_{unit}")
        if least < 0 or under < 0 or (under and under <= least):
            yield f"{name}_from_{unit} must be below {name}_under_{unit}, and neither below 0"


def _names(preference: Preference, offer: Offer) -> bool:
    is_named = (not preference.carriers or offer.carrier in preference.carriers) and (
        not preference.services or offer.service in preference.services
    )
    return is_named is not preference.others


def _is_for(preference: Preference, shipment: Shipment, *, currency: str) -> bool:
    to = shipment.receiver
    if preference.sites and shipment.site not in preference.sites:
        return False
    if preference.countries and to.country not in preference.countries:
        return False
    tags = {each.casefold() for each in shipment.tags}
    if preference.tags and not any(each.casefold() in tags for each in preference.tags):
        return False
    postcode = to.postcode.replace(" ", "").upper()
    if preference.postcodes and not postcode.startswith(tuple(x.upper() for x in preference.postcodes)):
        return False
    if preference.hazmat and (preference.hazmat == "yes") is not shipment.is_hazmat:
        return False
    value = shipment.value_minor if shipment.value_currency == currency else None
    return _within(value, preference.value_from_minor, preference.value_under_minor) and _within(
        shipment.weight_g, preference.weight_from_g, preference.weight_under_g
    )


def _within(amount: int | None, least: int, under: int) -> bool:
    if not least and not under:
        return True
    return amount is not None and amount >= least and (not under or amount < under)
