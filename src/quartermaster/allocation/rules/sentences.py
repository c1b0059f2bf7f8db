"""The words a routing decision is told in: money, counts and lists, as a person would write them."""

from collections.abc import Sequence
from functools import lru_cache

from quartermaster.core.money import BadAmount, Money


@lru_cache(maxsize=4096)
def money(minor: int, currency: str) -> str:
    """EUR 4.90. Remembered, because the same lane costs return with every order.

    A currency nobody knows still gets its sentence: "490 minor units of ???".
    """
    try:
        return str(Money(minor, currency))
    except BadAmount:
        return f"{minor} minor units of {currency or '???'}"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def parcels(count: int) -> str:
    return "one parcel" if count == 1 else f"{count} parcels"


def listed(words: Sequence[str], last: str = "and") -> str:
    """A, B and C."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def some_of(words: Sequence[str], most: int = 4) -> str:
    """A, B and C; of a long list the first ones and how many more there are."""
    if len(words) <= most:
        return listed(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"
