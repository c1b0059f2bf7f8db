"""Group commit at the door: one that cannot be stored spoils nothing for those who came with it."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connections
from psycopg import errors as pg

from quartermaster.core import sql
from quartermaster.inbox.actions import Arrival, Keeper, keep
from quartermaster.testing.builders import a_connection

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class Doors:
    """A keeper whose first commit waits until all the others have come, so that they make up one group."""

    def __init__(self) -> None:
        self.connection_id = a_connection()
        self.keeper = Keeper()
        self.groups: list[int] = []
        self.fails: Callable[[Sequence[Arrival]], None] = lambda arrivals: None
        self._began, self._go_on = threading.Event(), threading.Event()

    def keep_slowly(self, arrivals: Sequence[Arrival], connection: psycopg.Connection) -> None:
        if not self._began.is_set():
            self._began.set()
            self._go_on.wait(5)
        self.groups.append(len(arrivals))
        self.fails(arrivals)
        keep(arrivals, connection)

    def arrival(self, delivery_id: str, body: bytes = b"{}") -> Arrival:
        return Arrival(self.connection_id, delivery_id, "orders/create", {}, body, AT)

    def together(self, *arrivals: Arrival) -> list[BaseException | None]:
        """Keep them from threads; how each ended."""
        ends: dict[int, BaseException | None] = {}

        def go(n: int, arrival: Arrival) -> None:
            try:
                self.keeper.keep(arrival)
                ends[n] = None
            except Exception as error:
                ends[n] = error
            finally:
                connections.close_all()

        everybody = (self.arrival("first", b"first"), *arrivals)
        threads = [threading.Thread(target=go, args=one) for one in enumerate(everybody)]
        threads[0].start()
        self._began.wait(5)
        for thread in threads[1:]:
            thread.start()
        while len(self.keeper._waiting) < len(arrivals):
            threading.Event().wait(0.01)
        self._go_on.set()
        for thread in threads:
            thread.join(10)
        return [ends[n] for n in range(1, len(threads))]

    def states(self) -> list[tuple[str, str]]:
        query = "select delivery_id, state from inbox_message where delivery_id <> 'first' order by id"
        return sql.run(query)  # type: ignore[return-value]


@pytest.fixture
def doors(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    doors = Doors()
    monkeypatch.setattr(sys.modules["quartermaster.inbox.actions.keep"], "keep", doors.keep_slowly)
    yield doors
    if doors.keeper._connection is not None:
        doors.keeper._connection.close()


def test_those_who_come_while_one_is_committed_share_the_next_commit(doors: Doors) -> None:
    assert doors.together(*[doors.arrival(f"d{n}", b"%d" % n) for n in range(20)]) == [None] * 20
    assert doors.groups == [1, 20]


@pytest.mark.parametrize(
    "error", [pg.UntranslatableCharacter, pg.ForeignKeyViolation, pg.ProgramLimitExceeded]
)
def test_one_that_cannot_be_stored_spoils_nothing_for_the_others(
    doors: Doors, error: type[Exception]
) -> None:
    def fails(arrivals: Sequence[Arrival]) -> None:
        if any(arrival.delivery_id == "bad" for arrival in arrivals):
            raise error("not this one")

    doors.fails = fails
    ends = doors.together(doors.arrival("a", b"1"), doors.arrival("bad"), doors.arrival("b", b"2"))

    assert [type(end) for end in ends] == [type(None), error, type(None)]
    assert sorted(doors.states()) == [("a", "received"), ("b", "received")]


def test_when_the_database_is_away_it_is_tried_once_more_and_then_everybody_is_told(doors: Doors) -> None:
    tries = []

    def fails(arrivals: Sequence[Arrival]) -> None:
        if len(arrivals) > 1:
            tries.append(len(arrivals))
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    doors.fails = fails
    ends = doors.together(doors.arrival("a", b"1"), doors.arrival("b", b"2"))

    assert [type(end) for end in ends] == [psycopg.OperationalError] * 2
    assert tries == [2, 2]
    assert doors.states() == []


def test_a_connection_that_was_cut_is_opened_again_and_nobody_notices(doors: Doors) -> None:
    cut = iter([True])

    def fails(arrivals: Sequence[Arrival]) -> None:
        if len(arrivals) > 1 and next(cut, False):
            sql.run(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name = 'quartermaster intake' and datname = current_database()"
            )

    doors.fails = fails
    assert doors.together(doors.arrival("a", b"1"), doors.arrival("b", b"2")) == [None, None]
    assert sorted(doors.states()) == [("a", "received"), ("b", "received")]


def test_two_contents_under_one_id_at_the_same_moment_are_told_apart(doors: Doors) -> None:
    ends = doors.together(doors.arrival("d", b"1"), doors.arrival("d", b"2"), doors.arrival("e", b"3"))

    assert ends == [None] * 3
    assert Counter(doors.states()) == {("d", "received"): 1, ("d", "unreadable"): 1, ("e", "received"): 1}


def test_the_same_delivery_at_the_same_moment_is_kept_once(doors: Doors) -> None:
    assert doors.together(*[doors.arrival("d")] * 5) == [None] * 5
    assert doors.states() == [("d", "received")]
