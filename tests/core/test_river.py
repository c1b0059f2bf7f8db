"""The river: one bad item stops nobody else, one subject is heard in order, nothing that is due is lost."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import ClassVar

import pytest
from django.db import connection, connections, transaction
from django.utils.timezone import now
from psycopg import errors as pg

from quartermaster import flow
from quartermaster.core import events, sql
from quartermaster.core.actions import retry
from quartermaster.core.errors import NotFound
from quartermaster.core.river import signal, worker
from quartermaster.core.river.queues import ATTEMPTS_MAX, Deliveries, Item

LISTENER = "test.listen"


class Rang(events.Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "bell"
    n: int


class Ears:
    """A listener that notes what it heard, in its transaction, and fails when it is told to."""

    def __init__(self) -> None:
        self.fails: Callable[[Rang], None] = lambda event: None
        self.queue = Deliveries(LISTENER, self.listen, {"Rang": Rang})

    def listen(self, batch: Sequence[Rang]) -> None:
        for event in batch:
            self.fails(event)
            sql.run("insert into heard (subject, n) values (%s, %s)", (event.subject, event.n))

    @property
    def heard(self) -> list[tuple[str, int]]:
        return sql.run("select subject, n from heard order by at")  # type: ignore[return-value]

    def flow(self) -> None:
        while worker.step(self.queue):
            pass


def ring(*bells: tuple[str, int]) -> None:
    with transaction.atomic():
        events.emit(Rang(subject=f"bell:{name}", at=now(), actor="test", n=n) for name, n in bells)


def parked() -> list[tuple[str, int, bool, str]]:
    """(subject, attempts, stuck, because) of deliveries that failed."""
    return sql.run(  # type: ignore[return-value]
        "select subject, attempts, stuck_at is not null, because from core_delivery "
        "where attempts > 0 order by event_id"
    )


def come_round() -> None:
    """As if the pause before the next attempt were over."""
    sql.run("update core_delivery set retry_at = null")


@pytest.fixture
def ears(transactional_db: None) -> Iterator[Ears]:
    ears = Ears()
    sql.run("create table heard (at bigserial, subject text, n int)")
    events.route({"Rang": (LISTENER,)})
    queues, chores = list(worker.queues), list(worker.chores)
    worker.queues[:], worker.chores[:] = [ears.queue], []
    yield ears
    worker.queues[:], worker.chores[:] = queues, chores
    flow.connect()
    sql.run("drop table heard")


def refuse(*numbers: int) -> Callable[[Rang], None]:
    def fails(event: Rang) -> None:
        if event.n in numbers:
            raise ValueError(f"bell {event.n} is cracked")

    return fails


def test_one_bad_event_among_a_hundred_is_parked_with_its_reason_and_the_others_are_heard(ears: Ears) -> None:
    ears.fails = refuse(37)
    ring(*[(f"b{n}", n) for n in range(100)])

    ears.flow()

    assert sorted(n for _, n in ears.heard) == [n for n in range(100) if n != 37]
    assert parked() == [("bell:b37", 1, False, "ValueError: bell 37 is cracked")]
    assert worker.pending() == {LISTENER: 1}
    assert worker.stuck() == {}


def test_after_five_attempts_it_is_stuck_and_stays_so(ears: Ears) -> None:
    ears.fails = refuse(1)
    ring(("a", 1))
    for _ in range(ATTEMPTS_MAX + 3):
        ears.flow()
        come_round()

    assert parked() == [("bell:a", ATTEMPTS_MAX, True, "ValueError: bell 1 is cracked")]
    assert worker.stuck() == {LISTENER: 1}
    assert worker.pending() == {}


def test_each_attempt_waits_longer_than_the_one_before(ears: Ears) -> None:
    ears.fails = refuse(1)
    ring(("a", 1))
    pauses = []
    for _ in range(ATTEMPTS_MAX - 1):
        ears.flow()
        ears.flow()  # not due: no further attempt
        pauses.append(sql.run("select extract(epoch from retry_at - now())::float from core_delivery")[0][0])
        come_round()

    assert [row[1] for row in parked()] == [ATTEMPTS_MAX - 1]
    assert all(later > 2 * sooner for sooner, later in pairwise(pauses))


def test_successors_of_the_same_subject_wait_and_everybody_else_flows(ears: Ears) -> None:
    ears.fails = refuse(2)
    ring(("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 4), ("a", 5))
    for _ in range(ATTEMPTS_MAX):
        ears.flow()
        come_round()
    ears.flow()

    assert ears.heard == [("bell:a", 1), ("bell:b", 1), ("bell:b", 4)]
    assert worker.stuck() == {LISTENER: 1}
    assert worker.pending() == {}  # what waits behind the stuck one is nobody's work


def test_a_retry_frees_it_and_what_waited_behind_it_in_order(ears: Ears) -> None:
    ears.fails = refuse(2)
    ring(("a", 2), ("a", 3), ("a", 4))
    for _ in range(ATTEMPTS_MAX):
        ears.flow()
        come_round()
    ((delivery_id,),) = sql.run("select id from core_delivery where stuck_at is not null")
    with pytest.raises(NotFound):
        retry(delivery_id + 1, at=now(), by="user:1")

    ears.fails = refuse()
    retry(delivery_id, at=now(), by="user:1")
    ears.flow()

    assert ears.heard == [("bell:a", 2), ("bell:a", 3), ("bell:a", 4)]
    assert sql.run("select count(*) from core_delivery") == [(0,)]


def test_an_event_that_can_no_longer_be_read_is_parked_alone(ears: Ears) -> None:
    """Written by another version of the program, say."""
    ring(("a", 1), ("b", 2), ("c", 3), ("d", 4))
    sql.run("set session_replication_role = replica")  # what is told is never changed, but for this test
    sql.run("update core_event set body = '{\"n\": \"many\"}' where subject = 'bell:b'")
    sql.run("update core_event set name = 'Tolled' where subject = 'bell:c'")
    sql.run("set session_replication_role = origin")

    ears.flow()

    assert sorted(n for _, n in ears.heard) == [1, 4]
    assert [(subject, attempts) for subject, attempts, _, _ in parked()] == [("bell:b", 1), ("bell:c", 1)]
    assert "Expected `int`, got `str`" in parked()[0][3]


@pytest.mark.parametrize("number", ["54000", "54001", "22003", "23514"])
def test_what_the_database_refuses_about_one_event_is_that_event_s_fault(ears: Ears, number: str) -> None:
    """Program limits (54...) are "operational" to the driver, and yet no reason to stop the river."""

    def fails(event: Rang) -> None:
        if event.n == 2:
            sql.run(f"do $$ begin raise exception 'too big' using errcode = '{number}'; end $$")

    ears.fails = fails
    ring(("a", 1), ("b", 2), ("c", 3))

    ears.flow()

    assert sorted(n for _, n in ears.heard) == [1, 3]
    assert [(subject, attempts) for subject, attempts, _, _ in parked()] == [("bell:b", 1)]


@pytest.mark.parametrize("error", [pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable])
def test_losing_a_race_is_no_failure_and_is_tried_again(ears: Ears, error: type[Exception]) -> None:
    lost = iter([True, True, False])

    def fails(event: Rang) -> None:
        if event.n == 2 and next(lost):
            raise error("somebody was faster")

    ears.fails = fails
    ring(*[(f"b{n}", n) for n in range(5)])

    ears.flow()

    assert sorted(n for _, n in ears.heard) == list(range(5))
    assert parked() == []


def test_a_real_deadlock_between_two_workers_is_resolved_without_anybody_failing(ears: Ears) -> None:
    meet = threading.Barrier(2, timeout=10)
    tries: list[int] = []

    def fails(event: Rang) -> None:
        tries.append(event.n)
        sql.run("select pg_advisory_xact_lock(%s)", (event.n,))
        if len(tries) <= 2:
            meet.wait()
        sql.run("select pg_advisory_xact_lock(%s)", (3 - event.n,))

    ears.fails = fails
    ears.queue.batch = 1
    ring(("a", 1), ("b", 2))
    with workers(2):
        until(lambda: sql.run("select count(*) from heard") == [(2,)])

    assert len(tries) == 3
    assert parked() == []


def test_two_workers_never_hear_one_subject_at_once_nor_out_of_order(ears: Ears) -> None:
    guard, busy, overlaps = threading.Lock(), set(), []

    def fails(event: Rang) -> None:
        with guard:
            if (event.subject, threading.get_ident()) not in busy and any(
                s == event.subject for s, _ in busy
            ):
                overlaps.append(event)
            busy.add((event.subject, threading.get_ident()))
        time.sleep(0.0005)

    def listen(batch: Sequence[Rang]) -> None:
        try:
            Ears.listen(ears, batch)
        finally:
            with guard:
                busy.difference_update({(event.subject, threading.get_ident()) for event in batch})

    ears.fails = fails
    ears.queue = Deliveries(LISTENER, listen, {"Rang": Rang}, batch=7)
    worker.queues[:] = [ears.queue]
    with workers(3):
        for n in range(12):
            ring(*[(f"b{bell}", n) for bell in range(20)])
        until(lambda: sql.run("select count(*) from core_delivery") == [(0,)], patience_s=30)

    assert overlaps == []
    by_bell: dict[str, list[int]] = {}
    for subject, n in ears.heard:
        by_bell.setdefault(subject, []).append(n)
    assert len(by_bell) == 20
    assert all(numbers == list(range(12)) for numbers in by_bell.values()), by_bell


def test_a_lost_signal_is_made_good_by_the_sweep(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "wake", lambda: None)
    with workers(1):
        time.sleep(0.3)  # it has looked, and waits
        ring(("a", 1))
        until(lambda: sql.run("select count(*) from heard") == [(1,)], patience_s=3 * worker.SWEEP_S)


def test_a_signal_is_heard_at_once(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SWEEP_S", 20.0)
    with workers(1):
        time.sleep(0.5)
        ring(("a", 1))
        began = time.monotonic()
        signal.wake()
        until(lambda: sql.run("select count(*) from heard") == [(1,)])
        assert time.monotonic() - began < 2
        signal.wake()  # for the worker that is to end


def test_a_batch_cut_off_by_the_database_is_worked_whole_and_once_when_it_is_back(ears: Ears) -> None:
    """What a restart of PostgreSQL looks like to a worker: its connections end in the middle of a batch."""
    cut = iter([True, True, False])

    def fails(event: Rang) -> None:
        if event.n == 30 and next(cut):
            sql.run("select pg_terminate_backend(pg_backend_pid())")

    ears.fails = fails
    ring(*[(f"b{n}", n) for n in range(50)])
    with workers(1):
        until(lambda: sql.run("select count(*) from core_delivery") == [(0,)], patience_s=20)

    assert sorted(n for _, n in ears.heard) == list(range(50))


class Endless:
    """A queue that always has more, as an inbox has on the busiest day."""

    name, batch, done = "test.endless", 10, 0

    def claim(self, limit: int, only: Sequence[int] | None = None) -> list[Item]:
        return [Item(n, n) for n in range(limit)]

    def work(self, items: Sequence[Item]) -> None:
        self.done += len(items)

    def park(self, item_id: int, because: str, *, for_good: bool = False) -> None:
        raise AssertionError("nothing fails here")

    def pending(self) -> int:
        return self.batch

    def stuck(self) -> int:
        return 0


def test_a_queue_that_never_runs_empty_starves_nobody(ears: Ears) -> None:
    endless = Endless()
    chores: list[int] = []
    worker.queues[:] = [endless, ears.queue]
    worker.chores[:] = [lambda: chores.append(1) or 0]  # type: ignore[func-returns-value]
    ring(("a", 1))
    stop = threading.Event()
    ending = threading.Timer(5, stop.set)
    ending.start()

    worker.flow(stop)

    ending.cancel()
    assert not stop.is_set()
    assert ears.heard == [("bell:a", 1)]
    assert chores
    assert endless.done == worker.TURN * endless.batch


def test_a_chore_that_fails_stops_neither_the_other_chores_nor_the_worker(ears: Ears) -> None:
    done: list[str] = []

    def breaks() -> int:
        raise KeyError("gone")

    def loses() -> int:
        with transaction.atomic():
            sql.run("do $$ begin raise exception 'a race' using errcode = '40P01'; end $$")
        return 1

    worker.chores[:] = [breaks, loses, lambda: done.append("the last") or 0]  # type: ignore[func-returns-value]
    ring(("a", 1))
    with workers(1):
        until(lambda: sql.run("select count(*) from heard") == [(1,)])
        until(lambda: bool(done))


def until(condition: Callable[[], bool], patience_s: float = 10) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, parked()
        time.sleep(0.01)


@contextmanager
def workers(count: int) -> Iterator[None]:
    """So many workers, each in a thread with a connection of its own, for the length of the block."""
    stop = threading.Event()
    ended: list[BaseException] = []

    def work() -> None:
        try:
            worker.run(stop=stop)
        except BaseException as error:
            ended.append(error)
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, name=f"worker {n}") for n in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
        connection.ensure_connection()
    assert not ended, ended
