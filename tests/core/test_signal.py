"""The signal's own connection."""

import time

import psycopg
import pytest

from quartermaster.core.river import signal


def test_a_signal_that_the_database_refuses_leaves_no_open_connection(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[psycopg.Connection] = []
    connect = signal.dedicated
    monkeypatch.setattr(signal, "CHANNEL", "two words")
    monkeypatch.setattr(signal, "dedicated", lambda purpose: opened.append(connect(purpose)) or opened[-1])
    signal.hang_up()

    signal.wake()

    deadline = time.monotonic() + 60
    while not (opened and opened[0].closed) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert opened[0].closed
