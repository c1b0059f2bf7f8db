"""What came of something a site's own programs said of an order. Pure."""

from enum import StrEnum
from typing import NamedTuple, Protocol, Self

from quartermaster.outside.ports import State


class Outcome(StrEnum):
    TAKEN = "taken"
    KNOWN = "known"  # it was so already
    UNCLEAR = "unclear"  # it cannot be: nothing was changed, and a person looks at it


class _Shown(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def parcels(self) -> tuple[str, ...]: ...


class Seen(NamedTuple):
    """An order of theirs as it is known here."""

    state: str
    parcels: frozenset[str]

    @classmethod
    def of(cls, order: _Shown) -> Self:
        return cls(order.state, frozenset(order.parcels))


def outcome(told: State, parcels: frozenset[str], before: Seen, after: Seen) -> Outcome:
    """By how the order was and is. What they told later than its end, other than the same, was not taken."""
    if parcels - after.parcels:
        return Outcome.UNCLEAR
    if after != before:
        return Outcome.TAKEN
    is_so = told == before.state or (told is State.ACKNOWLEDGED and bool(parcels or before.parcels))
    return Outcome.KNOWN if is_so or parcels else Outcome.UNCLEAR
