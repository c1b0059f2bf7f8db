"""What is to be done about a count: nothing, an adjustment, another person's eyes, a lead's word."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

COUNTS_MAX = 3  # that differ from each other: then somebody has to decide


class Step(StrEnum):
    """Where a task goes: counted again by another person, to a lead for approval, or it is done."""

    RECOUNT = "recount"
    APPROVAL = "approval"
    DONE = "done"


class Moved(NamedTuple):
    """Units that came into the bin (or left, negative) after its count began. serial: "" for plain units."""

    at: datetime
    units: int
    serial: str = ""


class Book(NamedTuple):
    """What the ledger had in the bin when it was counted, and the least and most since the count began."""

    units: int
    low: int
    high: int


class Difference(NamedTuple):
    """Units more (`over`) and fewer (`under`) than the book. With serial numbers there can be both at once.
    is_sure: no movement during the count can explain it."""

    over: int
    under: int
    is_sure: bool = True
    over_serials: tuple[str, ...] = ()
    under_serials: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        return self.over + self.under


class Policy(NamedTuple):
    """tolerance_units, tolerance_share: differences up to both are believed at once. approval_minor: what is
    worth more is approved by a lead; where no cost is known, what is more than approval_units."""

    tolerance_units: int
    tolerance_share: float
    approval_minor: int
    approval_units: int


class Verdict(NamedTuple):
    """settled: agrees, moved, tolerance or twice; empty while nothing is settled."""

    step: Step
    settled: str
    because: str


def book(units: int, moved: Iterable[Moved], *, since: datetime, until: datetime) -> Book:
    """Walk from the ledger's units at the beginning of a count to the moment it was said. A movement that
    was recorded later but happened before the beginning belongs to the beginning."""
    moved = sorted(moved)
    here = units + sum(one.units for one in moved if one.at <= since)
    low = high = here
    for one in moved:
        if since < one.at <= until:
            here += one.units
            low, high = min(low, here), max(high, here)
    return Book(here, low, high)


def difference(counted: int, there: Book) -> Difference:
    """Against the ledger of the very moment. A number that the bin held at some time during the count tells
    nothing: the counter may have looked before a pick or after it."""
    over, under = max(0, counted - there.units), max(0, there.units - counted)
    return Difference(over, under, not (over or under) or not there.low <= counted <= there.high)


def difference_by_serial(seen: Collection[str], known: Collection[str], moved: Collection[str]) -> Difference:
    """`known`: the ledger's, of the moment; `moved`: units that came or went during the count, which may have
    been seen or not."""
    over = tuple(sorted(set(seen) - set(known) - set(moved)))
    under = tuple(sorted(set(known) - set(seen) - set(moved)))
    return Difference(len(over), len(under), True, over, under)


def judge(now: Difference, there: Book, before: Sequence[Difference], policy: Policy) -> Verdict:
    """`before`: what other persons' counts of the same round said, in their order."""
    if not now.units:
        return Verdict(Step.DONE, "agrees", "the bin holds what the ledger says")
    if not now.is_sure:
        if any(not one.is_sure for one in before):
            return Verdict(Step.DONE, "moved", "twice only what moved meanwhile differed")
        return Verdict(Step.RECOUNT, "", "units moved while it was counted")
    if now.units <= policy.tolerance_units and now.units <= policy.tolerance_share * there.units:
        return Verdict(Step.DONE, "tolerance", f"{now.units} differ, within tolerance")
    if any(_same(now, one) for one in before):
        return Verdict(Step.DONE, "twice", "two people counted the same")
    if len(before) + 1 >= COUNTS_MAX:
        return Verdict(Step.APPROVAL, "", f"{COUNTS_MAX} counts, none like another")
    return Verdict(Step.RECOUNT, "", "above tolerance: another person counts")


def needs_approval(now: Difference, cost_minor: int | None, policy: Policy) -> bool:
    """Over and under both count: a swap is worth the sum, not nothing."""
    if cost_minor is None:
        return now.units > policy.approval_units
    return now.units * cost_minor > policy.approval_minor


def _same(one: Difference, other: Difference) -> bool:
    return other.is_sure and one[:2] == other[:2] and one[3:] == other[3:]
