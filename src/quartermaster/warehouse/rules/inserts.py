"""Which inserts go into the first parcel of an order, and why."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from quartermaster.warehouse.rules.packaging import Insert


class Facts(NamedTuple):
    """What an insert may ask of an order. `skus`: what was picked for it here, and what was ordered."""

    channel: str
    country: str
    skus: Sequence[str]
    tags: Sequence[str]
    is_first: bool


class Chosen(NamedTuple):
    insert: Insert
    because: str


def inserts_for(facts: Facts, inserts: Sequence[Insert], *, on: date) -> list[Chosen]:
    """Those whose every condition holds on that day, in the order of the packaging."""
    found = []
    for insert in inserts:
        if (insert.from_on and on < insert.from_on) or (insert.until_on and on > insert.until_on):
            continue
        told = list(_told(insert, facts))
        if None not in told:
            found.append(Chosen(insert, "; ".join(filter(None, told)) or "every order"))
    return found


def _told(insert: Insert, facts: Facts) -> Iterator[str | None]:
    """A sentence for each condition that holds; None for one that does not."""
    for name, wanted, given in (
        ("channel", insert.channels, (facts.channel,)),
        ("to", insert.countries, (facts.country,)),
        ("with", insert.skus, facts.skus),
        ("tagged", insert.tags, facts.tags),
    ):
        if wanted:
            both = [each for each in wanted if each in given]
            yield f"{name} {both[0]}" if both else None
    if insert.first_order:
        yield "first order of the customer" if facts.is_first else None
