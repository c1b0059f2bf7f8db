"""The workers' part of replays: a part at a time is gathered, rehearsed, or queued to be read again."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.river.fates import Fate, fate
from quartermaster.inbox.actions.replay import replay
from quartermaster.inbox.actions.replays.ask import moved
from quartermaster.inbox.actions.replays.statements import (
    COUNT,
    DUE,
    FAILED,
    FOUND,
    GATHER,
    LOCK,
    NEXT,
    QUEUED,
    SETTLE,
    TAKE,
    UNSEEN,
    WANTED,
)

log = logging.getLogger(__name__)
GATHERED_AT_ONCE: Final = 5_000
REHEARSED_AT_ONCE: Final = 25  # a rehearsal holds the orders it looks at
READ_AT_ONCE: Final = 200
WAITING_MAX: Final = 400  # what comes in by itself is not to wait behind more
LEASE: Final = timedelta(minutes=2)
SOON: Final = timedelta(seconds=1)
FAILURES_MAX: Final = 5
_WORDS_MAX: Final = 300


class Rehearsed(Protocol):
    """As orders.actions.rehearse says it: the inbox knows nothing of orders."""

    @property
    def message_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def because(self) -> str: ...
    @property
    def changes(self) -> Sequence[msgspec.Struct]: ...


type Rehearse = Callable[[Sequence[int]], Sequence[Rehearsed]]


class Due(NamedTuple):
    """A replay that was taken up, with what it is about. failures: this part in hand among them."""

    id: int
    phase: str
    cursor: int
    failures: int


class Now(NamedTuple):
    """A replay as it stands, locked."""

    slug: str
    phase: str
    is_stopped: bool
    reads: str
    cursor: int
    messages: int
    queued: int
    settled: int
    told_by: str


def work_replays(rehearse: Rehearse) -> int:
    """The chore: a part of the replay that is due longest. A part is written down whole or not at all, and
    only where nobody else did meanwhile; whoever comes after a worker that died takes it up. What fails five
    times in a row, or kills as many workers, stops until somebody has looked. Returns how many parts."""
    at = now()
    with transaction.atomic():
        found = [Due._make(row) for row in sql.run(DUE, {"at": at, "until": at + LEASE})]
    for due in found:
        if due.failures > FAILURES_MAX:
            _failed(due, "", at, counts=0)
            continue
        try:
            _part(due, rehearse, at)
        except Exception as error:  # of one part: it is tried again, and told of
            match fate(error):
                case Fate.AWAY:
                    raise
                case Fate.RACE:
                    _failed(due, "", at, counts=-1)
                case Fate.FAILED:
                    log.warning("replay %s: %s", due.id, error, exc_info=error)
                    _failed(due, f"{type(error).__name__}: {error}"[:_WORDS_MAX], at, counts=0)
    return len(found)


def _part(due: Due, rehearse: Rehearse, at: datetime) -> None:
    if due.phase == "gathering":
        _gather(due, at)
    elif due.phase == "rehearsing":
        _rehearse(due, rehearse, at)
    else:
        _read(due, at)


@transaction.atomic
def _gather(due: Due, at: datetime) -> None:
    seen = _locked(due)
    if not _is_as_taken(due, seen):
        return
    (wanted,) = sql.run(WANTED, (due.id,))
    names = ("connection", "topic", "states", "since", "until", "cursor")
    asked = {**dict(zip(names, wanted, strict=True)), "replay": due.id, "most": GATHERED_AT_ONCE}
    ((count, last),) = sql.run(GATHER, asked, prepare=False)
    is_whole = count < GATHERED_AT_ONCE
    sql.run(COUNT, {"replay": due.id, "messages": count})
    _go_on(due, seen, "rehearsing" if is_whole else "gathering", 0 if is_whole else last, at, at)


def _rehearse(due: Due, rehearse: Rehearse, at: datetime) -> None:
    """Outside of any transaction of ours: all that a rehearsal does is undone. After a failure one by one:
    what kills a worker takes no other with it, and is named."""
    most = REHEARSED_AT_ONCE if due.failures == 1 else 1
    ids = [row[0] for row in sql.run(UNSEEN, {"replay": due.id, "cursor": due.cursor, "most": most})]
    told = [
        {
            "message": one.message_id,
            "found": _found(one),
            "said": one.because[:_WORDS_MAX],
            "changes": list(one.changes),
        }
        for one in (rehearse(ids) if ids else ())
    ]
    with transaction.atomic():
        seen = _locked(due)
        if not _is_as_taken(due, seen):
            return  # stopped, or taken up by another while it took so long
        sql.run(FOUND, {"replay": due.id, "rows": sql.rows(told)})
        _go_on(due, seen, "rehearsing" if ids else "rehearsed", max(ids, default=0), at, at)


def _found(one: Rehearsed) -> str:
    if one.state in ("failed", "unreadable"):
        return "failing"
    if one.state == "unsaid":
        return "unsaid"
    return "changing" if one.changes else "same"


@transaction.atomic
def _read(due: Due, at: datetime) -> None:
    """Queueing and moving the cursor are one: no message of a replay is read for it twice, whoever else
    works. What is queued is seen through also where it was stopped or ended."""
    seen = _locked(due)
    ((settled,),) = sql.run(SETTLE, {"replay": due.id})
    waiting = seen.queued - seen.settled - settled
    is_reading = seen.phase == "reading" and not seen.is_stopped
    ids: list[int] = []
    if is_reading and waiting < WAITING_MAX:
        asked = {"replay": due.id, "cursor": seen.cursor, "most": READ_AT_ONCE}
        ids = [row[0] for row in sql.run(TAKE[seen.reads], asked)]
    if ids:
        sql.run(QUEUED, {"replay": due.id, "ids": ids, "at": at})
        replay(ids, at=at, by=seen.told_by)
    is_done = is_reading and not ids and not waiting
    phase, cursor = "done" if is_done else seen.phase, max(ids, default=seen.cursor)
    _go_on(due, seen, phase, cursor, at, at if ids else at + SOON)


def _locked(due: Due) -> Now:
    ((*told,),) = sql.run(LOCK, (due.id,))
    return Now._make(told)


def _is_as_taken(due: Due, seen: Now) -> bool:
    return (seen.phase, seen.cursor) == (due.phase, due.cursor) and not seen.is_stopped


def _go_on(due: Due, seen: Now, phase: str, cursor: int, at: datetime, next_at: datetime) -> None:
    told = {"phase": phase, "cursor": cursor, "is_done": phase == "done", "at": at, "next": next_at}
    ((messages,),) = sql.run(NEXT, {**told, "replay": due.id})
    if phase != seen.phase:
        emit([moved(due.id, seen.slug, phase, at=at, by="system", messages=messages, reads=seen.reads)])


def _failed(due: Due, because: str, at: datetime, *, counts: int) -> None:
    """because: "" where nobody can say it. counts: besides the one of having been taken up."""
    wait = SOON * 4 ** min(due.failures - 1, FAILURES_MAX)
    told = {"replay": due.id, "because": because, "counts": counts, "next": at + wait}
    sql.run(FAILED, {**told, "most": FAILURES_MAX})
