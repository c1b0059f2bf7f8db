"""./qm up as a person starts it: real database, real web process, real worker; then it is mistreated.

Where a test run has a migrated database, one begins with a copy of it; with QM_CHAOS=full from nothing."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quartermaster.commands.running import throwaway
from quartermaster.core.embedded import Server, folder_for, liveness

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(240)]
SOURCE = Path(__file__).resolve().parents[2] / "src"


class Up:
    """A running `up`, with a home of its own."""

    def __init__(
        self, home: Path, *words: str, furnished: bool = True, before: Callable[["Up"], None] | None = None
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QM_", "DJANGO_"))}
        self.home = home
        self.environment = kept | {"QM_HOME": str(home), "PYTHONPATH": str(SOURCE)}
        self.database = Server(folder_for(home))
        if furnished:
            throwaway.furnish(self.database)
        self.log = (home / "log").open("w+")
        self.words = words
        if before:
            before(self)
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "quartermaster", "up", "--port", str(self.port), *self.words],
            env=self.environment, stdout=self.log, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def said(self) -> str:
        self.log.flush()
        return (self.home / "log").read_text()

    def until(self, condition, within_s: float = 90) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def pids(self, command: str) -> list[int]:
        """Our children that run this command."""
        listed = subprocess.run(
            ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
        wanted = f"quartermaster {command}"
        return [int(pid) for pid, parent, args in rows if int(parent) == self.process.pid and wanted in args]

    def is_clear(self) -> bool:
        return not self.answers() and not self.database.is_running()


@contextlib.contextmanager
def running(*words: str, furnished: bool = True, before: Callable[[Up], None] | None = None) -> Iterator[Up]:
    """Begun, not yet ready. Furnished: its database need not be migrated first, where one is to be had.
    `before` is called just before it begins."""
    home = Path(tempfile.mkdtemp(prefix="quartermaster-up-"))
    home.chmod(0o755)
    running = Up(home, *words, furnished=furnished, before=before)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(40)
    running.database.stop()
    running.log.close()
    shutil.rmtree(home)


@pytest.fixture
def new() -> Iterator[Up]:
    with running(furnished=os.environ.get("QM_CHAOS") != "full") as up:
        yield up


@pytest.fixture
def up() -> Iterator[Up]:
    with running() as up:
        yield up


def test_up_serves_survives_kills_and_stops_everything(new: Up):
    new.until(lambda: "is ready" in new.said())
    assert new.answers()
    assert re.search(rf"http://127\.0\.0\.1:{new.port}/\S{{20,}}", new.said())

    worker, web = new.pids("worker")[0], new.pids("serve")[0]
    os.kill(worker, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)
    postmaster = liveness.postmaster_pid(new.database.data)
    assert postmaster
    os.kill(postmaster, signal.SIGKILL)
    new.until(lambda: new.pids("worker") not in ([], [worker]) and new.pids("serve") not in ([], [web]))
    new.until(new.answers)
    assert liveness.postmaster_pid(new.database.data) != postmaster

    began = time.monotonic()
    new.process.send_signal(signal.SIGTERM)
    assert new.process.wait(40) == 0, new.said()
    assert time.monotonic() - began < 30
    assert new.is_clear()


def test_nothing_outlives_a_killed_up_but_the_database_which_the_next_one_takes_over(up: Up):
    up.until(lambda: "is ready" in up.said())
    children = up.pids("worker") + up.pids("serve")
    up.process.kill()
    up.process.wait()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not up.answers()
    assert up.database.is_running()

    up.process = up.start()
    up.until(lambda: up.said().count("is ready") == 2)
    up.process.terminate()

    assert up.process.wait(40) == 0, up.said()
    assert up.is_clear()
