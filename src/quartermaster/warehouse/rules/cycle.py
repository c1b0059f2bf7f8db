"""Which bins are due to be counted: by class of the SKU, by risk, by how long ago."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec

A_SHARE, B_SHARE = 0.80, 0.95  # of all that is sold, cumulated from the biggest


class Cycle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How counting is done. Defaults: any difference is counted again by another person; A every 30 days, B
    every 90, C every 180; 20 bins a day and site; a bin that a pick emptied is looked at."""

    by: str = "value"  # value | velocity
    a_days: int = 30
    b_days: int = 90
    c_days: int = 180
    per_day: int = 20
    zero: bool = True
    tolerance_units: int = 0
    tolerance_share: float = 0.0
    approval_minor: int = 10_000
    approval_units: int = 10

    @property
    def days(self) -> dict[str, int]:
        return {"A": self.a_days, "B": self.b_days, "C": self.c_days}


class Shelf(NamedTuple):
    """A bin with units of a SKU. risks: words for what makes it doubtful. counted_on: None was never."""

    place_id: int
    sku_id: int
    place: str
    abc: str
    risks: tuple[str, ...]
    counted_on: date | None


class Due(NamedTuple):
    """urgency: age over interval, 1 is due today; a bin that was never counted comes before all."""

    shelf: Shelf
    urgency: float
    because: str


def errors_in(cycle: Cycle) -> dict[str, str]:
    """Field -> what is wrong with it."""
    found = {}
    if cycle.by not in ("value", "velocity"):
        found["by"] = "must be value or velocity"
    for name in ("a_days", "b_days", "c_days"):
        if not 1 <= getattr(cycle, name) <= 3650:
            found[name] = "must be 1 to 3650"
    for name, most in (("per_day", 10_000), ("tolerance_units", 10**6), ("approval_minor", 10**12)):
        if not 0 <= getattr(cycle, name) <= most:
            found[name] = f"must be 0 to {most}"
    if not 0 <= cycle.approval_units <= 10**9:
        found["approval_units"] = "must be 0 to 1000000000"
    if not 0 <= cycle.tolerance_share <= 1:
        found["tolerance_share"] = "must be 0 to 1"
    return found


def classes(sold: Mapping[int, int]) -> dict[int, str]:
    """SKU -> class by what it brings. What brings nothing is C. A SKU belongs where its own share begins, so
    the biggest is A whatever its share; ties go by id."""
    whole = sum(sold.values())
    found, before = {}, 0
    for sku_id, measure in sorted(sold.items(), key=lambda one: (-one[1], one[0])):
        if not measure:
            found[sku_id] = "C"
            continue
        found[sku_id] = "A" if before < A_SHARE * whole else "B" if before < B_SHARE * whole else "C"
        before += measure
    return found


def due(shelves: Iterable[Shelf], cycle: Cycle, *, today: date) -> list[Due]:
    """Bins whose time has come, the most urgent first. Each risk halves the interval of its class."""
    found = []
    for shelf in shelves:
        abc = shelf.abc or "C"
        days = max(1, cycle.days[abc] // 2 ** len(shelf.risks))
        why = "".join(f", {risk}" for risk in shelf.risks)
        if shelf.counted_on is None:
            found.append(Due(shelf, float("inf"), f"class {abc}, never counted{why}"))
            continue
        age = (today - shelf.counted_on).days
        if age >= days:
            told = f"class {abc}, every {days} days, last {age} days ago{why}"
            found.append(Due(shelf, age / days, told))
    return sorted(found, key=_turn)


def _turn(one: Due) -> tuple[float, str, int, str, int]:
    return (-one.urgency, one.shelf.abc or "C", -len(one.shelf.risks), one.shelf.place, one.shelf.sku_id)


class Settled(msgspec.Struct, frozen=True):
    """Counts of a class that a site settled. `right`: those that agreed with the ledger; `units`: what it
    had, over and under against it."""

    location: str
    abc: str
    counts: int
    right: int
    units: int
    over: int
    under: int


class Accuracy(msgspec.Struct, frozen=True):
    """Of one class: counts settled, those that agreed, units the ledger had, units over and under. Shares are
    None when there is nothing to count."""

    abc: str
    counts: int
    right: int
    units: int
    over: int
    under: int
    record_share: float | None
    unit_share: float | None


def accuracy(settled: Iterable[Settled], sites: Collection[str] = ()) -> list[Accuracy]:
    """Inventory record accuracy, the share of records that were right, by class: A first, SKUs without a
    class last. Over and under add up; they never cancel each other, neither in a count nor between two.
    sites: only these, none: all."""
    of_class: defaultdict[str, list[Settled]] = defaultdict(list)
    for one in settled:
        if not sites or one.location in sites:
            of_class[one.abc].append(one)
    return [_accuracy(abc, of_class[abc]) for abc in sorted(of_class, key=lambda abc: (not abc, abc))]


def _accuracy(abc: str, settled: list[Settled]) -> Accuracy:
    counts, right = sum(one.counts for one in settled), sum(one.right for one in settled)
    units = sum(one.units for one in settled)
    over, under = sum(one.over for one in settled), sum(one.under for one in settled)
    return Accuracy(
        abc,
        counts,
        right,
        units,
        over,
        under,
        right / counts if counts else None,
        max(0.0, 1 - (over + under) / units) if units else None,
    )
