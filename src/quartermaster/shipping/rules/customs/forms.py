"""Which postal form: CN22 for small values and weights, CN23 for the rest. Limits are data with a date.

The postal union sets 300 special drawing rights (Convention Regulations); each post tells its customers what
that is in its own money, and that is what is kept here, as it was read. Where no limit is known in a
parcel's money it gets the CN23, which is never too little.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from quartermaster.core.money import Money


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """From a day on a post takes the CN22 for parcels of at most that value and weight."""

    country: str
    currency: str
    value_max_minor: int
    weight_max_g: int
    from_on: date
    source: str


class Form(Struct, frozen=True):
    name: Literal["CN22", "CN23"]
    because: str


# Read on 23 November 2026, as they hold this year.
_THIS_YEAR = date(2026, 1, 1)
FIRST: tuple[Limit, ...] = (
    Limit("AT", "EUR", 35_900, 2_000, _THIS_YEAR, "post.at: customs information, international letter mail"),
    Limit("DE", "EUR", 37_359, 2_000, _THIS_YEAR, "deutschepost.de: Zollbestimmungen"),
    Limit("GB", "GBP", 27_000, 2_000, _THIS_YEAR, "royalmail.com: electronic customs data"),
)


def form_for(
    limits: Sequence[Limit],
    *,
    sender: str,
    currency: str,
    value_minor: int,
    weight_g: int | None,
    on: date,
) -> Form:
    """The form, and the limit that decides. The newest limit of a country and currency counts."""
    known = [each for each in limits if (each.country, each.currency) == (sender, currency)]
    held = sorted((each for each in known if each.from_on <= on), key=lambda each: each.from_on)
    if not held:
        return Form("CN23", f"No limit for a CN22 from {sender} is known in {currency}.")
    limit = held[-1]
    most = f"{Money(limit.value_max_minor, currency)} and {limit.weight_max_g:,} g"
    if weight_g is None:
        return Form("CN23", "Its weight is not known.")
    if value_minor > limit.value_max_minor or weight_g > limit.weight_max_g:
        return Form("CN23", f"It is more than {most.replace(' and ', ' or ')} ({limit.source}).")
    return Form("CN22", f"It is at most {most} ({limit.source}).")
