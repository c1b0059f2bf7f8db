"""Which parcels want a photo before they are closed, and why."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from quartermaster.core.money import MINOR_MAX, BadAmount, Money


class PhotoRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Parcels that want a photo. All that is set must hold; a rule with nothing set is of every parcel.

    Each list: one of it is enough. `is_fragile`: something in the parcel is marked so. `from_minor`, of
    `currency`: what the order is worth at least; an order in another currency is not compared.
    """

    channels: tuple[str, ...] = ()  # slugs of connections
    skus: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # where the parcel goes
    tags: tuple[str, ...] = ()  # of the order
    is_fragile: bool = False
    from_minor: int = 0
    currency: str = ""


class Boxed(NamedTuple):
    """What a rule may ask of a parcel. `fragile`: one SKU in it that is, or ""."""

    channel: str
    country: str
    skus: Sequence[str]
    tags: Sequence[str]
    fragile: str
    total_minor: int
    currency: str


def photo_because(boxed: Boxed, rules: Sequence[PhotoRule]) -> str:
    """Why this parcel wants a photo, by the first rule that fits; "" when it wants none."""
    for rule in rules:
        told = list(_told(rule, boxed))
        if None not in told:
            return "; ".join(filter(None, told)) or "every parcel gets one"
    return ""


def _told(rule: PhotoRule, boxed: Boxed) -> Iterator[str | None]:
    """A sentence for each condition that holds; None for one that does not."""
    for sentence, wanted, given in (
        ("it was sold on {}", rule.channels, (boxed.channel,)),
        ("it goes to {}", rule.countries, (boxed.country,)),
        ("{} is in it", rule.skus, boxed.skus),
        ("its order is tagged {}", rule.tags, boxed.tags),
    ):
        if wanted:
            both = [each for each in wanted if each in given]
            yield sentence.format(both[0]) if both else None
    if rule.is_fragile:
        yield f"{boxed.fragile} is fragile" if boxed.fragile else None
    if rule.from_minor:
        is_enough = boxed.currency == rule.currency and boxed.total_minor >= rule.from_minor
        yield f"its order is worth {Money(boxed.total_minor, boxed.currency)}" if is_enough else None


def wrong_with_photo(rule: PhotoRule) -> Iterator[str]:
    """What is wrong with one rule, in words."""
    if not 0 <= rule.from_minor <= MINOR_MAX:
        yield "from_minor is not below zero, and no fortune"
    if rule.from_minor:
        try:
            Money(0, rule.currency)
        except BadAmount as error:
            yield f"currency: {error}"
