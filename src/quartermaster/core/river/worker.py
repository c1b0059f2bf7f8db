"""A worker: goes down the river queue by queue, batch by batch, until
nothing is due; then waits for the signal."""

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connection, transaction

from quartermaster.core.river import signal
from quartermaster.core.river.fates import Fate, fate
from quartermaster.core.river.hand import Hand, fallen
from quartermaster.core.river.queues import Deliveries, Queue, waited_for
from quartermaster.core.workdays import warm

log = logging.getLogger(__name__)
SWEEP_S = 1.0
TURN = 8  # batches of one queue before the others have their turn: nobody starves behind a flood

DEATHS_MAX = 2
KILLS = "The worker process died over it twice: killed, or out of memory. It was alone both times."


class _Mine(threading.local):
    """What belongs to the thread that runs as a worker: a process may run several."""

    hand: Hand | None = None


mine = _Mine()
queues: list[Queue] = []  # in river order; filled once at start by the flow
chores: list[
    Callable[[], int]
] = []  # outbox, expiring holds: what is due by the clock; each returns how much it did


def run(*, stop: threading.Event, once: bool = False) -> None:
    """Work until `stop` is set, or with `once` until a whole pass finds nothing due."""
    warm()
    ear = signal.Ear()
    folder = _folder()
    try:
        mine.hand = Hand(folder)
        while not stop.is_set():
            try:
                done = _look_after(folder) + flow(stop)
            except Exception as error:
                if fate(error) is not Fate.AWAY:
                    raise
                log.warning("the database is away: %s", error)
                connection.close()
                stop.wait(SWEEP_S)
                continue
            if once and not done:
                return
            if not done:
                close_old_connections()
                ear.wait(SWEEP_S)
    finally:
        ear.close()
        if mine.hand is not None:
            mine.hand.close()
            mine.hand = None


def _folder() -> Path:
    """Where the workers of this host on this database keep what they have in hand."""
    given = connection.settings_dict
    name = "|".join(str(given[part]) for part in ("HOST", "PORT", "NAME"))
    return Path(settings.HOME) / "in-hand" / hashlib.sha256(name.encode()).hexdigest()[:16]


def _look_after(folder: Path) -> int:
    """Try what dead workers had in hand, one by one: what kills a worker alone a second time is stuck."""
    done = 0
    for left in fallen(folder):
        queue = next((each for each in queues if each.name == left.queue), None)
        if queue is None:
            continue
        if left.deaths >= DEATHS_MAX:
            log.error("%s: item %s killed its worker", queue.name, left.ids[0])
            with transaction.atomic():
                queue.park(left.ids[0], KILLS, for_good=True)
            continue
        done += sum(step(queue, [item_id], left.deaths) for item_id in left.ids)
    return done


def flow(stop: threading.Event | None = None, *, until: float = math.inf) -> int:
    """One pass down the river: every queue until it is empty or had its turn. Returns how many items and
    chores were done: when none, nothing is due.

    Ends early when `stop` is set, and at `until` (time.monotonic() seconds).
    """
    done = 0
    for queue in due():
        for _ in range(TURN):
            if (stop is not None and stop.is_set()) or time.monotonic() >= until:
                break
            worked = step(queue)
            done += worked
            if not worked:
                break
    return done + sum(_do(chore) for chore in chores)


def due() -> Iterator[Queue]:
    """The queues in river order, without the listeners who have nothing to hear.

    That is most of them, most of the time, so they are asked all at once; and anew after each that was
    worked, which may have told those below it.
    """
    waited: set[str] | None = None
    for queue in queues:
        if isinstance(queue, Deliveries):
            waited = waited_for(queues) if waited is None else waited
            if queue.name not in waited:
                continue
        yield queue
        waited = None


def _do(chore: Callable[[], int]) -> int:
    """One that fails is told of and comes again with the next pass; the others have their turn."""
    try:
        return chore()
    except Exception as error:
        match fate(error):
            case Fate.AWAY:
                raise
            case Fate.RACE:
                log.warning("%s: %s, tried again", chore, because(error))
            case Fate.FAILED:
                log.error("%s failed", chore, exc_info=error)
        return 0


def step(queue: Queue, only: Sequence[int] | None = None, deaths: int = 0) -> int:
    """Work one batch of a queue; returns how many items were taken. Failing items are isolated and parked."""
    taken: list[int] = []
    try:
        with transaction.atomic():
            items = queue.claim(queue.batch, only)
            taken = [item.id for item in items]
            if mine.hand is not None and taken:
                mine.hand.hold(queue.name, taken, deaths)
            if items:
                queue.work(items)
        return len(taken)
    except Exception as error:
        match fate(error):
            case Fate.AWAY:
                raise
            case Fate.RACE:
                log.warning("%s: %s, tried again", queue.name, because(error))
                time.sleep(0.01)
                return len(taken)
        failure = error
    finally:
        if mine.hand is not None and taken:
            mine.hand.let_go()
    if not taken:  # the claim itself failed: a defect of the queue, from which the others must not suffer
        log.error("%s: nothing can be claimed", queue.name, exc_info=failure)
        return 0
    _isolate(queue, taken, failure)
    return len(taken)


def _isolate(queue: Queue, taken: Sequence[int], failure: Exception) -> None:
    """Halve a failed batch until the culprit is alone, and park that one with its reason."""
    if len(taken) == 1:
        log.error("%s: item %s failed", queue.name, taken[0], exc_info=failure)
        with transaction.atomic():
            queue.park(taken[0], because(failure))
        return
    middle = len(taken) // 2
    for half in (taken[:middle], taken[middle:]):
        step(queue, half)


def because(error: BaseException) -> str:
    """One line for the page where a person sees what is stuck."""
    text = " ".join(str(error).split())
    kind = type(error).__name__
    return f"{kind}: {text[:500]}" if text else kind


def pending() -> dict[str, int]:
    """Queue name -> items that are still to be worked."""
    return {queue.name: left for queue in queues if (left := queue.pending())}


def stuck() -> dict[str, int]:
    """Queue name -> items that failed for good and wait for a person."""
    return {queue.name: count for queue in queues if (count := queue.stuck())}
