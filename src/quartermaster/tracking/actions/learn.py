"""Lanes learn their days from the parcels that went before."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from quartermaster.allocation.actions.keep_transits import LaneSeen, keep_transits
from quartermaster.allocation.rules import transit
from quartermaster.allocation.rules.transit import Lane, Learned, Place, Transit
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.queries import setting
from quartermaster.core.workdays import holidays_between, last_zone
from quartermaster.tracking.queries import transits

LOOKED_BACK: Final = timedelta(days=90)
DUE_WITHIN: Final = timedelta(days=14)
HITS_LEAST: Final = 100  # promises: from fewer nothing is said about how many are kept
AIM: Final = "promise.share"


class Lesson(NamedTuple):
    """What was learned: lanes with days of their own now, the share they were learned with, and of the
    promises that fell due lately how many were kept."""

    lanes: int
    share: float
    kept: int
    due: int


def learn(*, at: datetime, by: str) -> Lesson:
    """Learn the days of every lane from the parcels of three months. A lane with too few keeps the days of
    its table. Changes no promise that was made."""
    with transaction.atomic():
        kept, due = transits.hits(since=at - DUE_WITHIN, at=at)
        share = float(setting(AIM) or transit.SHARE)
        if due >= HITS_LEAST:
            share = transit.aimed(share, hit=kept / due)
            keep_setting(AIM, share, at=at, by=by)
        known = _known(at)
        found = [row for want in transits.wanted() for row in _rows(want, known, share)]
        keep_transits(found, share=share, at=at, by=by)
    return Lesson(len(found), share, kept, due)


def _known(at: datetime) -> Mapping[Lane, Transit]:
    """Every lane that parcels went on, and the wider ones, with what was seen on it."""
    countries = {want.lane.to.country for want in transits.wanted()}
    zones = {country: last_zone(country) for country in countries}
    arrived: dict[Lane, Counter[int]] = {}
    waiting: dict[Lane, Counter[int]] = {}
    since, today = at - LOOKED_BACK, at.date()
    for one in transits.seen(zones, since=since, at=at):
        closed = holidays_between(one.lane.to.country, one.lane.to.region, since.date(), today)
        into, day = _day(one, today, closed)
        (arrived if into else waiting).setdefault(one.lane, Counter())[day] += one.parcels
    lanes = arrived.keys() | waiting.keys()
    return transit.together(
        (lane, transit.transit(arrived.get(lane, {}), waiting.get(lane, {}))) for lane in sorted(lanes)
    )


def _day(one: transits.Seen, today: date, closed: tuple[date, ...]) -> tuple[bool, int]:
    """Whether they have arrived, and on which day; or through which day they were seen not to."""
    if one.arrived_on is not None:
        return True, transit.days_taken(one.left_on, max(one.left_on, one.arrived_on), closed)
    return False, transit.days_seen(one.left_on, today, closed)


def _rows(want: transits.Wanted, known: Mapping[Lane, Transit], share: float) -> list[LaneSeen]:
    """What is kept of a lane: its country as a whole, and the regions that have enough parcels of their
    own."""
    whole = transit.learned(known, want.lane, share=share)
    rows = [_row(want.location_id, want.lane, whole)] if whole else []
    regions = sorted(
        {
            lane.to.region
            for lane in known
            if lane.site == want.lane.site and lane.to.country == want.lane.to.country and lane.to.region
        }
    )
    for region in regions:
        lane = want.lane._replace(to=Place(want.lane.to.country, region))
        found = transit.learned(known, lane, share=share)
        if found and found.of.to.region:
            rows.append(_row(want.location_id, lane, found))
    return rows


def _row(location_id: int, lane: Lane, found: Learned) -> LaneSeen:
    return LaneSeen(
        location_id,
        lane.to.country,
        lane.to.region,
        found.days,
        found.share,
        found.n,
        found.transit.arrived,
        found.transit.waiting,
        "" if found.of == lane else _named(found.of),
    )


def _named(lane: Lane) -> str:
    """A lane in words: any site of DE-BE to FR."""
    places = ["-".join(part for part in place if part) for place in (lane.origin, lane.to)]
    return f"{lane.site or f'any site of {places[0]}'} to {places[1]}"
