"""Promises made week by week with what was known then, and held against what happened."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bench.promises.history import COUNTRY, Past
from quartermaster.allocation.rules import transit
from quartermaster.allocation.rules.transit import Lane, Transit, days_seen, days_taken, learned, together
from quartermaster.core.workdays import WEEK, after, holidays_between

LOOKED_BACK, DUE_WITHIN, HITS_LEAST = timedelta(days=90), timedelta(days=14), 100  # as tracking.actions.learn
WEEK_DAYS = timedelta(days=7)
OPEN_MAX = timedelta(days=120)  # what has not come then never does; it is a promise broken


class Made(NamedTuple):
    """A promise that was made, and whether it was kept. wide: how wide the lane was that it was learned
    on."""

    start: date
    days: int
    promised_on: date
    is_kept: bool
    is_told_kept: bool
    told_days: int
    wide: int


def made(past: Sequence[Past], *, first: date, last: date) -> list[Made]:
    """Before each week learn on LOOKED_BACK and aim as the job does every night, then promise that week's."""
    closed = holidays_between(COUNTRY, "", past[0].start, last + OPEN_MAX)
    found: list[Made] = []
    share, monday = transit.SHARE, first
    while monday <= last:
        due = [one.is_kept for one in found if monday - DUE_WITHIN <= one.promised_on < monday]
        if len(due) >= HITS_LEAST:
            share = transit.aimed(share, hit=sum(due) / len(due))
        known = _known([one for one in past if monday - LOOKED_BACK <= one.start < monday], monday, closed)
        week = [one for one in past if monday <= one.start < monday + WEEK_DAYS]
        found += [promise for one in week if (promise := _promised(one, known, share, closed))]
        monday += WEEK_DAYS
    return found


def _known(seen: Sequence[Past], today: date, closed: tuple[date, ...]) -> dict[Lane, Transit]:
    """As a person would have known it that morning: what arrived later was still on its way."""
    arrived: dict[Lane, Counter[int]] = {}
    waiting: dict[Lane, Counter[int]] = {}
    for one in seen:
        if one.arrived_on is not None and one.arrived_on < today:
            arrived.setdefault(one.lane, Counter())[days_taken(one.start, one.arrived_on, closed)] += 1
        else:
            waiting.setdefault(one.lane, Counter())[days_seen(one.start, today, closed)] += 1
    lanes = arrived.keys() | waiting.keys()
    return together((lane, transit.transit(arrived.get(lane, {}), waiting.get(lane, {}))) for lane in lanes)


def _promised(one: Past, known: dict[Lane, Transit], share: float, closed: tuple[date, ...]) -> Made | None:
    said = learned(known, one.lane, share=share)
    if said is None:
        return None
    promised_on = after(one.start, said.days, week=WEEK, closed=closed)
    kept = one.arrived_on is not None and one.arrived_on <= promised_on
    told = one.told_on or promised_on
    told_kept = one.arrived_on is not None and one.arrived_on <= told
    wide = transit.widened(one.lane).index(said.of)
    return Made(one.start, said.days, promised_on, kept, told_kept, (told - one.start).days, wide)
