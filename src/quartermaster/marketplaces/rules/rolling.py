"""Windows of days, and what becomes of them while they roll on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from quartermaster.marketplaces.rules.headroom import State, standing
from quartermaster.marketplaces.rules.terms import Terms
from quartermaster.marketplaces.rules.zones import zone_of

AHEAD_DAYS: Final = 14
_DAY = timedelta(days=1)


class Tally(Struct, frozen=True):
    """A day: n rows, bad of them defects; unsure: rows of which nobody knows whether they are."""

    n: int
    bad: int
    unsure: int = 0


class Rolled(Struct, frozen=True):
    """How a window will stand on a coming day if nothing else goes wrong. leaves_on and leaving: the day
    that leaves it then, and the defects that leave with it. comes_on, coming: the day that comes in, and its
    defects as they are known. expected: rows of days nobody knows yet, at the pace of the window."""

    on: date
    n: int
    bad: int
    state: State
    leaves_on: date
    leaving: int
    comes_on: date
    coming: int
    expected: int


def today(country: str, at: datetime) -> date:
    """The marketplace's day."""
    return at.astimezone(ZoneInfo(zone_of(country))).date()


def window(on: date, days: int, terms: Terms) -> tuple[date, date]:
    """First and last day, both included."""
    last = on - terms.ends_days_ago * _DAY
    return last - (days - 1) * _DAY, last


def summed(tallies: Mapping[date, Tally], first: date, last: date) -> Tally:
    within = [one for day, one in tallies.items() if first <= day <= last]
    return Tally(
        sum(one.n for one in within), sum(one.bad for one in within), sum(one.unsure for one in within)
    )


def forecast(
    tallies: Mapping[date, Tally], on: date, days: int, terms: Terms, ahead: int = AHEAD_DAYS
) -> list[Rolled]:
    """The next days, one by one. Days up to today are as they are known; of those behind it the pace of the
    window goes on, without a defect."""
    first, last = window(on, days, terms)
    now = summed(tallies, first, last)
    pace = now.n // days
    n, bad, found = now.n, now.bad, []
    for step in range(1, ahead + 1):
        leaves, comes = first + (step - 1) * _DAY, last + step * _DAY
        out = tallies.get(leaves, Tally(0, 0)) if leaves <= on else Tally(pace, 0)  # it came in as unknown
        known = tallies.get(comes, Tally(0, 0)) if comes <= on else None
        come = known or Tally(pace, 0)
        n += come.n - out.n
        bad += come.bad - out.bad
        state = standing(n, bad, terms).state
        found.append(
            Rolled(on + step * _DAY, n, bad, state, leaves, out.bad, comes, come.bad, 0 if known else come.n)
        )
    return found


def good_again_on(rolled: list[Rolled]) -> date | None:
    """The first coming day on which it is not red any more and stays so; None: not within these days."""
    found = None
    for one in reversed(rolled):
        if one.state is State.RED:
            break
        found = one.on
    return found
