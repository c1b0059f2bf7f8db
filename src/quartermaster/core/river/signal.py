"""Waking workers: one coalesced NOTIFY outside every transaction, for
NOTIFY inside one takes a global commit lock."""

import threading
import time

import psycopg
from django.db import connections

CHANNEL = "quartermaster_river"
INTERVAL_S = 0.02  # at most fifty signals a second from a process, however many facts it records

_wanted = threading.Event()
_thread: threading.Thread | None = None
_connection: psycopg.Connection | None = None
_guard = threading.Lock()


def wake() -> None:
    """Tell workers that something is due. Call after commit; returns at
    once. A lost signal is made good by the sweep."""
    global _thread
    _wanted.set()
    if _thread is None or not _thread.is_alive():
        with _guard:
            if _thread is None or not _thread.is_alive():
                _thread = threading.Thread(target=_notify, name="river-signal", daemon=True)
                _thread.start()


def _notify() -> None:
    global _connection
    while _wanted.wait():
        _wanted.clear()
        with _guard:
            try:
                _connection = _connection or dedicated("signal")
                _connection.execute(f"notify {CHANNEL}")
            except psycopg.Error:  # the database is away: the sweep finds what is due when it is back
                _let_go()
        time.sleep(INTERVAL_S)


def hang_up() -> None:
    """Let go of the connection; the next signal opens another."""
    with _guard:
        _let_go()


def _let_go() -> None:
    """With the guard held. Closed by name: it may be whole, and only its statement refused."""
    global _connection
    if _connection is not None:
        _connection.close()
        _connection = None


def dedicated(purpose: str) -> psycopg.Connection:
    """An autocommit connection of its own, outside Django's pool, to the same database."""
    settings = connections["default"].get_connection_params()
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    wanted = {name: value for name, value in settings.items() if name in known}  # the others are Django's own
    name = f"quartermaster {purpose}"
    return psycopg.connect(**{"connect_timeout": 10, **wanted, "application_name": name}, autocommit=True)


class Ear:
    """Hears the signal. `wait` returns at once when one came since the
    last call, else after `timeout_s` at the latest."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection | None = None

    def wait(self, timeout_s: float) -> None:
        try:
            if self._connection is None:
                self._connection = dedicated("ear")
                self._connection.execute(f"listen {CHANNEL}")
                return  # something may have come before we listened: look first
            for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
                pass
        except psycopg.Error:
            self.close()
            time.sleep(timeout_s)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
