"""Which refund of ours a channel's refund is: money given back for something else leaves ours due."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

_NAMES = re.compile(r"\b(?:R|P)-[1-9][0-9]{0,17}\b")


class Expected(Struct, frozen=True):
    """A refund of ours that is due for a parcel that came back, R-{id}. key: the parcel, "P-7". units: by
    line. after: the channel's refunds up to this one were known when it fell due."""

    id: int
    key: str
    amount_minor: int
    units: Mapping[int, int] = {}
    after: int = 0


class Given(Struct, frozen=True):
    """What the channel gave back. because: its note. units: by line, as far as it says."""

    id: int
    amount_minor: int
    because: str = ""
    units: Mapping[int, int] = {}


class Answer(NamedTuple):
    """Which of ours, by which of the channel's, and by what that is known."""

    expected: int
    given: int
    because: str


def answered(
    expected: Sequence[Expected], given: Iterable[Given], *, change_minor: int = 0
) -> tuple[Answer, ...]:
    """Known for sure by its reference in the note; by the units of the parcel; by an amount that is this
    refund's and no other's. Each of the channel's refunds is at most one of ours. change_minor: what is due
    for changes at the same time."""
    found: list[Answer] = []
    for one in sorted(given, key=lambda each: each.id):
        known = {answer.expected for answer in found}
        left = [each for each in expected if each.id not in known and each.after < one.id]
        mine = _named(left, one) or _by_units(left, one) or _by_amount(left, one, change_minor)
        if mine is not None:
            found.append(Answer(mine[0].id, one.id, mine[1]))
    return tuple(found)


def left_due(expected: Sequence[Expected], *, here_minor: int) -> dict[int, int]:
    """What is due of each now, the oldest first: together no more than is here of what was paid."""
    found = {}
    for one in sorted(expected, key=lambda each: each.id):
        found[one.id] = max(0, min(one.amount_minor, here_minor))
        here_minor -= found[one.id]
    return found


def _named(left: Sequence[Expected], one: Given) -> tuple[Expected, str] | None:
    names = set(_NAMES.findall(one.because.upper()))
    mine = [each for each in left if names & {f"R-{each.id}", each.key}]
    return (mine[0], f"its note names {_called(mine[0], names)}") if len(mine) == 1 else None


def _called(one: Expected, names: set[str]) -> str:
    return f"R-{one.id}" if f"R-{one.id}" in names else one.key


def _by_units(left: Sequence[Expected], one: Given) -> tuple[Expected, str] | None:
    if _NAMES.search(one.because.upper()) or not one.units:
        return None
    mine = [each for each in left if each.units == one.units and one.amount_minor >= each.amount_minor]
    return (mine[0], f"for the units of {mine[0].key}") if mine else None


def _by_amount(left: Sequence[Expected], one: Given, change_minor: int) -> tuple[Expected, str] | None:
    """A note or lines that are about something else say that it is not this one."""
    if _NAMES.search(one.because.upper()) or one.units or one.amount_minor == change_minor:
        return None
    mine = [each for each in left if each.amount_minor == one.amount_minor]
    return (mine[0], "the very amount, and no other was due") if len(mine) == 1 else None
