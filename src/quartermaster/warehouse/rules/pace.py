"""How fast people work, told so that it can be compared, and which cut-offs that pace will miss."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

ENOUGH_S = 300  # less work than five minutes says nothing


class Work(NamedTuple):
    """One person's work of one kind. lines: scans that did something; timed: those whose time since the one
    before is known; worked_s: the sum of these times."""

    by: str
    kind: str
    lines: int
    units: int
    timed: int
    worked_s: float


class CutOffLoad(NamedTuple):
    """left: orders that are not picked and leave then."""

    ship_by: datetime
    left: int


class Forecast(NamedTuple):
    """misses: orders that will not be picked in time at this pace, None while there is none. needed: orders
    an hour it would take from now on, with all that leaves earlier; None when the moment is past."""

    misses: int | None
    needed: float | None


def standards(work: Iterable[Work]) -> dict[str, float]:
    """kind -> seconds a line takes here on average, of kinds that two people or more did: nobody is measured
    by himself."""
    people: dict[str, set[str]] = {}
    timed: dict[str, int] = {}
    worked: dict[str, float] = {}
    for each in work:
        if each.timed:
            people.setdefault(each.kind, set()).add(each.by)
            timed[each.kind] = timed.get(each.kind, 0) + each.timed
            worked[each.kind] = worked.get(each.kind, 0.0) + each.worked_s
    return {kind: worked[kind] / timed[kind] for kind, who in people.items() if len(who) > 1}


def against_mean(mine: Iterable[Work], standard: Mapping[str, float]) -> float | None:
    """How long my lines take here on average, by the time I took: 1.2 is a fifth faster than the site for the
    same mix of work. None when less than five minutes of it can be compared."""
    compared = [each for each in mine if each.kind in standard]
    worked_s = sum(each.worked_s for each in compared)
    if worked_s < ENOUGH_S:
        return None
    return sum(standard[each.kind] * each.timed for each in compared) / worked_s


def forecast(loads: Sequence[CutOffLoad], pace: float, *, at: datetime) -> list[Forecast]:
    """For each cut-off, the earliest first: what is picked until then at `pace` orders an hour, when what
    leaves sooner is picked sooner."""
    told, before = [], 0
    for load in loads:
        hours = (load.ship_by - at) / timedelta(hours=1)
        total = before + load.left
        before = total
        if hours <= 0:
            told.append(Forecast(load.left, None))
        elif not pace:
            told.append(Forecast(None if load.left else 0, total / hours))
        else:
            short = total - int(pace * hours)
            told.append(Forecast(min(load.left, max(0, short)), total / hours))
    return told
