"""What a marketplace says itself, as tables have it, and why it differs from what we count."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from quartermaster.core.cells import Cells
from quartermaster.marketplaces.rules.rolling import Tally
from quartermaster.marketplaces.rules.terms import Measure, Written, in_force

COLUMNS: Final = ("day", "from", "measure", "country", "numerator", "denominator")
REQUIRED: Final = ("day", "measure", "numerator", "denominator")
_GOOD: Final = (Measure.VTR, Measure.OTDR)
_FAR: Final = 10**12


class Told(Struct, frozen=True):
    """numerator as the marketplace tells it: of VTR and OTDR what went right, of all others the defects."""

    measure: Measure
    country: str
    first_on: date
    last_on: date
    numerator: int
    denominator: int

    @property
    def bad(self) -> int:
        return self.denominator - self.numerator if self.measure in _GOOD else self.numerator


def wrong_with(told: Told) -> dict[str, str]:
    """Field -> what is wrong with it."""
    errors = {}
    if not 0 <= told.denominator < _FAR:
        errors["denominator"] = "a whole number, not negative"
    if not 0 <= told.numerator <= max(told.denominator, 0):
        errors["numerator"] = "a whole number, at most the denominator"
    if told.last_on < told.first_on:
        errors["from"] = "not after the day"
    return errors


def official(
    given: Mapping[str, str], written: list[Written], country: str
) -> tuple[Told | None, Mapping[str, str]]:
    """A row, or by column what is wrong with it. day: the last of its window; from: the first, the longest
    window of that day's terms where it is empty. country: of rows that name none."""
    told = {name: given.get(name, "").strip() for name in COLUMNS}
    cells = Cells(told)
    last, first = cells.day("day"), cells.day("from")
    top, bottom = cells.whole("numerator"), cells.whole("denominator")
    errors = dict(cells.errors)
    errors |= {name: "is needed" for name in REQUIRED if not told[name]}
    if told["measure"].lower() not in list(Measure):
        errors["measure"] = f"one of {', '.join(Measure)}"
    if errors or last is None or top is None or bottom is None:
        return None, errors
    measure, where = Measure(told["measure"].lower()), told["country"].upper() or country
    if first is None:
        force = in_force(written, measure, where, last)
        if force is None:
            return None, {"from": "the first day: no terms say how long the window is"}
        first = last - timedelta(days=max(force.terms.windows) - 1)
    found = Told(measure, where, first, last, top, bottom)
    wrong = wrong_with(found)
    return (None, wrong) if wrong else (found, {})


def explained(
    measure: Measure, ours: Tally | None, n: int, bad: int, *, missing: int, contested: int
) -> list[str]:
    """Why their figure is another than ours over the same days, as far as the numbers tell. ours None: those
    days are not counted any more. missing: orders the last comparison with the shop did not find here."""
    if ours is None:
        return ["Our own count does not reach back to these days any more."]
    if (ours.n, ours.bad) == (n, bad):
        return ["The same as ours."]
    because = []
    if n > ours.n:
        known = f"; {missing} are missing here by the last comparison with the shop" if missing else ""
        because.append(f"They count {n - ours.n:,} that we do not know{known}.")
    elif n < ours.n:
        because.append(f"We count {ours.n - n:,} that they do not: by their days, or they let them off.")
    if bad > ours.bad:
        more = bad - ours.bad
        because.append(
            f"{more:,} of their defects nobody told us of: bring them in."
            if measure is Measure.ODR
            else f"They count {more:,} more against us"
            + (f"; of {ours.unsure:,} of ours nobody knows." if ours.unsure else ".")
        )
    elif bad < ours.bad:
        said = f", {contested:,} of ours are contested" if contested else ""
        because.append(f"They count {ours.bad - bad:,} fewer against us{said}.")
    return because
