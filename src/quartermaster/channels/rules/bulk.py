"""When many rows go through a shop's own door for them, and what becomes of a write under way there."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

SETTLE = timedelta(minutes=10)  # a call whose answer was lost has reached the shop by then, or never
LOOK, LOOK_MAX = timedelta(seconds=30), timedelta(minutes=5)
GATHERS = timedelta(minutes=2)
NEAR = timedelta(minutes=15)
LEFT = timedelta(days=3)  # a write nobody waits for any more is still looked after


class Way(StrEnum):
    FEW = "few"  # all of them the quick way
    RAISES = "raises"  # those that give the shop more in bulk; what takes units away the quick way
    ALL = "all"


def way(lowering: int, raising: int, least: int) -> Way:
    """How rows that wait at once are sent. What is in a bulk write cannot be changed until it is over, so
    only what can wait goes there; unless so much takes units away that the quick way is the slower one."""
    if lowering >= least:
        return Way.ALL
    return Way.RAISES if raising >= least else Way.FEW


def gathers(since: datetime | None, at: datetime) -> bool:
    """Whether rows that wait since then still wait for others of the same push."""
    return since is not None and since > at - GATHERS


def begins_later(at: datetime, retry_at: datetime | None) -> bool:
    """One that is not let in yet keeps its rows when its turn is near: one by one they would take longer.
    Shops let in only so many writes in a while."""
    return retry_at is not None and retry_at <= at + NEAR


def next_look(at: datetime, looks: int) -> datetime:
    """Twice as long each time."""
    return at + min(LOOK_MAX, LOOK * (1 << min(looks, 10)))


class Standing(NamedTuple):
    """What is known of a write whose beginning got no clear answer. others: writes under way at the shop that
    nobody here knows; None: the shop could not be asked."""

    began_at: datetime
    until: datetime
    others: int | None


class Verdict(StrEnum):
    WAIT = "wait"
    NOT_THERE = "not_there"  # it is over by now, or never began: its rows are looked at
    LET_GO = "let_go"  # it may be under way still; nobody waits for it any longer


def sought(standing: Standing, at: datetime) -> Verdict:
    """Any write under way that nobody here knows may be ours. None of them is adopted: were it another's,
    ours would be forgotten, and worked off over newer numbers."""
    if standing.others == 0 and at >= standing.began_at + SETTLE:
        return Verdict.NOT_THERE
    return Verdict.LET_GO if at >= standing.until else Verdict.WAIT
