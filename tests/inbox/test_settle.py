"""The queue of messages: how much is taken at once, and what a failure leaves behind."""

import sys

import pytest

from quartermaster.core import sql
from quartermaster.inbox.actions import Messages, Outcome, Taken
from quartermaster.testing.builders import a_connection


def a_message(size: int, state: str = "received") -> int:
    query = """
        insert into inbox_message
          (connection_id, delivery_id, topic, sha256, headers, body, received_at, state, because)
        values (%s, gen_random_uuid()::text, 't', sha256(%s), '{}', %s, now(), %s, 'x') returning id"""
    body = b"x" * size
    return int(sql.run(query, (a_connection(), body, body, state))[0][0])


@pytest.fixture
def queue(db: None, monkeypatch: pytest.MonkeyPatch) -> Messages:
    monkeypatch.setattr(sys.modules[Messages.__module__], "BATCH_BYTES", 1000)

    def read(messages: list[Taken]) -> list[Outcome]:
        return [Outcome(message.id, "used", "read") for message in messages]

    return Messages(read)


def test_a_batch_of_large_messages_is_smaller(queue: Messages) -> None:
    ids = [a_message(400) for _ in range(5)]
    assert [item.id for item in queue.claim(250)] == ids[:3]
    assert [len(item.content.body) for item in queue.claim(2)] == [400, 400]


def test_one_message_is_always_taken_however_large(queue: Messages) -> None:
    ids = [a_message(5000), a_message(10)]
    assert [item.id for item in queue.claim(250)] == ids[:1]
    queue.work(queue.claim(250))
    assert [item.id for item in queue.claim(250)] == ids[1:]


def test_only_those_that_are_asked_for_are_taken(queue: Messages) -> None:
    ids = [a_message(10) for _ in range(4)]
    assert [item.id for item in queue.claim(250, ids[1:3])] == ids[1:3]
    assert queue.pending() == 4


def test_a_failure_that_is_told_late_does_not_undo_what_somebody_else_did(queue: Messages) -> None:
    message_id = a_message(10, state="used")
    for _ in range(5):
        queue.park(message_id, "ValueError: too late")
    assert sql.run("select state, attempts, because from inbox_message") == [("used", 0, "x")]


def test_five_failures_are_stuck_with_the_last_reason(queue: Messages) -> None:
    message_id = a_message(10)
    for n in range(5):
        assert queue.stuck() == 0
        queue.park(message_id, f"ValueError: {n}")
    assert sql.run("select state, because from inbox_message") == [("stuck", "ValueError: 4")]
    assert (queue.stuck(), queue.pending()) == (1, 0)
