"""What we want of carriers beyond their prices, as data: which parcels a service is not for, and what counts
for or against it."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from quartermaster.core.money import MINOR_MAX, Money
from quartermaster.shipping.ports import Offer, Shipment

PREFERENCES_MAX = 200


class Preference(Struct, frozen=True, forbid_unknown_fields=True):
    """Speaks of the offers it names, for parcels that meet all its conditions; what is empty or 0 is none.

    `carriers`, `services`: their codes. `others`: it speaks of all offers but the ones named. `postcodes`:
    beginnings, without blanks. `value_from_minor` and `value_under_minor` are in the tables' currency; a
    parcel whose value is not known, or in another currency, meets neither. `hazmat`: "yes", "no" or "". What
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
    is_forbidden: bool = False
    penalty_minor: int = 0


def matching(
    preferences: Sequence[Preference], offer: Offer, shipment: Shipment, *, currency: str
) -> list[Preference]:
    """Those that speak of this offer for this parcel, in their order."""
    return [
        each for each in preferences if _names(each, offer) and _is_for(each, shipment, currency=currency)
    ]


def told(preference: Preference, currency: str) -> str:
    """A penalty as a sentence."""
    amount = Money(abs(preference.penalty_minor), currency)
    return f"{preference.because}: counts {amount} {'more' if preference.penalty_minor > 0 else 'less'}"


def problems(preference: Preference) -> Iterator[str]:
    """What is wrong with it."""
    if not preference.because.strip() or len(preference.because) > 200:
        yield "it needs a reason of at most 200 characters"
    if not preference.is_forbidden and not preference.penalty_minor:
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
