"""A company on the test's own database, served by real processes: a web process, workers, real sockets."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from quartermaster.core import doctor, sql
from quartermaster.core.river import worker
from quartermaster.inbox.actions import connect
from quartermaster.testing.builders import a_token
from quartermaster.testing.shop import INVENTED_SECRET, Webhook

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
_LISTENING = (
    "select count(*) from pg_stat_activity "
    "where application_name = 'quartermaster ear' and datname = current_database()"
)
_DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"
_BAD_LINES = re.compile(r"Traceback|\bERROR\b|deadlock|panicked", re.IGNORECASE)


class Answer(NamedTuple):
    """What the web process said; status 0 when it said nothing."""

    status: int
    body: bytes
    seconds: float

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Caller:
    """Calls a web process on this machine, each time over a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request. Status 0 when there was no answer."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        try:
            caller.request(method, path, body, dict(headers or {}))
            answer = caller.getresponse()
            return Answer(answer.status, answer.read(), time.monotonic() - began)
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, repr(error).encode(), time.monotonic() - began)
        finally:
            caller.close()


class Stand(Caller):
    """What a chaos test needs: `start` processes, `post` webhooks, call the `api`, wait until `quiet`."""

    def __init__(self) -> None:
        super().__init__(free_port())
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.log = tempfile.NamedTemporaryFile(prefix="quartermaster-chaos-", suffix=".log")  # noqa: SIM115
        self.token = a_token("admin")
        self.deadlocks = self._deadlocks()

    def channel(self, slug: str, kind: str = "shopify") -> None:
        """A connection whose secret is the invented one."""
        place = {"shopify": "shop", "woocommerce": "url"}[kind]
        wanted = {"webhook_secret": INVENTED_SECRET, place: "https://invented.example"}
        connect(kind, slug, wanted, at=AT, by="test")

    def start(self, *, workers: int = 1) -> None:
        self.spawn("web", "serve", "--port", str(self.port))
        for n in range(workers):
            self.spawn(f"worker {n + 1}", "worker")
        until(lambda: self.call("GET", "/readyz").status == 200, "the web process to be ready")
        until(lambda: sql.run(_LISTENING) == [(workers,)], "the workers to listen")

    def spawn(self, name: str, *command: str) -> None:
        """One process of ours, on this database, with the tests' secret key."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QM_", "DJANGO_"))}
        environment = {
            "QM_HOME": os.environ.get("QM_HOME", tempfile.gettempdir()),
            "QM_DATABASE_URL": database_url(),
            "QM_SECRET_KEY": settings.SECRET_KEY,
        }
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-P", "-m", "quartermaster", *command],
            env={**kept, **environment, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def post(self, slug: str, webhook: Webhook) -> Answer:
        return self.call("POST", f"/in/{slug}", webhook.body, webhook.headers)

    def api(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        sent = b"" if body is None else msgspec.json.encode(body)
        told = {"authorization": f"Bearer {self.token}", "content-type": "application/json", **headers}
        return self.call(method, path, sent, told)

    def quiet(self, within_s: float = 60) -> None:
        """Until nothing is pending; nothing may be stuck then."""
        until(lambda: not worker.pending(), "a quiet river", within_s=within_s)
        assert worker.stuck() == {}

    def examine(self) -> None:
        """The whole doctor."""
        broken = [finding for finding in doctor.examine() if finding.rows]
        assert not broken, broken

    def stop(self) -> None:
        """End what was started. Statistics of the database are complete afterwards."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def new_deadlocks(self) -> int:
        """Deadlocks since the stand was set up. Stop the processes first: they tell theirs at the end."""
        assert not self.processes
        return self._deadlocks() - self.deadlocks

    def complaints(self) -> list[str]:
        """Lines in which a process told of an error."""
        text = Path(self.log.name).read_text(errors="replace")
        return [line for line in text.splitlines() if _BAD_LINES.search(line)]

    def close(self) -> None:
        self.stop()
        self.log.close()

    def _deadlocks(self) -> int:
        sql.run("select pg_stat_clear_snapshot()")
        return int(sql.run(_DEADLOCKS)[0][0])


def database_url() -> str:
    """The test's database, for other processes."""
    wanted = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params()
    return make_conninfo("", **{name: given[name] for name in wanted if given.get(name)})


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(condition: Callable[[], bool], what: str, *, within_s: float = 60) -> float:
    """Wait for it; returns how many seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within_s, f"waited {within_s:.0f} s for {what}"
        time.sleep(0.05)
    return time.monotonic() - began


@contextlib.contextmanager
def standing() -> Iterator[Stand]:
    stand = Stand()
    try:
        yield stand
    finally:
        stand.close()
