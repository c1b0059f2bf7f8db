"""Replays of any number: rehearsed, told to read, stopped and gone on with; whoever works, nothing twice."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from psycopg.errors import DeadlockDetected

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.models import EventRow
from quartermaster.core.steps import WrongStep
from quartermaster.inbox.actions import (
    ReplayUnderWay,
    ask_replay,
    connect,
    steer_replay,
    work_replays,
)
from quartermaster.inbox.actions.replays import work
from quartermaster.inbox.queries import ReplayShown, replay_of, replay_rows, replays
from quartermaster.inbox.queries.invariants import replays_that_miscount
from quartermaster.inbox.rules import REPLAY, Course, ReplayPhase, ReplayWord, steered

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANY = 60
KEEP = """
insert into inbox_message (connection_id, delivery_id, topic, sha256, headers, body, received_at, state,
  because)
select c.id, 'd' || n, case when n <= 6 then 'orders/paid' else 'orders/create' end, sha256(n::text::bytea),
  '{}', n::text::bytea, %s, case when n %% 2 = 0 then 'unreadable' else 'used' end, 'it was so'
from inbox_connection c, generate_series(1, %s) n where c.slug = 'acme' order by n
"""
ALL = ("stuck", "unreadable", "ignored", "used")
CHANGING, EVERY, STOP, GO_ON, END = (
    ReplayWord.READ_CHANGING,
    ReplayWord.READ_ALL,
    ReplayWord.STOP,
    ReplayWord.GO_ON,
    ReplayWord.END,
)


class Field(Struct):
    order: str
    field: str
    before: str
    after: str


class Told(NamedTuple):
    message_id: int
    state: str
    because: str
    changes: Sequence[Struct]


def rehearse(ids: Sequence[int]) -> list[Told]:
    """Of four, one would change, one would not, one would fail, and of one nobody can say it."""
    kinds = [("used", (Field("SO-1", "email", "a", "b"),)), ("ignored", ()), ("failed", ()), ("unsaid", ())]
    return [Told(one, kinds[one % 4][0], "so", kinds[one % 4][1]) for one in ids]


@pytest.fixture
def acme(db: None) -> str:
    connect("shopify", "acme", {"webhook_secret": "s", "shop": "acme.myshopify.com"}, at=AT, by="user:1")
    sql.run(KEEP, (AT, MANY))
    return "acme"


def asked(slug: str, *, states: Sequence[str] = ALL, topic: str = "") -> int:
    until = AT + 2 * HOUR
    return ask_replay(slug, since=AT, until=until, states=states, topic=topic, at=AT + HOUR, by="user:1")


def steer(replay_id: int, word: ReplayWord, by: str = "user:1") -> None:
    steer_replay(replay_id, word, at=AT + HOUR, by=by)


def worked(replay_id: int, most: int = 50) -> ReplayShown:
    """What the workers do until there is nothing to do for them; messages are read as they are queued."""
    for _ in range(most):
        due()
        if not work_replays(rehearse):
            break
        sql.run("update inbox_message set state = 'ignored', because = 'known' where state = 'received'")
    assert replays_that_miscount() == []
    return replay_of(replay_id)


def due() -> None:
    sql.run("update inbox_replay set next_at = now() - interval '1 second'")


def queued() -> int:
    return EventRow.objects.filter(name="MessageReplayed").count()


def test_all_of_a_window_is_rehearsed_and_nothing_is_read_before_somebody_says_so(acme: str) -> None:
    replay_id = asked(acme)
    shown = worked(replay_id)
    assert (shown.phase, shown.messages, shown.rehearsed, shown.to_read) == ("rehearsed", MANY, MANY, 0)
    assert (shown.changing, shown.same, shown.failing, shown.unsaid) == (15, 15, 15, 15)
    assert queued() == 0
    (first, *_), after = replay_rows(replay_id, only="changing", limit=5)
    assert (first.changes[0].field, first.result, after is not None) == ("email", "", True)
    assert worked(replay_id, most=1) == shown, "it waits"


def test_only_messages_in_the_chosen_states_and_about_the_topic_are_gathered(acme: str) -> None:
    first = asked(acme, states=["unreadable"])
    assert worked(first).messages == MANY // 2
    steer(first, END)
    second = asked(acme, states=["used", "unreadable"], topic="orders/paid")
    shown = worked(second)
    assert (shown.messages, shown.states) == (6, ("unreadable", "used"))


def test_those_that_would_change_are_read_once_and_each_says_what_became_of_it(acme: str) -> None:
    replay_id = asked(acme)
    worked(replay_id)
    for by in ("user:2", "user:3"):
        steer(replay_id, CHANGING, by)
    shown = worked(replay_id)
    assert (shown.phase, shown.told_by) == ("done", "user:2")
    assert (shown.to_read, shown.queued, shown.settled, shown.went_wrong) == (15, 15, 15, 0)
    assert queued() == 15
    assert {(row.result, row.because) for row in replay_rows(replay_id, only="changing").items} == {
        ("ignored", "known")
    }
    assert {row.result for row in replay_rows(replay_id, only="same").items} == {""}
    told = EventRow.objects.filter(name="ReplayMoved").order_by("id").values_list("body__phase", "actor")
    assert list(told) == [
        ("gathering", "user:1"),
        ("rehearsing", "system"),
        ("rehearsed", "system"),
        ("reading", "user:2"),
        ("done", "system"),
    ]


def test_it_stops_where_it_is_and_goes_on_from_there(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "READ_AT_ONCE", 10)
    monkeypatch.setattr(work, "GATHERED_AT_ONCE", 20)
    replay_id = asked(acme, states=["unreadable"])
    assert worked(replay_id, most=1).messages == 20
    assert worked(replay_id, most=2).rehearsed == work.REHEARSED_AT_ONCE
    steer(replay_id, STOP)
    assert worked(replay_id).rehearsed == work.REHEARSED_AT_ONCE
    steer(replay_id, GO_ON)
    assert worked(replay_id).rehearsed == 30
    steer(replay_id, EVERY)
    assert worked(replay_id, most=1).queued == 10
    steer(replay_id, STOP)
    shown = worked(replay_id)
    assert (shown.queued, shown.settled, queued()) == (10, 10, 10), "what was on its way is seen through"
    steer(replay_id, GO_ON)
    assert worked(replay_id, most=1).queued == 20
    steer(replay_id, END)
    shown = worked(replay_id)
    assert (shown.phase, shown.settled, shown.is_moving, queued()) == ("ended", 20, False, 20)
    steer(replay_id, END)
    with pytest.raises(WrongStep):
        steer(replay_id, GO_ON)


def test_who_has_seen_enough_of_the_rehearsal_has_all_of_it_read(acme: str) -> None:
    replay_id = asked(acme)
    worked(replay_id, most=2)
    with pytest.raises(WrongStep):
        steer(replay_id, CHANGING)
    steer(replay_id, EVERY)
    shown = worked(replay_id)
    assert (shown.phase, shown.rehearsed, shown.settled) == ("done", work.REHEARSED_AT_ONCE, MANY)
    assert queued() == MANY


def test_no_more_than_some_wait_to_be_read_at_a_time(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "READ_AT_ONCE", 10)
    monkeypatch.setattr(work, "WAITING_MAX", 20)
    replay_id = asked(acme)
    worked(replay_id)
    steer(replay_id, EVERY)
    for _ in range(5):
        due()
        work_replays(rehearse)  # and nobody reads
    assert replay_of(replay_id).queued == 20
    sql.run("update inbox_message set state = 'stuck', because = 'no' where state = 'received'")
    due()
    work_replays(rehearse)
    shown = replay_of(replay_id)
    assert (shown.queued, shown.settled, shown.went_wrong) == (30, 20, 20)
    assert {row.because for row in replay_rows(replay_id, only="went-wrong").items} == {"no"}


def test_whoever_takes_up_what_another_left_reads_no_message_twice(acme: str) -> None:
    """A worker whose lease ran out while it rehearsed comes back after all has been read."""
    replay_id = asked(acme)
    worked(replay_id, most=1)
    late: list[Sequence[int]] = []

    def slow(ids: Sequence[int]) -> list[Told]:
        late.append(ids)
        worked(replay_id)
        steer(replay_id, EVERY)
        worked(replay_id)
        return [Told(one, "failed", "an old word", ()) for one in ids]

    due()
    work_replays(slow)
    shown = replay_of(replay_id)
    assert (len(late[0]), shown.phase) == (work.REHEARSED_AT_ONCE, "done")
    assert (shown.settled, queued()) == (MANY, MANY)
    assert "an old word" not in {row.said for row in replay_rows(replay_id, limit=200).items}
    assert replays_that_miscount() == []


def test_a_part_that_was_left_by_a_worker_that_died_is_taken_up_when_its_time_is_over(acme: str) -> None:
    replay_id = asked(acme)
    worked(replay_id, most=1)
    parts: list[int] = []

    def dies(ids: Sequence[int]) -> list[Told]:
        parts.append(len(ids))
        raise KeyboardInterrupt

    for _ in range(2):
        due()
        with pytest.raises(KeyboardInterrupt):
            work_replays(dies)
    assert work_replays(rehearse) == 0, "nobody else has it in hand for now"
    assert parts == [work.REHEARSED_AT_ONCE, 1], "then one by one"
    assert "did not come back" in replay_of(replay_id).because
    shown = worked(replay_id)
    assert (shown.phase, shown.rehearsed, shown.because, shown.failures) == ("rehearsed", MANY, "", 0)


def test_what_kills_five_workers_stops_until_somebody_has_looked(acme: str) -> None:
    replay_id = asked(acme)
    sql.run("update inbox_replay set failures = 5")
    due()
    work_replays(rehearse)
    shown = replay_of(replay_id)
    assert (shown.is_stopped, shown.is_moving, shown.messages) == (True, False, 0)
    assert "did not come back" in shown.because
    steer(replay_id, GO_ON)
    assert worked(replay_id).phase == "rehearsed"


def test_a_connection_has_one_at_a_time_and_an_ended_one_makes_room(acme: str) -> None:
    first = asked(acme)
    with pytest.raises(ReplayUnderWay):
        asked(acme)
    steer(first, END)
    second = asked(acme)
    assert [one.id for one in replays().items] == [str(second), str(first)]
    assert replays(connection="other").items == []
    with pytest.raises(WrongStep):
        steer(second, EVERY)


def test_a_window_without_messages_is_no_replay(acme: str) -> None:
    at, by = AT + 3 * HOUR, "user:1"
    for window in (
        {"since": AT + HOUR, "until": AT + 2 * HOUR},
        {"since": AT, "until": AT},
        {"since": AT, "until": AT + HOUR, "states": ["received"]},
        {"since": AT, "until": AT + HOUR, "states": []},
        {"since": AT, "until": AT + HOUR, "topic": "products/update"},
    ):
        with pytest.raises(Invalid):
            ask_replay(acme, at=at, by=by, **window)  # type: ignore[arg-type]
    assert replays().items == []


def test_a_part_that_fails_is_tried_again_and_stops_after_five(acme: str) -> None:
    replay_id = asked(acme)
    worked(replay_id, most=1)

    def broken(ids: Sequence[int]) -> list[Told]:
        raise RuntimeError("no room")

    for tries in range(1, 6):
        due()
        work_replays(broken)
        shown = replay_of(replay_id)
        assert (shown.failures, shown.because) == (tries, "RuntimeError: no room")
    assert shown.is_stopped
    steer(replay_id, GO_ON)
    assert worked(replay_id).phase == "rehearsed"


def test_that_somebody_else_was_faster_is_no_failure(acme: str) -> None:
    replay_id = asked(acme)
    worked(replay_id, most=1)

    def raced(ids: Sequence[int]) -> list[Told]:
        raise OperationalError from DeadlockDetected()

    for _ in range(6):
        due()
        work_replays(raced)
    shown = replay_of(replay_id)
    assert (shown.failures, shown.is_stopped, shown.because) == (0, False, "")
    assert worked(replay_id).phase == "rehearsed"


@given(st.lists(st.sampled_from(ReplayWord), max_size=6), st.sampled_from(ReplayPhase))
def test_a_word_leads_where_the_table_says_and_the_same_word_again_leads_nowhere_else(
    words: list[ReplayWord], phase: ReplayPhase
) -> None:
    course = Course(phase, reads="all" if phase in (ReplayPhase.READING, ReplayPhase.DONE) else "")
    for word in words:
        try:
            after = steered(course, word)
        except WrongStep:
            assert (course.phase, word) not in REPLAY.table
            continue
        assert steered(after, word) == after
        assert not after.is_stopped or word is STOP or after == course  # the word was heard before it
        course = after
